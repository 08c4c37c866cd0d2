import { FtpError, type Entry, type OperationOptions } from '../ftp';
import { pathError } from './refusal';
import { isDirectory } from './remoteEntry';
import { joinPath, rootPath } from './remotePath';
import type { Place } from './place';

/** A file, or a directory with all that is in it, as it was read before anything was written. */
export interface Branch {
  /** `nothing`: a link that leads nowhere. It cannot be copied. */
  readonly kind: 'file' | 'directory' | 'nothing';
  /** What is added to the path at the top: empty, or beginning with `/`. */
  readonly below: string;
  /** A link stands here, and what it leads to is copied. */
  readonly linked: boolean;
  /** Bytes; undefined where the server does not tell. */
  readonly size: number | undefined;
  readonly children: readonly Branch[];
}

// Links that lead into one another: as many as Unix follows in one path before it answers ELOOP, and few
// enough for a directory with two links to itself.
const linksFollowedMax = 8;

/** Reads what is to be copied, whole. Rejects with 'not-found' where there is nothing but a link that leads nowhere. */
export async function planCopy(from: Place, entry: Entry, options: OperationOptions = {}): Promise<Branch> {
  const branch = await planBranch(from, { below: '', entry, linksFollowed: 0 }, options);
  if (branch.kind === 'nothing') throw pathError('not-found', from.path);
  return branch;
}

/** Every branch, a directory before what is in it. */
export function branchesOf(tree: Branch): Branch[] {
  return [tree, ...tree.children.flatMap(branchesOf)];
}

/** `below` is empty, or begins with `/`. */
export function pathBelow(top: string, below: string): string {
  return top === rootPath ? below || rootPath : top + below;
}

interface Found {
  readonly below: string;
  readonly entry: Entry;
  /** On the way to it. */
  readonly linksFollowed: number;
}

async function planBranch(from: Place, found: Found, options: OperationOptions): Promise<Branch> {
  const { below, entry } = found;
  const path = pathBelow(from.path, below);
  const linked = entry.type === 'symlink';
  const linksFollowed = found.linksFollowed + (linked ? 1 : 0);
  if (linksFollowed > linksFollowedMax) throw linkedInCircles(path);
  const target = linked && !entry.targetType ? await follow(from, path, options) : entry;
  const branch = { below, linked, size: linked ? undefined : entry.size, children: [] };
  if (!target) return { ...branch, kind: 'nothing' };
  if (!isDirectory(target)) return { ...branch, kind: 'file' };
  const children: Branch[] = [];
  for (const child of await from.session.list(path, options)) {
    const next = { below: below + joinPath('/', child.name), entry: child, linksFollowed };
    children.push(await planBranch(from, next, options));
  }
  return { ...branch, kind: 'directory', children };
}

async function follow(
  { session }: Place,
  path: string,
  options: OperationOptions,
): Promise<Entry | undefined> {
  try {
    const entry = await session.stat(path, options);
    return entry.type === 'symlink' && !entry.targetType ? undefined : entry;
  } catch (error) {
    if (FtpError.is(error, 'not-found')) return undefined;
    throw error;
  }
}

function linkedInCircles(path: string): FtpError {
  return new FtpError('no-permission', 'links lead in circles', { facts: { path } });
}
