import { FtpError, type Entry, type FtpSession } from '../ftp';
import { pathError } from './refusal';
import { isDirectory } from './remoteEntry';
import { joinPath } from './remotePath';

/** A path on a server. */
export interface Place {
  readonly session: FtpSession;
  readonly path: string;
}

// Links that lead into one another: as many as Unix follows in one path before it answers ELOOP, and few
// enough for a directory with two links to itself.
const linksFollowedMax = 8;

/**
 * Copies a file, or a directory with all that is in it, to a path that is free or holds a file to be
 * replaced. FTP cannot make links: what they lead to is copied; links that lead nowhere are left out. The
 * tree is read whole before anything is written, so that an error on the way leaves nothing behind.
 */
export async function copyTree(from: Place, to: Place, entry: Entry): Promise<void> {
  const steps: Step[] = [];
  await plan(from.session, from.path, '', entry, isLink(entry) ? 1 : 0, steps);
  if (steps.length === 0) throw pathError('not-found', from.path);
  for (const { kind, below } of steps) {
    if (kind === 'directory') await to.session.makeDirectory(to.path + below);
    else await from.session.copyTo(from.path + below, to.session, to.path + below);
  }
}

interface Step {
  readonly kind: 'file' | 'directory';
  /** What is added to either path: empty, or beginning with `/`. */
  readonly below: string;
}

async function plan(
  session: FtpSession,
  top: string,
  below: string,
  entry: Entry,
  linksFollowed: number,
  steps: Step[],
): Promise<void> {
  if (linksFollowed > linksFollowedMax) throw linkedInCircles(top + below);
  const target = isLink(entry) && !entry.targetType ? await follow(session, top + below) : entry;
  if (!target) return;
  if (!isDirectory(target)) {
    steps.push({ kind: 'file', below });
    return;
  }
  steps.push({ kind: 'directory', below });
  for (const child of await session.list(top + below)) {
    const links = linksFollowed + (isLink(child) ? 1 : 0);
    await plan(session, top, below + joinPath('/', child.name), child, links, steps);
  }
}

function isLink(entry: Entry): boolean {
  return entry.type === 'symlink';
}

async function follow(session: FtpSession, path: string): Promise<Entry | undefined> {
  try {
    const entry = await session.stat(path);
    return isLink(entry) && !entry.targetType ? undefined : entry;
  } catch (error) {
    if (FtpError.is(error, 'not-found')) return undefined;
    throw error;
  }
}

function linkedInCircles(path: string): FtpError {
  return new FtpError('no-permission', 'links lead in circles', { facts: { path } });
}
