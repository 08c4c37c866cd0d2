import type { ModifiedTime, TimePrecision } from './entry';

/**
 * One object for equal times, as far as they are near: thousands of files have the time of their release, or of a day,
 * and to make and collect an object for each of them takes longer than to read their lines.
 */
export class SharedTimes {
  private readonly slots = new Array<ModifiedTime | undefined>(slotCount);

  /** `time` in milliseconds since 1970. */
  of(time: number, precision: TimePrecision): ModifiedTime {
    const slot = Math.imul(time / 1000, spread) >>> (32 - slotBits);
    const last = this.slots[slot];
    if (last?.time === time && last.precision === precision) return last;
    const made = { time, precision };
    this.slots[slot] = made;
    return made;
  }
}

const slotBits = 8;
const slotCount = 1 << slotBits;

/** 2^32 over the golden ratio: times that differ by whole days or hours land in slots of their own. */
const spread = 0x9e3779b1;
