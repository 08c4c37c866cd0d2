import type { Entry } from '../../../src/ftp/listing/entry';
import type { ListingContext } from '../../../src/ftp/listing/lineFormat';

/** Sunday, 10 March 2024, noon: after a 29 February, before most months. */
export const now = Date.UTC(2024, 2, 10, 12);

export const context: ListingContext = { now, decode: (bytes) => new TextDecoder().decode(bytes) };

/** An entry in one line: `file 644 531 root:other 2024-01-29T03:26:00Z minute [name] -> [target] directory`. */
export function summary(entry: Entry): string {
  const { type, mode, size, owner, group, modified, name, target, targetType, permissions } = entry;
  return [
    type,
    mode?.toString(8) ?? '-',
    size ?? '-',
    owner === undefined ? '-' : owner + (group === undefined ? '' : `:${group}`),
    modified ? `${new Date(modified.time).toISOString().replace('.000Z', 'Z')} ${modified.precision}` : '-',
    ...(permissions === undefined ? [] : [`perm=${permissions}`]),
    `[${name}]`,
    ...(target === undefined ? [] : [`-> [${target}]`]),
    ...(targetType === undefined ? [] : [targetType]),
  ].join(' ');
}
