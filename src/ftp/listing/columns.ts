import { numberIn } from './numbers';

/** A run of bytes without blanks: `line[start]` up to, and without, `line[end]`. */
export interface Column {
  readonly start: number;
  readonly end: number;
}

/** The first columns of a line, `limit` at most, so that a name of a thousand words costs nothing. */
export function columnsOf(line: Uint8Array, limit: number): Column[] {
  const columns: Column[] = [];
  let start = skipBlanks(line, 0);
  while (start < line.length && columns.length < limit) {
    const end = skipColumn(line, start);
    columns.push({ start, end });
    start = skipBlanks(line, end);
  }
  return columns;
}

export function numberInColumn(line: Uint8Array, column: Column): number | undefined {
  return numberIn(line, column.start, column.end);
}

/** Where the name begins when exactly one blank parts it from what ends at `end`; undefined without a name. */
export function nameStartAfter(line: Uint8Array, end: number): number | undefined {
  return isBlank(line[end]) && end + 1 < line.length ? end + 1 : undefined;
}

export function skipBlanks(line: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(line[at])) at += 1;
  return at;
}

function skipColumn(line: Uint8Array, from: number): number {
  let at = from;
  while (at < line.length && !isBlank(line[at])) at += 1;
  return at;
}

/** Whether the ASCII letters of a column are `word`, which is given in lower case. */
export function isWord(line: Uint8Array, column: Column, word: string): boolean {
  if (column.end - column.start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (lowerCase(line[column.start + i]) !== word.charCodeAt(i)) return false;
  }
  return true;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function lowerCase(byte: number | undefined): number | undefined {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
