import type { Entry } from './entry';

/**
 * Reads the lines that a format's servers write nearly always, byte by byte and with nothing made but the entry. It
 * answers undefined for any other line, which the format itself then reads: both give the same entries.
 */
export abstract class PlainReader {
  /** Where the LF is of the line that was read last. */
  end = 0;

  /** The line that begins at `start`. */
  abstract read(block: AsciiBlock, start: number): Entry | undefined;

  /** Where the run of decimal digits ends that begins at `at`. */
  protected endOfDigits(bytes: Uint8Array, at: number): number {
    let end = at;
    for (let byte = bytes[end] ?? 0; byte >= zero && byte <= nine; byte = bytes[end] ?? 0) end++;
    return end;
  }

  /** The digits from `start` to `end`, of which it is known that they are digits, 15 at most. */
  protected digits(bytes: Uint8Array, start: number, end: number): number {
    let value = 0;
    for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] ?? zero) - zero);
    return value;
  }

  /** The place of the LF behind a name that begins at `start`; -1 for what is no plain name. */
  protected endOfName(bytes: Uint8Array, start: number): number {
    let at = start;
    while (inNames[bytes[at] ?? lineFeed] === 1) at++;
    if (bytes[at] !== lineFeed) return -1;
    const length = at - start - (bytes[at - 1] === carriageReturn ? 1 : 0);
    // `.` and `..` lead elsewhere.
    return length < 1 || (length <= 2 && bytes[start] === dot) ? -1 : at;
  }

  /** The name that `endOfName` found, without a CR behind it. */
  protected name({ bytes, text }: AsciiBlock, start: number, end: number): string {
    return text.slice(start, bytes[end - 1] === carriageReturn ? end - 1 : end);
  }

  /** `text` between two places, or `last` if it is the same: owners and permissions seldom change between lines. */
  protected sliceOrLast({ bytes, text }: AsciiBlock, start: number, end: number, last: string): string {
    return last.length === end - start && this.isAt(bytes, start, last) ? last : text.slice(start, end);
  }

  /** Whether `words` stand at `start`; several times faster than to ask a string. */
  protected isAt(bytes: Uint8Array, start: number, words: string): boolean {
    for (let at = 0; at < words.length; at++) {
      if (bytes[start + at] !== words.charCodeAt(at)) return false;
    }
    return true;
  }
}

/** ASCII: the character at a place is the byte at that place. */
export interface AsciiBlock {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Undefined unless all is ASCII. */
export function asciiBlock(bytes: Uint8Array): AsciiBlock | undefined {
  try {
    const text = utf8.decode(bytes);
    // What UTF-8 needs several bytes for is always fewer characters than bytes.
    return text.length === bytes.length ? { bytes, text } : undefined;
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** More than 15 digits may be beyond 2^53. */
export const mostDigits = 15;

const zero = 0x30;
const nine = 0x39;
const dot = 0x2e;
const slash = 0x2f;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** 1 for what may stand in a plain name. */
const inNames = new Uint8Array(256).fill(1);
for (const byte of [0, lineFeed, slash, backslash]) inNames[byte] = 0;
