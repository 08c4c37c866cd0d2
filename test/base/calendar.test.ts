import assert from 'node:assert/strict';
import fc from 'fast-check';
import { calendarOf, timeOf } from '../../src/base/calendar';

function timeOfParts(year: number, month: number, day: number, hour = 0, minute = 0, second = 0) {
  return timeOf({ year, month, day, hour, minute, second });
}

describe('calendar', () => {
  const known: [number, number, number, number][] = [
    [1970, 1, 1, 0],
    [1969, 12, 31, -86_400_000],
    [2000, 2, 29, 951_782_400_000],
    [2000, 3, 1, 951_868_800_000],
    [2023, 12, 31, 1_703_980_800_000],
    [2024, 1, 1, 1_704_067_200_000],
    [1601, 1, 1, -11_644_473_600_000],
    [9999, 12, 31, 253_402_214_400_000],
  ];
  for (const [year, month, day, time] of known) {
    it(`${year}-${month}-${day} is ${time}`, () => {
      assert.equal(timeOfParts(year, month, day), time);
      const calendar = calendarOf(time);
      assert.deepEqual([calendar.year, calendar.month, calendar.day], [year, month, day]);
    });
  }

  const impossible = [
    [2023, 2, 29],
    [1900, 2, 29],
    [2024, 4, 31],
    [2024, 0, 1],
    [2024, 13, 1],
    [2024, 1, 0],
    [2024, 1, 32],
    [0, 1, 1],
    [19100, 1, 1],
    [2024.5, 1, 1],
    [2024, 1, 1, 24],
    [2024, 1, 1, 0, 60],
    [2024, 1, 1, 0, 0, 61],
    [2024, 1, 1, -1],
    [Number.NaN, 1, 1],
  ] as [number, number, number][];
  for (const parts of impossible) {
    it(`${parts.join(' ')} is in no calendar`, () => assert.equal(timeOfParts(...parts), undefined));
  }

  it('takes a leap second for the first second of the next minute', () => {
    assert.equal(timeOfParts(2016, 12, 31, 23, 59, 60), timeOfParts(2017, 1, 1));
  });

  it('agrees with the platform on any moment of the years 1 to 9999', () => {
    const from = Date.UTC(2000, 0, 1) - 1999 * 365.25 * 86_400_000;
    fc.assert(
      fc.property(fc.integer({ min: Math.ceil(from), max: 253_402_300_799_999 }), (time) => {
        const date = new Date(time);
        const calendar = calendarOf(time);
        assert.deepEqual(calendar, {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
          second: date.getUTCSeconds(),
          millisecond: date.getUTCMilliseconds(),
        });
        if (calendar.year > 0) assert.equal(timeOf(calendar), time - calendar.millisecond);
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with the platform on the first and last day of every month of four centuries', () => {
    for (let year = 1900; year <= 2300; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        assert.equal(timeOfParts(year, month, 1), Date.UTC(year, month - 1, 1));
        const last = calendarOf(Date.UTC(year, month, 1) - 1);
        assert.deepEqual([last.year, last.month, last.millisecond], [year, month, 999]);
      }
    }
  });
});
