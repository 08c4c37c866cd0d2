import type { Entry } from '../ftp';

/** A directory, or a link to one. */
export function isDirectory(entry: Entry): boolean {
  return entry.type === 'directory' || entry.targetType === 'directory';
}

/** LIST knows minutes or days, and no conflict is seen within one. */
export function tellsExactly({ type, size, modified }: Entry): boolean {
  const exact = modified?.precision === 'second' || modified?.precision === 'millisecond';
  return type === 'file' && size !== undefined && exact;
}

/** Whether a file was changed, as far as both tell. What changed in a directory, its own listing shows. */
export function differs(a: Entry, b: Entry): boolean {
  if (a.type !== b.type) return true;
  if (a.type === 'directory') return false;
  if (a.size !== undefined && b.size !== undefined && a.size !== b.size) return true;
  // A minute cannot be held against a second.
  return a.modified?.precision === b.modified?.precision && a.modified?.time !== b.modified?.time;
}
