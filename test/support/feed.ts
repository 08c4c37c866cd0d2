import assert from 'node:assert/strict';

/** A sans-IO parser: bytes in, values out. */
export interface Fed<T> {
  push(bytes: Uint8Array): void;
  next(): T | undefined;
}

/**
 * Feeds a parser whole, byte by byte, in any two pieces (of short inputs), and with bytes trailing; its values
 * must be `expected` each time. The array that was pushed is overwritten at once, as a static read buffer is.
 *
 * `trailing` must not complete a value of its own.
 */
export function feedEveryWay<T>(
  make: () => Fed<T>,
  bytes: Uint8Array,
  expected: readonly T[],
  trailing: Uint8Array = new Uint8Array(0),
): void {
  for (const [how, pieces] of waysToCut(bytes, trailing)) {
    assert.deepEqual(feed(make(), pieces), expected, how);
  }
}

/** Pushes the pieces and takes what can be taken after each. */
export function feed<T>(parser: Fed<T>, pieces: Iterable<Uint8Array>): T[] {
  const values: T[] = [];
  for (const piece of pieces) {
    const buffer = piece.slice();
    parser.push(buffer);
    buffer.fill(0xee);
    for (let value = parser.next(); value !== undefined; value = parser.next()) values.push(value);
  }
  return values;
}

/** Cuts `bytes` at the given places, which may be in any order and out of range. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...places].sort((a, b) => a - b);
  const ends = [...sorted.map((place) => Math.min(Math.max(place, 0), bytes.length)), bytes.length];
  return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}

// Two pieces at every place is quadratic in the length of the input.
const longestCutEverywhere = 400;

function* waysToCut(bytes: Uint8Array, trailing: Uint8Array): Generator<[string, Uint8Array[]]> {
  yield ['whole', [bytes]];
  yield ['byte by byte', Array.from(bytes, (byte) => Uint8Array.of(byte))];
  yield ['with bytes trailing', [Uint8Array.from([...bytes, ...trailing])]];
  if (bytes.length > longestCutEverywhere) return;
  for (let place = 1; place < bytes.length; place++) yield [`cut at ${place}`, cutAt(bytes, [place])];
}
