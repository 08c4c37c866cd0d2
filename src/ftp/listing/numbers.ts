/** The decimal number that fills `start` to `end`; undefined for anything else, or beyond 2^53. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start >= end) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (!isDigit(byte)) return undefined;
    value = value * 10 + (byte - 0x30);
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

/** As `numberIn`, but only for one or two digits: days, hours, minutes. */
export function shortNumberIn(bytes: Uint8Array, start: number, end: number): number | undefined {
  return end - start <= 2 ? numberIn(bytes, start, end) : undefined;
}

export function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The first place of `byte` from `start` on, or -1 when it is not there before `end`. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}
