import assert from 'node:assert/strict';
import { fullYear, listedTime } from '../../../src/ftp/listing/listingTime';

describe('listedTime without a year', () => {
  // What the line says, when it is read, and the year it means.
  const cases: [string, string, string, string | undefined][] = [
    ['the past', '01-29 03:26', '2024-03-10T12:00Z', '2024-01-29T03:26Z'],
    ['last year', '11-30 03:26', '2024-03-10T12:00Z', '2023-11-30T03:26Z'],
    ['this minute', '03-10 12:00', '2024-03-10T12:00Z', '2024-03-10T12:00Z'],
    ['tomorrow at this minute', '03-11 12:00', '2024-03-10T12:00Z', '2024-03-11T12:00Z'],
    ['a minute later', '03-11 12:01', '2024-03-10T12:00Z', '2023-03-11T12:01Z'],
    ['a server 14 hours ahead', '01-01 13:30', '2023-12-31T23:30Z', '2024-01-01T13:30Z'],
    ['a server 12 hours behind', '12-31 12:30', '2024-01-01T00:30Z', '2023-12-31T12:30Z'],
    ['31 December on itself', '12-31 23:59', '2023-12-31T00:00Z', '2023-12-31T23:59Z'],
    ['31 December on New Year', '12-31 23:59', '2024-01-01T00:00Z', '2023-12-31T23:59Z'],
    ['29 February on itself', '02-29 10:00', '2024-02-29T12:00Z', '2024-02-29T10:00Z'],
    ['29 February on the day before', '02-29 10:00', '2024-02-28T12:00Z', '2024-02-29T10:00Z'],
    ['29 February in the next year', '02-29 10:00', '2025-01-15T12:00Z', '2024-02-29T10:00Z'],
    ['29 February in a common year', '02-29 10:00', '2023-03-10T12:00Z', '2020-02-29T10:00Z'],
    ['29 February across 2100', '02-29 10:00', '2104-01-01T00:00Z', '2096-02-29T10:00Z'],
    ['30 February', '02-30 10:00', '2024-03-10T12:00Z', undefined],
    ['month 13', '13-01 10:00', '2024-03-10T12:00Z', undefined],
    ['hour 24', '01-29 24:00', '2024-03-10T12:00Z', undefined],
  ];
  for (const [title, line, now, expected] of cases) {
    it(`dates ${title}`, () => {
      const [month = 0, day = 0, hour = 0, minute = 0] = line.split(/[- :]/).map(Number);
      const found = listedTime({ month, day }, { hour, minute }, Date.parse(now));
      assert.deepEqual(found, expected && { time: Date.parse(expected), precision: 'minute' });
    });
  }
});

describe('listedTime with a year', () => {
  const date = { year: 2024, month: 1, day: 29 };
  const now = Date.UTC(2020, 0, 1);

  it('is a day without a clock', () => {
    assert.deepEqual(listedTime(date, undefined, now), { time: Date.UTC(2024, 0, 29), precision: 'day' });
  });

  it('is a second with seconds', () => {
    const found = listedTime(date, { hour: 3, minute: 26, second: 11 }, now);
    assert.deepEqual(found, { time: Date.UTC(2024, 0, 29, 3, 26, 11), precision: 'second' });
  });

  it('is not moved by now', () => {
    assert.equal(listedTime({ ...date, year: 1970 }, undefined, now)?.time, Date.UTC(1970, 0, 29));
  });
});

describe('fullYear', () => {
  it('turns at 1970', () => {
    assert.deepEqual([0, 24, 69, 70, 99].map(fullYear), [2000, 2024, 2069, 1970, 1999]);
  });
});
