import { isEntryName } from '../protocol/pathname';
import { columnsOf, nameStartAfter, skipBlanks, type Column } from './columns';
import { dosClockIn, dosDateIn } from './dosTime';
import type { Entry } from './entry';
import type { LineFormat, ListingContext, ParsedLine } from './lineFormat';
import { listedTime } from './listingTime';
import type { LinkParts } from './linkTarget';
import { isDigit } from './numbers';

/** What `dir` writes: IIS, and other servers on Windows. */
export const dosFormat: LineFormat = { name: 'dos', parseLine: parseDosLine };

// 07-18-00  10:16AM                 9730 name
function parseDosLine(line: Uint8Array, context: ListingContext): ParsedLine {
  const [dateColumn, timeColumn, ...others] = columnsOf(line, 4);
  const date = dateColumn && dosDateIn(line, dateColumn);
  const time = timeColumn && dosClockIn(line, timeColumn, others[0]);
  if (!date || !time) return undefined;
  const column = others[time.columns - 1];
  const kind = column && (kindOf(line, column) ?? sizeOf(line, column));
  if (!kind?.nameStart) return undefined;
  const modified = listedTime(date, time.clock, context.now);
  return entryOf(kind, line.subarray(kind.nameStart), modified, context);
}

type What = Pick<Entry, 'type' | 'size' | 'targetType'>;

interface Kind {
  readonly what: What;
  readonly nameStart: number | undefined;
}

/** What stands in the size's column when there is no size. */
const markers: ReadonlyMap<string, What> = new Map<string, What>([
  ['<DIR>', { type: 'directory' }],
  ['<JUNCTION>', { type: 'symlink', targetType: 'directory' }],
  ['<SYMLINKD>', { type: 'symlink', targetType: 'directory' }],
  ['<SYMLINK>', { type: 'symlink', targetType: 'file' }],
]);

/** `dir` and IIS fill up a marker to this width; what is blank behind it belongs to the name. */
const markerWidth = 15;

// 04-27-00  09:09PM       <DIR>          licensed
function kindOf(line: Uint8Array, { start, end }: Column): Kind | undefined {
  if (line[start] !== lessThan || end - start > markerWidth) return undefined;
  const what = markers.get(String.fromCharCode(...line.subarray(start, end)).toUpperCase());
  if (!what) return undefined;
  // Others leave a single blank.
  const nameStart = Math.min(skipBlanks(line, end), start + markerWidth);
  return { what, nameStart: nameStart < line.length ? nameStart : undefined };
}

// 07-18-00  10:16AM                9,730 name
function sizeOf(line: Uint8Array, { start, end }: Column): Kind | undefined {
  let size = 0;
  for (let at = start; at < end; at++) {
    const byte = line[at];
    if (isDigit(byte)) size = size * 10 + (byte - 0x30);
    else if (byte !== comma || at === start) return undefined;
  }
  const what: What = { type: 'file', ...(Number.isSafeInteger(size) && { size }) };
  return { what, nameStart: nameStartAfter(line, end) };
}

function entryOf(
  { what }: Kind,
  text: Uint8Array,
  modified: Entry['modified'],
  context: ListingContext,
): ParsedLine {
  const { rawName, rawTarget } = what.type === 'symlink' ? splitTarget(text) : { rawName: text };
  const name = context.decode(rawName);
  if (!isEntryName(name)) return 'skip';
  return {
    name,
    ...what,
    ...(modified && { modified }),
    ...(rawTarget && { target: context.decode(rawTarget) }),
  };
}

/** `name [C:\target]`: the bracket at the end and its partner, since either side may hold brackets itself. */
function splitTarget(text: Uint8Array): LinkParts {
  const last = text.length - 1;
  const opening = openingOf(text, last);
  const split = opening > 1 && text[opening - 1] === blank && opening + 1 < last;
  if (!split) return { rawName: text };
  return { rawName: text.subarray(0, opening - 1), rawTarget: text.subarray(opening + 1, last) };
}

/** The partner of the closing bracket at `closing`, or -1. */
function openingOf(text: Uint8Array, closing: number): number {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    if (text[at] === closingBracket) depth += 1;
    if (text[at] === openingBracket) depth -= 1;
    if (depth <= 0) return depth === 0 && at < closing ? at : -1;
  }
  return -1;
}

const blank = 0x20;
const comma = 0x2c;
const lessThan = 0x3c;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
