import type { Entry, FtpSession } from '../ftp';
import { isRefusal } from './refusal';
import { joinPath } from './remotePath';

type Remover = Pick<FtpSession, 'list' | 'remove' | 'removeDirectory'>;

/** Removes a file, a link (never what it leads to) or a directory with all that is in it, bottom-up. */
export async function deleteTree(session: Remover, path: string, type: Entry['type']): Promise<void> {
  if (type === 'file' || type === 'symlink') return session.remove(path);
  if (await removeLink(session, path)) return;
  for (const entry of await session.list(path)) {
    await deleteTree(session, joinPath(path, entry.name), entry.type);
  }
  await session.removeDirectory(path);
}

/**
 * Pure-FTPd and pyftpdlib show a link to a directory as a directory in MLSD (RFC 3659 §7.5.1 leaves them
 * the choice). DELE takes a link away and is refused for a directory, so it goes first: what lies behind
 * a link is not ours to delete.
 */
export async function removeLink(session: Pick<FtpSession, 'remove'>, path: string): Promise<boolean> {
  try {
    await session.remove(path);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
