import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const readmeFile = path.join(__dirname, '../../README.md');

/** Puts the tables of one part of the benchmark into README.md, in place of its last ones. */
export function quoteInReadme(part: string, tables: readonly string[]): void {
  if (tables.length === 0) return;
  writeFileSync(readmeFile, withQuote(readFileSync(readmeFile, 'utf8'), part, tables.join('\n\n')));
}

export function withQuote(readme: string, part: string, text: string): string {
  const { start, end } = placeOf(readme, part);
  return `${readme.slice(0, start)}\n\n${text}\n\n${readme.slice(end)}`;
}

/** What README.md quotes of this part. */
export function quoteOf(readme: string, part: string): string {
  const { start, end } = placeOf(readme, part);
  return readme.slice(start, end).trim();
}

function placeOf(readme: string, part: string): { start: number; end: number } {
  const mark = `<!-- npm run bench: ${part} -->`;
  const start = readme.indexOf(mark) + mark.length;
  const end = readme.indexOf('<!-- end -->', start);
  if (start < mark.length || end < 0) throw new Error(`README.md has no place for ${part}.`);
  return { start, end };
}
