import { isRefusal, pathError } from './refusal';
import { revalidateAfter } from './directoryCache';
import { isDirectory } from './remoteEntry';
import type { ServerFiles } from './serverFiles';

export interface WriteFlags {
  readonly create: boolean;
  readonly overwrite: boolean;
}

/** Replaces or makes a file, exactly as the flags allow. */
export async function writeFile(
  files: ServerFiles,
  path: string,
  bytes: Uint8Array,
  flags: WriteFlags,
): Promise<void> {
  await checkFlags(files, path, flags);
  const kind = files.cache.peek(path) ? 'changed' : 'created';
  try {
    await files.change(
      [path],
      (session) => session.write(path, bytes),
      () => files.cache.wrote(path, bytes.length),
    );
  } catch (error) {
    throw await explain(files, path, error);
  }
  files.changed({ kind, path });
}

async function checkFlags(files: ServerFiles, path: string, flags: WriteFlags): Promise<void> {
  // A save comes with both flags: whatever is there, the server need not be asked for it first.
  const saves = flags.create && flags.overwrite;
  const entry = saves ? files.cache.peek(path) : await files.cache.find(path, revalidateAfter);
  if (entry && isDirectory(entry)) throw pathError('is-a-directory', path);
  if (entry && flags.create && !flags.overwrite) throw pathError('exists', path);
  if (!entry && !flags.create) throw pathError('not-found', path);
  if (!entry && !saves) await files.requireParent(path);
}

/** Servers answer 550 or 553 to STOR for a directory in the way and for a missing parent: look which. */
async function explain(files: ServerFiles, path: string, error: unknown): Promise<unknown> {
  if (!isRefusal(error)) return error;
  try {
    const entry = await files.cache.find(path);
    if (entry) return isDirectory(entry) ? pathError('is-a-directory', path) : error;
    await files.requireParent(path);
    return error;
  } catch (found) {
    return isRefusal(found) ? found : error;
  }
}
