import { timeOf } from '../../base/calendar';

/** When days begin: a listing has far fewer days than entries. */
export class DayStarts {
  private readonly known = new Map<number, number>();
  private lastKey = -1;
  private last = NaN;

  /** Milliseconds since 1970; NaN for what is in no calendar. */
  of(year: number, month: number, day: number): number {
    const key = (year * 16 + month) * 128 + day;
    if (key !== this.lastKey) {
      this.lastKey = key;
      this.last = this.known.get(key) ?? this.reckon(key, year, month, day);
    }
    return this.last;
  }

  private reckon(key: number, year: number, month: number, day: number): number {
    const start = timeOf({ year, month, day, hour: 0, minute: 0, second: 0 }) ?? NaN;
    this.known.set(key, start);
    return start;
  }
}
