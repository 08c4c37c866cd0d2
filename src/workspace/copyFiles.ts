import type { FtpSession } from '../ftp';
import { copyTree } from './copyTree';
import { deleteTree } from './deleteTree';
import { checkTarget } from './renameFile';
import { pathError } from './refusal';
import type { ServerFiles } from './serverFiles';

/** A path among the files of a server. */
export interface FilePlace {
  readonly files: ServerFiles;
  readonly path: string;
}

/** Copies a file or a tree, within a server or from one to another. */
export async function copyFiles(from: FilePlace, to: FilePlace, overwrite: boolean): Promise<void> {
  const entry = await from.files.require(from.path);
  const sameServer = from.files === to.files;
  if (sameServer && from.path === to.path) {
    if (overwrite) return;
    throw pathError('exists', to.path);
  }
  const target = await checkTarget(to.files, sameServer ? from.path : undefined, to.path, overwrite);
  const session = await from.files.session();
  const copy = async (toSession: FtpSession) => {
    // A file is replaced by what is written over it.
    const inTheWay = target && (target.type === 'directory' || entry.type === 'directory');
    if (inTheWay) await deleteTree(toSession, to.path, target.type);
    await copyTree({ session, path: from.path }, { session: toSession, path: to.path }, entry);
  };
  // Sizes and names of a whole tree: the listings will tell.
  await to.files.change([to.path], copy, () => to.files.cache.forget(to.path));
  to.files.changed({ kind: target ? 'changed' : 'created', path: to.path });
}

/** FTP renames within a server only: a copy, and once it is whole, the source goes. */
export async function moveFiles(from: FilePlace, to: FilePlace, overwrite: boolean): Promise<void> {
  await copyFiles(from, to, overwrite);
  await from.files.delete(from.path, true);
}
