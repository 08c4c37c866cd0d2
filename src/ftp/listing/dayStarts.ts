import { timeOf } from '../../base/calendar';

/** When days begin: a listing has far fewer days than entries. Those that were asked for last are remembered. */
export class DayStarts {
  private readonly dates = new Int32Array(slotCount).fill(-1);
  private readonly starts = new Float64Array(slotCount);

  /** Milliseconds since 1970; NaN for what is in no calendar. Month and day have two digits at most. */
  of(year: number, month: number, day: number): number {
    const date = (year * 100 + month) * 100 + day;
    const slot = date % slotCount;
    if (this.dates[slot] !== date) {
      this.dates[slot] = date;
      this.starts[slot] = timeOf({ year, month, day, hour: 0, minute: 0, second: 0 }) ?? NaN;
    }
    return this.starts[slot] ?? NaN;
  }
}

const slotCount = 512;
