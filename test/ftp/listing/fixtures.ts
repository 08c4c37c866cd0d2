import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The lines of `test/fixtures/listings/<file>` without the comments at its head, which tell their origin. */
export function fixtureLines(file: string): string[] {
  const text = readFileSync(path.join(__dirname, '../../fixtures/listings', file), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  return lines.slice(lines.findIndex((line) => !line.startsWith('# ')));
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
