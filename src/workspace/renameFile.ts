import type { Entry, FtpSession } from '../ftp';
import { deleteTree } from './deleteTree';
import { revalidateAfter } from './directoryCache';
import { isRefusal, pathError } from './refusal';
import { isWithin, joinPath, nameOf, parentOf } from './remotePath';
import type { ServerFiles } from './serverFiles';

/** Renames or moves within one server. Onto itself nothing happens. */
export async function renameFile(
  files: ServerFiles,
  from: string,
  to: string,
  overwrite: boolean,
): Promise<void> {
  const source = await files.require(from);
  if (from === to) return;
  const target = await checkTarget(files, from, to, overwrite);
  await files.change(
    [from, to],
    (session) => move(files, session, [from, source], [to, target]),
    () => files.cache.renamed(from, to),
  );
  files.changed({ kind: 'deleted', path: from }, { kind: target ? 'changed' : 'created', path: to });
}

/** What is in the way, if it may be replaced. */
export async function checkTarget(
  files: ServerFiles,
  from: string | undefined,
  to: string,
  overwrite: boolean,
): Promise<Entry | undefined> {
  const target = await files.cache.find(to, revalidateAfter);
  if (target && !overwrite) throw pathError('exists', to);
  // A directory can neither move into itself, nor make room for what is in it.
  if (from !== undefined && (isWithin(to, from) || isWithin(from, to))) throw pathError('no-permission', to);
  if (!target) await files.requireParent(to);
  return target;
}

type Located<T> = readonly [path: string, entry: T];

async function move(
  files: ServerFiles,
  session: FtpSession,
  [from, source]: Located<Entry>,
  [to, target]: Located<Entry | undefined>,
): Promise<void> {
  if (!target) return session.rename(from, to);
  const bothFiles = source.type !== 'directory' && target.type !== 'directory';
  if (bothFiles && (await replaces(session, from, to))) return;
  await swap(session, from, [to, target], freeName(files, to));
}

/** Unix servers replace a file by RNTO in one step; others refuse. */
async function replaces(session: FtpSession, from: string, to: string): Promise<boolean> {
  try {
    await session.rename(from, to);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** The old one is gone only when the new one is in its place. */
async function swap(
  session: FtpSession,
  from: string,
  [to, target]: Located<Entry>,
  aside: string,
): Promise<void> {
  await session.rename(to, aside);
  try {
    await session.rename(from, to);
  } catch (error) {
    await session.rename(aside, to);
    throw error;
  }
  await deleteTree(session, aside, target.type);
}

/** A name next to `path` that its directory's listing does not hold. */
function freeName(files: ServerFiles, path: string): string {
  for (let attempt = 0; ; attempt++) {
    const free = joinPath(parentOf(path), `.${nameOf(path)}.old${attempt === 0 ? '' : attempt}`);
    if (!files.cache.peek(free)) return free;
  }
}
