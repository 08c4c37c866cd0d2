import { calendarOf, timeOf } from '../../base/calendar';
import type { ModifiedTime, TimePrecision } from './entry';

/** A date as a LIST line has it; numbers may be out of the calendar. Month and day count from 1. */
export interface ListedDate {
  /** Absent in `Jan 29 03:26`. */
  readonly year?: number | undefined;
  readonly month: number;
  readonly day: number;
}

export interface ListedClock {
  readonly hour: number;
  readonly minute: number;
  readonly second?: number | undefined;
}

/**
 * The moment that a LIST line means, taken as UTC; undefined when the calendar does not know it (an entry with
 * an impossible date is still an entry). Without a clock the precision is 'day'. Without a year it is the latest
 * year in which the moment is not more than a day after `now`: servers write in their own zone, up to 14 hours
 * ahead of UTC, and leave out the year only for the recent past.
 */
export function listedTime(
  date: ListedDate,
  clock: ListedClock | undefined,
  now: number,
): ModifiedTime | undefined {
  const time =
    date.year === undefined ? timeWithoutYear(date, clock, now) : timeInYear(date.year, date, clock);
  return time === undefined ? undefined : { time, precision: precisionOf(clock) };
}

/** The latest moment that a date without a year can mean. */
export function latestOf(now: number): number {
  return now + millisecondsPerDay;
}

/** `04-27-00` is in 2000, `04-27-99` in 1999: no server's file is older than 1970. */
export function fullYear(twoDigits: number): number {
  return twoDigits < firstTwoDigitYear ? 2000 + twoDigits : 1900 + twoDigits;
}

const firstTwoDigitYear = 70;
const millisecondsPerDay = 86_400_000;

/** 29 February may be eight years ago: 1900 and 2100 are no leap years. */
const longestLeapYearGap = 8;

function timeWithoutYear(date: ListedDate, clock: ListedClock | undefined, now: number): number | undefined {
  const latest = latestOf(now);
  const newest = calendarOf(latest).year;
  for (let year = newest; year >= newest - longestLeapYearGap; year--) {
    const time = timeInYear(year, date, clock);
    if (time !== undefined && time <= latest) return time;
  }
  return undefined;
}

function timeInYear(year: number, date: ListedDate, clock: ListedClock | undefined): number | undefined {
  const { hour = 0, minute = 0, second = 0 } = clock ?? {};
  return timeOf({ year, month: date.month, day: date.day, hour, minute, second });
}

function precisionOf(clock: ListedClock | undefined): TimePrecision {
  if (!clock) return 'day';
  return clock.second === undefined ? 'minute' : 'second';
}
