import { parseFactLine, parseTimeValue } from '../protocol/facts';
import { isEntryName } from '../protocol/pathname';
import type { Entry } from './entry';
import type { LineFormat, ListingContext, ParsedLine } from './lineFormat';

/** Machine-readable listings (RFC 3659 §7): the only format that needs no guess, and the one that MLSD asks for. */
export const mlsdFormat: LineFormat = { name: 'mlsd', parseLine: parseMlsdLine };

/**
 * One line of an MLSD listing. The folder and its parent are known by their names, not by their types: some servers
 * type `.` as `dir`, and ProFTPD has typed the working directory `cdir` in other listings, too (its bug 4198).
 */
export function parseMlsdLine(line: Uint8Array, context: ListingContext): ParsedLine {
  const entry = parseMlstLine(line, context);
  return entry && !isEntryName(entry.name) ? 'skip' : entry;
}

/**
 * The line of facts in a reply to MLST (RFC 3659 §7.2). As the server may name the file by its whole path, `name` is
 * what it wrote, unchecked: fit to be shown, not to be opened.
 */
export function parseMlstLine(line: Uint8Array, context: ListingContext): Entry | undefined {
  // type=file;size=531;modify=20240129032611;UNIX.mode=0644; name
  const parsed = parseFactLine(line);
  if (!parsed) return undefined;
  const { facts, name: rawName } = parsed;
  return { name: context.decode(rawName), ...kindIn(facts), ...detailsIn(facts) };
}

type Facts = ReadonlyMap<string, string>;
type Details = { -readonly [Key in 'modified' | 'mode' | 'owner' | 'group' | 'permissions']?: Entry[Key] };

function kindIn(facts: Facts): Pick<Entry, 'type' | 'size' | 'target'> {
  const type = facts.get('type') ?? '';
  const link = linkIn(type);
  // A link's size would be that of its target's path, not of the file that a RETR would bring.
  if (link) return link;
  // `sizd` is Pure-FTPd's for directories.
  const size = numberOf(facts.get('size') ?? facts.get('sizd'), 10);
  return { type: types.get(type.toLowerCase()) ?? 'unknown', ...(size !== undefined && { size }) };
}

const types: ReadonlyMap<string, Entry['type']> = new Map([
  ['file', 'file'],
  ['dir', 'directory'],
  ['cdir', 'directory'],
  ['pdir', 'directory'],
]);

/** `OS.unix=slink:target`, `OS.unix=slink`, `OS.unix=symlink`: RFC 3659 §7.5.1 left the form to the servers. */
function linkIn(type: string): Pick<Entry, 'type' | 'target'> | undefined {
  const colon = type.indexOf(':');
  const kind = (colon < 0 ? type : type.slice(0, colon)).toLowerCase();
  if (kind !== 'os.unix=slink' && kind !== 'os.unix=symlink') return undefined;
  const target = colon < 0 ? '' : type.slice(colon + 1);
  return { type: 'symlink', ...(target && { target }) };
}

function detailsIn(facts: Facts): Details {
  const details: Details = {};
  const modified = parseTimeValue(facts.get('modify') ?? '');
  const mode = numberOf(facts.get('unix.mode'), 8);
  const owner = facts.get('unix.ownername') ?? facts.get('unix.owner') ?? facts.get('unix.uid');
  const group = facts.get('unix.groupname') ?? facts.get('unix.group') ?? facts.get('unix.gid');
  const permissions = facts.get('perm')?.toLowerCase();
  if (modified) details.modified = modified;
  // Some servers write the whole st_mode, with the file's type in the upper bits.
  if (mode !== undefined) details.mode = mode % 0o10000;
  if (owner !== undefined) details.owner = owner;
  if (group !== undefined) details.group = group;
  if (permissions !== undefined) details.permissions = permissions;
  return details;
}

/** Undefined for what is no number of that base, or beyond 2^53. */
function numberOf(digits: string | undefined, base: 8 | 10): number | undefined {
  if (!digits) return undefined;
  let value = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 0x30;
    if (digit < 0 || digit >= base) return undefined;
    value = value * base + digit;
  }
  return Number.isSafeInteger(value) ? value : undefined;
}
