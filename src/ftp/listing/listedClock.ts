import type { Column } from './columns';
import type { ListedClock } from './listingTime';
import { indexOfByte, shortNumberIn } from './numbers';

/** `21:22`, `3:26`, `21:22:33`; undefined for anything else. The numbers may be out of range. */
export function clockIn(line: Uint8Array, column: Column): ListedClock | undefined {
  const { start, end } = column;
  const afterHour = indexOfByte(line, colon, start, end);
  if (afterHour < 0) return undefined;
  const next = indexOfByte(line, colon, afterHour + 1, end);
  const afterMinute = next < 0 ? end : next;

  const hour = shortNumberIn(line, start, afterHour);
  const minute = shortNumberIn(line, afterHour + 1, afterMinute);
  if (hour === undefined || minute === undefined) return undefined;
  if (next < 0) return { hour, minute };

  const second = shortNumberIn(line, afterMinute + 1, end);
  return second === undefined ? undefined : { hour, minute, second };
}

const colon = 0x3a;
