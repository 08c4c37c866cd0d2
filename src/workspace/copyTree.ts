import type { FtpSession } from '../ftp';
import { branchesOf, pathBelow, type Branch } from './copyPlan';
import { removeLink } from './deleteTree';
import type { Place } from './place';

/** 'direct' and 'auto': the two servers exchange the files, or try to; 'relay': through this computer. */
export type CopyRoute = 'auto' | 'direct' | 'relay';

/** How far a copy has come. */
export interface CopyProgress {
  readonly files: number;
  readonly filesTotal: number;
  readonly bytes: number;
  /** Undefined where a server does not tell sizes. */
  readonly bytesTotal: number | undefined;
}

export interface TreeCopyOptions {
  readonly route: CopyRoute;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** Copies what was planned to a path that is free, or holds a file to be replaced. Files go one after the other. */
export async function copyTree(
  from: Place,
  to: Place,
  tree: Branch,
  { route, signal, onProgress }: TreeCopyOptions,
): Promise<void> {
  const branches = branchesOf(tree);
  const files = branches.filter(({ kind }) => kind === 'file');
  let progress: CopyProgress = { files: 0, filesTotal: files.length, bytes: 0, bytesTotal: sizeOf(files) };
  const stop = signal ? { signal } : {};
  onProgress?.(progress);
  for (const { kind, below, size = 0 } of branches) {
    const target = pathBelow(to.path, below);
    if (kind === 'directory') await to.session.makeDirectory(target, stop);
    if (kind !== 'file') continue;
    const { bytes } = progress;
    const moved = (some: number): void => onProgress?.({ ...progress, bytes: bytes + some });
    const options = { route, onProgress: moved, ...stop };
    await from.session.copyTo(pathBelow(from.path, below), to.session, target, options);
    progress = { ...progress, files: progress.files + 1, bytes: bytes + size };
    onProgress?.(progress);
  }
}

/**
 * Removes what was copied, bottom-up, and never what lies behind a link. What was put there meanwhile stays, and
 * with it the directories above: the server refuses to remove them.
 */
export async function removeCopied(session: FtpSession, top: string, branch: Branch): Promise<void> {
  const path = pathBelow(top, branch.below);
  if (branch.kind !== 'directory' || branch.linked) return session.remove(path);
  if (await removeLink(session, path)) return;
  for (const child of branch.children) await removeCopied(session, top, child);
  await session.removeDirectory(path);
}

function sizeOf(files: readonly Branch[]): number | undefined {
  const sizes = files.map(({ size }) => size);
  return sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
}
