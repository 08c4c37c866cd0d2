import { isWord, numberInColumn, type Column } from './columns';
import { clockIn } from './listedClock';
import type { ListedClock, ListedDate } from './listingTime';
import { numberIn, shortNumberIn } from './numbers';

export interface UnixDate {
  readonly date: ListedDate;
  /** Absent in `Sep  2  1993`. */
  readonly clock?: ListedClock | undefined;
  /** The byte after the date. */
  readonly end: number;
}

/** The date that begins at `columns[index]`, in any of the forms that ls writes; undefined without one. */
export function unixDateAt(
  line: Uint8Array,
  columns: readonly Column[],
  index: number,
): UnixDate | undefined {
  const [first, second, third] = columns.slice(index, index + 3);
  if (!first || !second) return undefined;
  return isoDate(line, first, second) ?? (third && wordDate(line, first, second, third));
}

/** `2005-06-07 21:22` */
function isoDate(line: Uint8Array, day: Column, time: Column): UnixDate | undefined {
  const date = isoDayIn(line, day);
  const clock = date && clockIn(line, time);
  return clock && { date, clock, end: time.end };
}

function isoDayIn(line: Uint8Array, { start, end }: Column): ListedDate | undefined {
  if (end - start !== 'YYYY-MM-DD'.length || line[start + 4] !== hyphen || line[start + 7] !== hyphen) {
    return undefined;
  }
  const year = numberIn(line, start, start + 4);
  const month = numberIn(line, start + 5, start + 7);
  const day = numberIn(line, start + 8, end);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return { year, month, day };
}

/** `Jan 29 03:26`, `29 Jan 03:26`, `Sep  2  1993`, `2 Sep 1993` */
function wordDate(line: Uint8Array, first: Column, second: Column, last: Column): UnixDate | undefined {
  const day = monthAndDay(line, first, second) ?? monthAndDay(line, second, first);
  if (!day) return undefined;
  const clock = clockIn(line, last);
  if (clock) return { date: day, clock, end: last.end };
  const year = last.end - last.start === 4 ? numberInColumn(line, last) : undefined;
  return year === undefined ? undefined : { date: { ...day, year }, end: last.end };
}

function monthAndDay(line: Uint8Array, monthColumn: Column, dayColumn: Column): ListedDate | undefined {
  const day = shortNumberIn(line, dayColumn.start, dayColumn.end);
  if (day === undefined) return undefined;
  const index = months.findIndex((month) => isWord(line, monthColumn, month));
  return index < 0 ? undefined : { month: index + 1, day };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const hyphen = 0x2d;
