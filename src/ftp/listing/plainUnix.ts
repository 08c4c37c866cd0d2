import { calendarOf } from '../../base/calendar';
import { DayStarts } from './dayStarts';
import type { Entry, ModifiedTime } from './entry';
import { latestOf } from './listingTime';
import { mostDigits, PlainReader, type AsciiBlock } from './plainLines';
import { SharedTimes } from './sharedTimes';
import { unixModeIn, type UnixMode } from './unixMode';

// -rw-r--r--   1 root     other        531 Jan 29 03:26 name
// drwxr-xr-x   2 root     other        512 Jan 29  2019 name
/** `ls -l` of files and directories: links, one word of owner, one of group, size, month, day, and time or year. */
export class PlainUnixReader extends PlainReader {
  private readonly days = new DayStarts();
  private readonly times = new SharedTimes();
  private readonly latest: number;
  private readonly newest: number;
  private modeText = '';
  private mode: UnixMode | undefined;
  private owner = '';
  private group = '';
  private sizeStart = 0;
  private sizeEnd = 0;
  private timeEnd = 0;

  /** `now` as in ListingContext. */
  constructor(now: number) {
    super();
    this.latest = latestOf(now);
    this.newest = calendarOf(this.latest).year;
  }

  read(block: AsciiBlock, start: number): Entry | undefined {
    const { bytes } = block;
    const mode = this.modeAt(block, start);
    if (!mode || !this.readColumns(block, start + modeLetters)) return undefined;
    const modified = this.timeAt(bytes, this.sizeEnd + 1);
    const nameStart = this.timeEnd + 1;
    if (!modified || bytes[this.timeEnd] !== blank) return undefined;
    const end = this.endOfName(bytes, nameStart);
    if (end < 0) return undefined;
    this.end = end;
    return {
      name: this.name(block, nameStart, end),
      type: mode.type,
      mode: mode.mode,
      size: this.digits(bytes, this.sizeStart, this.sizeEnd),
      modified,
      owner: this.owner,
      group: this.group,
    };
  }

  /** Of files and directories only: links have a target, devices no size. */
  private modeAt({ bytes, text }: AsciiBlock, start: number): UnixMode | undefined {
    if (this.mode && this.isAt(bytes, start, this.modeText)) return this.mode;
    const first = bytes[start];
    if ((first !== hyphen && first !== letterD) || bytes[start + modeLetters] !== blank) return undefined;
    const end = start + modeLetters;
    this.mode = unixModeIn(bytes, { start, end });
    // With the blank behind it: `+`, `.` or `@` may stand there.
    this.modeText = text.slice(start, end + 1);
    return this.mode;
  }

  /** Links, owner, group and size. */
  private readColumns(block: AsciiBlock, from: number): boolean {
    const { bytes } = block;
    const links = skipBlanks(bytes, from);
    const afterLinks = this.endOfDigits(bytes, links);
    const owner = skipBlanks(bytes, afterLinks);
    const afterOwner = endOfWord(bytes, owner);
    const group = skipBlanks(bytes, afterOwner);
    const afterGroup = endOfWord(bytes, group);
    const size = skipBlanks(bytes, afterGroup);
    const afterSize = this.endOfDigits(bytes, size);
    const inOrder =
      afterLinks > links && owner > afterLinks && group > afterOwner && size > afterGroup && afterSize > size;
    if (!inOrder || afterLinks - links > most || afterSize - size > most) return false;
    if (bytes[afterSize] !== blank || mayBeDate(bytes, owner, afterOwner, group)) return false;
    this.owner = this.sliceOrLast(block, owner, afterOwner, this.owner);
    this.group = this.sliceOrLast(block, group, afterGroup, this.group);
    this.sizeStart = size;
    this.sizeEnd = afterSize;
    return true;
  }

  /** Sets `timeEnd`. */
  private timeAt(bytes: Uint8Array, from: number): ModifiedTime | undefined {
    const monthStart = skipBlanks(bytes, from);
    const month = monthAt(bytes, monthStart);
    const dayStart = skipBlanks(bytes, monthStart + 3);
    const dayEnd = this.endOfDigits(bytes, dayStart);
    const length = dayEnd - dayStart;
    const start = skipBlanks(bytes, dayEnd);
    if (month === 0 || dayStart === monthStart + 3 || length < 1 || length > 2 || start === dayEnd) {
      return undefined;
    }
    const day = this.digits(bytes, dayStart, dayEnd);
    const end = this.endOfDigits(bytes, start);
    if (end - start === 4) {
      this.timeEnd = end;
      const time = this.days.of(this.digits(bytes, start, end), month, day);
      return Number.isNaN(time) ? undefined : this.times.of(time, 'day');
    }
    if (end - start !== 2 || bytes[end] !== colon || this.endOfDigits(bytes, end + 1) !== end + 3) {
      return undefined;
    }
    this.timeEnd = end + 3;
    const hour = this.digits(bytes, start, end);
    const minute = this.digits(bytes, end + 1, end + 3);
    return hour > 23 || minute > 59 ? undefined : this.recent(month, day, (hour * 60 + minute) * 60_000);
  }

  /**
   * The year is the latest that is not in the future; further back than one year only 29 February is. `clock` is in
   * milliseconds since midnight.
   */
  private recent(month: number, day: number, clock: number): ModifiedTime | undefined {
    const thisYear = this.days.of(this.newest, month, day) + clock;
    if (thisYear <= this.latest) return this.times.of(thisYear, 'minute');
    const lastYear = this.days.of(this.newest - 1, month, day) + clock;
    return lastYear <= this.latest && thisYear > this.latest ? this.times.of(lastYear, 'minute') : undefined;
  }
}

const modeLetters = 10;
/** Nearer than the import, in the innermost loop. */
const most = mostDigits;

/** `2019 10:15` or `5 Jan` where owner and group are due: then a date may begin there. */
function mayBeDate(bytes: Uint8Array, owner: number, afterOwner: number, group: number): boolean {
  const length = afterOwner - owner;
  if (length <= 3) return isDigit(bytes[owner] ?? 0) !== isDigit(bytes[group] ?? 0);
  return length === 'YYYY-MM-DD'.length && bytes[owner + 4] === hyphen;
}

/** 1 to 12, or 0. */
function monthAt(bytes: Uint8Array, at: number): number {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  const c = bytes[at + 2] ?? 0;
  const areLetters = a > letterBefore && b > letterBefore && c > letterBefore;
  return areLetters ? (months[keyOf(a, b, c)] ?? 0) : 0;
}

/** Letters, large or small, in five bits each. */
function keyOf(a: number, b: number, c: number): number {
  return ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
}

const months = new Uint8Array(1 << 15);
for (const [index, name] of 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').entries()) {
  months[keyOf(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2))] = index + 1;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === blank) at++;
  return at;
}

function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] ?? 0) > blank) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const blank = 0x20;
const hyphen = 0x2d;
const colon = 0x3a;
const letterD = 0x64;
/** '@': what is above it and has the five bits of a letter is one, or one of five signs that no month has. */
const letterBefore = 0x40;
