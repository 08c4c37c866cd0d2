import { DayStarts } from './dayStarts';
import type { Entry, EntryType, ModifiedTime } from './entry';
import { mostDigits, PlainReader, type AsciiBlock } from './plainLines';
import { SharedTimes } from './sharedTimes';

/** Facts that an entry shows, and one that it does not. */
type Meaning = 'type' | 'size' | 'modify' | 'mode' | 'owner' | 'group' | 'perm' | 'nothing';

// type=file;size=531;modify=20240129032611;UNIX.mode=0644; name
/** Facts with plain values, of files and directories. A server writes the same ones in the same order on each line. */
export class PlainMlsdReader extends PlainReader {
  private readonly days = new DayStarts();
  private readonly times = new SharedTimes();
  /** The facts of the last line, in their order. */
  private readonly layout: { readonly label: string; readonly meaning: Meaning }[] = [];
  private type: EntryType | undefined;
  private size: number | undefined;
  private modified: ModifiedTime | undefined;
  private mode: number | undefined;
  private owner: string | undefined;
  private group: string | undefined;
  private permissions: string | undefined;
  private last = { type: '', owner: '', group: '', perm: '', permissions: '' };

  read(block: AsciiBlock, start: number): Entry | undefined {
    const { bytes } = block;
    this.forget();
    let at = start;
    for (let index = 0; bytes[at] !== blank; index++) {
      const fact = this.factAt(block, at, index);
      if (!fact) return undefined;
      const from = at + fact.label.length;
      const end = endOfValue(bytes, from);
      if (end <= from || !this.take(fact.meaning, block, from, end)) return undefined;
      at = end + 1;
    }
    const end = at === start || !this.type ? -1 : this.endOfName(bytes, at + 1);
    if (end < 0) return undefined;
    this.end = end;
    return this.entry(this.name(block, at + 1, end), this.type ?? 'file');
  }

  private forget(): void {
    this.type = undefined;
    this.size = undefined;
    this.modified = undefined;
    this.mode = undefined;
    this.owner = undefined;
    this.group = undefined;
    this.permissions = undefined;
  }

  private entry(name: string, type: EntryType): Entry {
    const { size, modified, mode, owner, group, permissions } = this;
    const entry: { -readonly [Key in keyof Entry]: Entry[Key] } = { name, type };
    if (size !== undefined) entry.size = size;
    if (modified) entry.modified = modified;
    if (mode !== undefined) entry.mode = mode;
    if (owner !== undefined) entry.owner = owner;
    if (group !== undefined) entry.group = group;
    if (permissions !== undefined) entry.permissions = permissions;
    return entry;
  }

  private factAt(
    { bytes, text }: AsciiBlock,
    at: number,
    index: number,
  ): PlainMlsdReader['layout'][0] | undefined {
    const known = this.layout[index];
    if (known && this.isAt(bytes, at, known.label)) return known;
    const end = endOfKey(bytes, at);
    const meaning = end < 0 ? undefined : meanings.get(text.slice(at, end).toLowerCase());
    if (!meaning) return undefined;
    const fact = { label: text.slice(at, end + 1), meaning };
    this.layout[index] = fact;
    return fact;
  }

  /** False for a value that is not plain, or told twice. */
  private take(meaning: Meaning, block: AsciiBlock, start: number, end: number): boolean {
    const { bytes } = block;
    switch (meaning) {
      case 'type':
        return this.takeType(block, start, end);
      case 'size':
        return this.takeSize(bytes, start, end);
      case 'modify':
        return this.takeModified(bytes, start, end);
      case 'mode':
        return this.takeMode(bytes, start, end);
      case 'owner':
        if (this.owner !== undefined) return false;
        this.owner = this.last.owner = this.sliceOrLast(block, start, end, this.last.owner);
        return true;
      case 'group':
        if (this.group !== undefined) return false;
        this.group = this.last.group = this.sliceOrLast(block, start, end, this.last.group);
        return true;
      case 'perm':
        return this.takePermissions(block, start, end);
      case 'nothing':
        return true;
    }
  }

  private takeType(block: AsciiBlock, start: number, end: number): boolean {
    this.last.type = this.sliceOrLast(block, start, end, this.last.type);
    const type = types.get(this.last.type);
    const again = this.type !== undefined;
    this.type = type;
    return type !== undefined && !again;
  }

  private takeSize(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.size !== undefined || end - start > mostDigits || this.endOfDigits(bytes, start) !== end) {
      return false;
    }
    this.size = this.digits(bytes, start, end);
    return true;
  }

  private takeModified(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.modified || end - start !== 'YYYYMMDDHHMMSS'.length || this.endOfDigits(bytes, start) !== end) {
      return false;
    }
    const year = this.digits(bytes, start, start + 4);
    const month = this.digits(bytes, start + 4, start + 6);
    const day = this.days.of(year, month, this.digits(bytes, start + 6, start + 8));
    const hour = this.digits(bytes, start + 8, start + 10);
    const minute = this.digits(bytes, start + 10, start + 12);
    const second = this.digits(bytes, start + 12, end);
    if (Number.isNaN(day) || hour > 23 || minute > 59 || second > 60) return false;
    this.modified = this.times.of(day + ((hour * 60 + minute) * 60 + second) * 1000, 'second');
    return true;
  }

  private takeMode(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.mode !== undefined || end - start > mostDigits) return false;
    let mode = 0;
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 7) return false;
      mode = mode * 8 + digit;
    }
    this.mode = mode % 0o10000;
    return true;
  }

  private takePermissions(block: AsciiBlock, start: number, end: number): boolean {
    const { last } = this;
    if (this.permissions !== undefined) return false;
    const perm = this.sliceOrLast(block, start, end, last.perm);
    if (perm !== last.perm) {
      last.perm = perm;
      last.permissions = perm.toLowerCase();
    }
    this.permissions = last.permissions;
    return true;
  }
}

/** `unique` and the like are not shown. Owner and group have several names, of which the format knows the order. */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['type', 'type'],
  ['size', 'size'],
  ['sizd', 'size'],
  ['modify', 'modify'],
  ['perm', 'perm'],
  ['unix.mode', 'mode'],
  ['unix.ownername', 'owner'],
  ['unix.owner', 'owner'],
  ['unix.uid', 'owner'],
  ['unix.groupname', 'group'],
  ['unix.group', 'group'],
  ['unix.gid', 'group'],
  ['unique', 'nothing'],
  ['create', 'nothing'],
  ['lang', 'nothing'],
  ['media-type', 'nothing'],
  ['charset', 'nothing'],
]);

const types: ReadonlyMap<string, EntryType> = new Map<string, EntryType>([
  ['file', 'file'],
  ['dir', 'directory'],
]);

/** The place of the `=`; -1 where there is none before the fact ends. */
function endOfKey(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== equals) if ((bytes[at++] ?? 0) <= blank) return -1;
  return at;
}

/** The place of the `;`; -1 where a blank or the line's end comes first. */
function endOfValue(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== semicolon) if ((bytes[at++] ?? 0) <= blank) return -1;
  return at;
}

const blank = 0x20;
const zero = 0x30;
const semicolon = 0x3b;
const equals = 0x3d;
