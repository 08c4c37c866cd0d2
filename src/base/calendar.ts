/** A moment in UTC, or in whatever zone the caller has in mind. `month` and `day` count from 1. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 0 to 60: a leap second is the first second of the next minute. */
  readonly second: number;
}

/** Milliseconds since 1970, or undefined for what is in no calendar, such as 29 February 2023. */
export function timeOf(moment: CalendarTime): number | undefined {
  const { year, month, day, hour, minute, second } = moment;
  const real =
    within(year, 1, 9999) &&
    within(month, 1, 12) &&
    within(day, 1, daysInMonth(year, month)) &&
    within(hour, 0, 23) &&
    within(minute, 0, 59) &&
    within(second, 0, 60);
  if (!real) return undefined;
  const days = daysBeforeYear(year) + daysBeforeMonth(year, month) + day - 1;
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/** The calendar's reading of milliseconds since 1970; what is smaller than a millisecond is cut off. */
export function calendarOf(time: number): CalendarTime & { readonly millisecond: number } {
  const days = Math.floor(time / millisecondsPerDay);
  const ofDay = Math.floor(time - days * millisecondsPerDay);
  const year = yearOfDay(days);
  const dayOfYear = days - daysBeforeYear(year);
  let month = 12;
  while (month > 1 && daysBeforeMonth(year, month) > dayOfYear) month -= 1;
  return {
    year,
    month,
    day: dayOfYear - daysBeforeMonth(year, month) + 1,
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    millisecond: ofDay % 1000,
  };
}

const millisecondsPerDay = 86_400_000;
const daysBefore1970 = 719_162;
const daysBeforeMonthOfCommonYear = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

function within(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return daysBeforeMonth(year, month + 1) - daysBeforeMonth(year, month);
}

/** `month` 13 gives the length of the year. */
function daysBeforeMonth(year: number, month: number): number {
  const days = daysBeforeMonthOfCommonYear[month - 1] ?? 0;
  return month > 2 && isLeapYear(year) ? days + 1 : days;
}

/** Days from 1 January 1970 to 1 January of `year`. */
function daysBeforeYear(year: number): number {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - daysBefore1970;
}

function yearOfDay(days: number): number {
  // Never too late by more than one year: 365.2425 is the mean year of the Gregorian calendar.
  let year = Math.floor((days + daysBefore1970) / 365.2425);
  while (daysBeforeYear(year + 1) <= days) year += 1;
  return year;
}
