import { isWord, type Column } from './columns';
import { clockIn } from './listedClock';
import { fullYear, type ListedClock, type ListedDate } from './listingTime';
import { indexOfByte, isDigit, numberIn, shortNumberIn } from './numbers';

/**
 * `04-27-00`, `04-27-2000`, `2000-04-27`, also with `/`. Month before day unless the year leads: a single line
 * cannot tell otherwise.
 */
export function dosDateIn(line: Uint8Array, { start, end }: Column): ListedDate | undefined {
  const separator = separators.find((byte) => indexOfByte(line, byte, start, end) >= 0);
  if (separator === undefined) return undefined;
  const second = indexOfByte(line, separator, start, end) + 1;
  const third = indexOfByte(line, separator, second, end) + 1;
  if (third === 0) return undefined;

  const yearLeads = second - start > 'YY-'.length;
  const [yearStart, yearEnd] = yearLeads ? [start, second - 1] : [third, end];
  const [monthStart, monthEnd] = yearLeads ? [second, third - 1] : [start, second - 1];
  const [dayStart, dayEnd] = yearLeads ? [third, end] : [second, third - 1];
  const year = yearIn(line, yearStart, yearEnd);
  const month = shortNumberIn(line, monthStart, monthEnd);
  const day = shortNumberIn(line, dayStart, dayEnd);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return { year, month, day };
}

export interface DosClock {
  readonly clock: ListedClock;
  /** How many columns it takes: 2 for `09:09 PM`. */
  readonly columns: 1 | 2;
}

/** `09:09PM`, `09:09 PM`, `21:09`; `next` is the column behind. */
export function dosClockIn(line: Uint8Array, column: Column, next: Column | undefined): DosClock | undefined {
  if (next && isDigit(line[column.end - 1])) {
    const half = halfOfDay(line, next);
    const clock = half && clockIn(line, column);
    if (clock) return { clock: { ...clock, hour: hourOfDay(clock.hour, half) }, columns: 2 };
  }
  const mark: Column = { start: column.end - 2, end: column.end };
  const half = halfOfDay(line, mark);
  const clock = clockIn(line, half ? { start: column.start, end: mark.start } : column);
  if (!clock) return undefined;
  return { clock: half ? { ...clock, hour: hourOfDay(clock.hour, half) } : clock, columns: 1 };
}

const separators = [0x2d, 0x2f];

function yearIn(line: Uint8Array, start: number, end: number): number | undefined {
  const year = numberIn(line, start, end);
  if (year === undefined) return undefined;
  if (end - start === 2) return fullYear(year);
  return end - start === 4 ? year : undefined;
}

function halfOfDay(line: Uint8Array, column: Column): 'am' | 'pm' | undefined {
  if (isWord(line, column, 'am')) return 'am';
  return isWord(line, column, 'pm') ? 'pm' : undefined;
}

/** 12:30AM is half past midnight. What is no hour of a twelve-hour clock stays out of the calendar. */
function hourOfDay(hour: number, half: 'am' | 'pm'): number {
  if (hour < 1 || hour > 12) return noHour;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

const noHour = 99;
