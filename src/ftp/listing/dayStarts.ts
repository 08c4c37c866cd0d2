import { timeOf } from '../../base/calendar';

/** When days begin: a listing has far fewer days than entries. */
export class DayStarts {
  private readonly known = new Map<number, number>();

  /** Milliseconds since 1970; NaN for what is in no calendar. */
  of(year: number, month: number, day: number): number {
    const key = (year * 16 + month) * 128 + day;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const start = timeOf({ year, month, day, hour: 0, minute: 0, second: 0 }) ?? NaN;
    this.known.set(key, start);
    return start;
  }
}
