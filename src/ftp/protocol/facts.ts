import { calendarOf, timeOf } from '../../base/calendar';

export interface FactLine {
  /** By fact name in lower case; values as they came (UTF-8). */
  readonly facts: ReadonlyMap<string, string>;
  /** Exactly as it came: to be decoded in the session's encoding. */
  readonly name: Uint8Array;
}

/**
 * One line of MLSD or MLST, without its line end (RFC 3659 §7.2): facts, each with `;` at its end, one blank, and
 * the name to the end of the line. Undefined for what is no such line. Tolerated: blanks before it (MLST has one),
 * a last fact without `;`, a tab for the blank.
 */
export function parseFactLine(line: Uint8Array): FactLine | undefined {
  // type=file;size=1024990;modify=20240229123456; a name
  const start = endOfBlanks(line);
  const scanned = scanFacts(line, start);
  if (scanned) return scanned.name.length > 0 ? scanned : undefined;
  // RFC 3659 §7.2 allows no facts at all: then the line is a blank and the name.
  return start > 0 && line.length > 1 ? { facts: new Map(), name: line.slice(1) } : undefined;
}

export interface TimeValue {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  readonly precision: 'second' | 'millisecond';
}

/**
 * A time of MDTM, MFMT or a `modify` fact (RFC 3659 §2.3): `YYYYMMDDHHMMSS`, with a fraction or without, always
 * UTC. Undefined for anything else, such as the `19100…` that old servers make of the year 2000.
 */
export function parseTimeValue(text: string): TimeValue | undefined {
  const hasFraction = text.length > 14;
  if (text.length < 14 || text.length > longestTimeValue) return undefined;
  if (!isDigits(text.slice(0, 14))) return undefined;
  if (hasFraction && (text[14] !== '.' || !isDigits(text.slice(15)))) return undefined;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const time = timeOf({
    year: part(0, 4),
    month: part(4, 6),
    day: part(6, 8),
    hour: part(8, 10),
    minute: part(10, 12),
    second: part(12, 14),
  });
  if (time === undefined) return undefined;
  if (!hasFraction) return { time, precision: 'second' };
  return { time: time + Number(text.slice(15, 18).padEnd(3, '0')), precision: 'millisecond' };
}

/** The whole second of `milliseconds` since 1970 as MFMT wants it. Years 1 to 9999. */
export function formatTimeValue(milliseconds: number): string {
  const { year, month, day, hour, minute, second } = calendarOf(milliseconds);
  const twoDigits = [month, day, hour, minute, second].map((value) => String(value).padStart(2, '0'));
  return String(year).padStart(4, '0') + twoDigits.join('');
}

// Nanoseconds are the finest that a server has been seen to tell.
const longestTimeValue = 24;

const tab = 9;
const blank = 32;
const semicolon = 59;
const equals = 61;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function scanFacts(line: Uint8Array, start: number): FactLine | undefined {
  const facts = new Map<string, string>();
  let i = start;
  while (i < line.length && !isBlank(line[i])) {
    const keyEnd = endOfKey(line, i);
    if (line[keyEnd] !== equals) return undefined;
    const key = utf8.decode(line.subarray(i, keyEnd)).toLowerCase();
    const end = endOfValue(line, keyEnd + 1, key);
    facts.set(key, utf8.decode(line.subarray(keyEnd + 1, end)));
    i = line[end] === semicolon ? end + 1 : end;
  }
  return facts.size > 0 ? { facts, name: line.slice(i + 1) } : undefined;
}

function endOfKey(line: Uint8Array, start: number): number {
  let end = start;
  while (end < line.length && line[end] !== equals && !endsValue(line[end])) end += 1;
  return end;
}

/**
 * The `;`, or the blank where the last fact has none. Targets of links and names of owners may themselves hold
 * blanks, against the grammar: those go on when there is another `;`.
 */
function endOfValue(line: Uint8Array, start: number, key: string): number {
  let end = start;
  while (end < line.length && !endsValue(line[end])) end += 1;
  if (!isBlank(line[end]) || !mayHoldBlank(line.subarray(start, end), key)) return end;
  const next = line.indexOf(semicolon, end);
  return next < 0 ? end : next;
}

// type=OS.unix=slink:/My Files;
// UNIX.ownername=Ann Lee;
function mayHoldBlank(value: Uint8Array, key: string): boolean {
  if (key === 'type') return utf8.decode(value).toLowerCase().startsWith('os.unix=s');
  return key.startsWith('unix.owner') || key.startsWith('unix.group');
}

function endOfBlanks(line: Uint8Array): number {
  let end = 0;
  while (isBlank(line[end])) end += 1;
  return end;
}

function endsValue(byte: number | undefined): boolean {
  return byte === semicolon || isBlank(byte);
}

function isBlank(byte: number | undefined): boolean {
  return byte === blank || byte === tab;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}
