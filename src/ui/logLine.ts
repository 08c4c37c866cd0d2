import { grouped } from '../base/grouped';

export interface LogColumns {
  /** `HH:MM:SS.mmm` */
  readonly time: string;
  /** Milliseconds since this server's previous line. */
  readonly gap: number;
  readonly server: string;
  /** All that share the column of names. */
  readonly openServers: readonly string[];
  readonly operation: number | undefined;
  readonly mark: string;
  readonly text: string;
}

/** One line of the protocol log, in columns. */
export function logLine({ time, gap, server, openServers, operation, mark, text }: LogColumns): string {
  const width = Math.max(...[server, ...openServers].map((name) => shortName(name).length));
  const number = operation === undefined ? '-' : `#${operation}`;
  const columns = [time, gapText(gap), shortName(server).padEnd(width), number.padEnd(operationWidth), mark];
  return `${columns.join(' ')} ${cut(visible(text))}`;
}

/** `+0.048` right-aligned; blank below a millisecond; `+2m09s` from 100 s on. */
export function gapText(milliseconds: number): string {
  return shortGap(milliseconds).padStart(gapWidth);
}

const gapWidth = 7;
const operationWidth = 4;
const longestName = 12;
/** In characters. The trace has the line whole. */
const longestLine = 2000;

function shortGap(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  if (whole < 1) return '';
  if (whole < 100_000) return `+${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}`;
  const seconds = Math.floor(whole / 1000);
  const minutes = Math.floor(seconds / 60);
  // A hundred minutes and more would not fit the column.
  return minutes < 100
    ? pair(minutes, 'm', seconds % 60, 's')
    : pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `+${large}${largeUnit}${String(small).padStart(2, '0')}${smallUnit}`;
}

function shortName(name: string): string {
  const shown = visible(name);
  return shown.length > longestName ? `${shown.slice(0, longestName - 1)}…` : shown;
}

/** Whatever would move a cursor, break the line or turn the writing direction round is written out. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\ufeff]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function cut(text: string): string {
  if (text.length <= longestLine) return text;
  const more = new TextEncoder().encode(text.slice(longestLine)).length;
  return `${text.slice(0, longestLine)}… (${grouped(more)} bytes more)`;
}
