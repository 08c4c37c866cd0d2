import { isEntryName } from '../protocol/pathname';
import { columnsOf, isWord, nameStartAfter, numberInColumn, type Column } from './columns';
import type { Entry } from './entry';
import type { LineFormat, ListingContext, ParsedLine } from './lineFormat';
import { listedTime } from './listingTime';
import { splitLink } from './linkTarget';
import { isDigit, numberIn } from './numbers';
import { unixDateAt, type UnixDate } from './unixDate';
import { unixModeIn, type UnixMode } from './unixMode';

/** What `ls -l` writes, and the many servers that imitate it. */
export const unixFormat: LineFormat = { name: 'unix', parseLine: parseUnixLine };

/** Mode, links, owner and group of several words each, size in two numbers, and a date of three. */
const mostColumns = 16;

// -rw-r--r--   1 root     other        531 Jan 29 03:26 name
function parseUnixLine(line: Uint8Array, context: ListingContext): ParsedLine {
  const columns = columnsOf(line, mostColumns);
  if (isTotal(line, columns)) return 'skip';
  const mode = columns[0] && unixModeIn(line, columns[0]);
  const dateIndex = mode && indexOfDate(line, columns);
  const date = dateIndex && unixDateAt(line, columns, dateIndex);
  const sizeColumn = dateIndex && columns[dateIndex - 1];
  // Exactly one blank: what follows is the name with all its own blanks.
  const nameStart = date && nameStartAfter(line, date.end);
  if (!nameStart || !sizeColumn) return undefined;
  return entryOf({ line, mode, date, sizeColumn, nameStart, columns: columns.slice(0, dateIndex) }, context);
}

/** A line taken apart; `columns` ends with the size. */
interface UnixLine {
  readonly line: Uint8Array;
  readonly mode: UnixMode;
  readonly columns: readonly Column[];
  readonly sizeColumn: Column;
  readonly date: UnixDate;
  readonly nameStart: number;
}

// total 7
function isTotal(line: Uint8Array, columns: readonly Column[]): boolean {
  const [word, blocks, ...more] = columns;
  return (
    !!word && !!blocks && more.length === 0 && isWord(line, word, 'total') && isDigit(line[blocks.start])
  );
}

/** The first date with a size before it. A later one is part of the name: `29 Jul 02:27 2014 Inv`. */
function indexOfDate(line: Uint8Array, columns: readonly Column[]): number | undefined {
  for (let index = 2; index < columns.length; index++) {
    if (endsSize(line, columns[index - 1]) && unixDateAt(line, columns, index)) return index;
  }
  return undefined;
}

/** `531`, `33.5k` of `ls -h`, `staff531` where a long group name left no room for a blank. */
function endsSize(line: Uint8Array, column: Column | undefined): boolean {
  return !!column && (isDigit(line[column.start]) || isDigit(line[column.end - 1]));
}

function entryOf(parts: UnixLine, context: ListingContext): ParsedLine {
  const { line, mode, date } = parts;
  const size = sizeIn(parts);
  const rest = line.subarray(parts.nameStart);
  const { rawName, rawTarget } = mode.type === 'symlink' ? splitLink(rest, size.value) : { rawName: rest };
  const name = context.decode(rawName);
  if (!isEntryName(name)) return 'skip';

  const modified = listedTime(date.date, date.clock, context.now);
  // The size of a symbolic link is that of its target's path, not of the file that a RETR would bring.
  const ownSize = mode.type === 'symlink' ? undefined : size.value;
  return {
    name,
    type: mode.type,
    mode: mode.mode,
    ...(ownSize !== undefined && { size: ownSize }),
    ...(modified && { modified }),
    ...ownersIn(parts, size.start, context),
    ...(rawTarget && { target: context.decode(rawTarget) }),
  };
}

interface SizeColumn {
  /** Absent for devices, and where the server gave no exact number. */
  readonly value?: number | undefined;
  /** What stands before this byte is links, owner and group. */
  readonly start: number;
}

function sizeIn({ line, mode, columns, sizeColumn }: UnixLine): SizeColumn {
  if (mode.device) return { start: deviceStart(line, columns, sizeColumn) };
  const value = numberInColumn(line, sizeColumn);
  if (value !== undefined || isDigit(line[sizeColumn.start])) return { value, start: sizeColumn.start };
  return gluedSize(line, sizeColumn, columns.length > 3);
}

// crw-rw-rw- 1 root root 1, 3 Jan 29 03:26 null
function deviceStart(line: Uint8Array, columns: readonly Column[], last: Column): number {
  const before = columns.at(-2);
  return before && line[before.end - 1] === comma ? before.start : last.start;
}

// -rw-r--r-- 1 owner longgroup123456 Jan 29 03:26 name
function gluedSize(line: Uint8Array, { end }: Column, afterOwner: boolean): SizeColumn {
  // Alone it is an owner such as `www1`, and there is no size.
  if (!afterOwner) return { start: end };
  let start = end;
  while (isDigit(line[start - 1])) start -= 1;
  // A size is not written with leading zeros: the digits belong to the group at least in part.
  const exact = line[start] !== zero || end - start === 1;
  return exact ? { value: numberIn(line, start, end), start } : { start: end };
}

const comma = 0x2c;
const zero = 0x30;

/** Links are not kept. The first word is the owner, all others the group: `jo domain users`. */
function ownersIn(
  { line, columns }: UnixLine,
  sizeStart: number,
  context: ListingContext,
): Pick<Entry, 'owner' | 'group'> {
  const links = columns[1] && numberInColumn(line, columns[1]) !== undefined;
  const [first, ...others] = columns.slice(links ? 2 : 1).filter((column) => column.start < sizeStart);
  if (!first) return {};
  const text = (start: number, end: number) => context.decode(line.subarray(start, Math.min(end, sizeStart)));
  const last = others.at(-1);
  const group = others[0] && last && text(others[0].start, last.end);
  return { owner: text(first.start, first.end), ...(group && { group }) };
}
