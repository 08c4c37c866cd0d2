import type { Entry } from '../ftp';
import type { Change } from './change';
import { differs } from './remoteEntry';

/** What is known of one name in a directory. */
export interface Known {
  /** The best that was told of it. */
  readonly entry: Entry;
  /** As the last listing told it; absent after a change of our own, which no listing has shown yet. */
  readonly listed?: Entry;
  /** When a question about this one name was answered with `entry`. */
  readonly askedAt?: number;
  /** Somebody had an answer about it before: the next answer must tell whether it changed since. */
  readonly seen: boolean;
}

/** What a new listing tells of a name. */
export function renew(listed: Entry, old: Known | undefined): Known {
  return { entry: listed, listed, seen: old?.seen ?? false };
}

/** What a link led to when the server was asked, if its line in the listing is still the same. */
export function linkKind(link: Entry, old: Known | undefined): 'file' | 'directory' | 'absent' | undefined {
  const before = old?.listed;
  if (before?.type !== 'symlink' || before.target !== link.target || differs(before, link)) return undefined;
  return old?.entry.targetType ?? 'absent';
}

/** A question about a link is answered for what it leads to; that it is a link, only the listing tells. */
export function merge(name: string, old: Entry | undefined, told: Entry | undefined): Entry | undefined {
  if (old?.type !== 'symlink') return told && { ...told, name };
  if (!told) return { ...link(old), name };
  if (told.type === 'symlink') return { ...link(old), ...told, name };
  const target = told.type === 'unknown' ? {} : { targetType: told.type };
  return { ...link(old), ...told, name, type: 'symlink', ...target };
}

function link({ name, type, target }: Entry): Entry {
  return { name, type, ...(target !== undefined && { target }) };
}

/** What the answer to a question about one name shows that others did. */
export function changeOf(path: string, old: Known | undefined, entry: Entry | undefined): Change | undefined {
  if (!old) return entry && { kind: 'created', path };
  if (!entry) return { kind: 'deleted', path };
  // Of a link the listing told the link's own size, and the answer that of its target.
  if (old.entry.type === 'symlink') return undefined;
  return differs(old.entry, entry) ? { kind: 'changed', path } : undefined;
}
