import type { Column } from './columns';
import type { EntryType } from './entry';

export interface UnixMode {
  readonly type: EntryType;
  /** `b` and `c`: two device numbers stand where the size would. */
  readonly device: boolean;
  /** The lower twelve bits. */
  readonly mode: number;
}

/** `drwxr-sr-t`, then perhaps `+` (access list), `.` (SELinux) or `@` (macOS); undefined for anything else. */
export function unixModeIn(line: Uint8Array, column: Column): UnixMode | undefined {
  const { start, end } = column;
  if (end - start < modeLetters || end - start > modeLetters + 1) return undefined;
  const letters = String.fromCharCode(...line.subarray(start, end));
  if (letters.length > modeLetters && !marks.includes(letters.charAt(modeLetters))) return undefined;

  const letter = letters.charAt(0);
  const type = types.get(letter);
  const mode = permissionsIn(letters);
  if (type === undefined || mode === undefined) return undefined;
  return { type, mode, device: letter === 'b' || letter === 'c' };
}

const modeLetters = 10;
const marks = '+.@';

const types: ReadonlyMap<string, EntryType> = new Map([
  ['-', 'file'],
  ['d', 'directory'],
  ['l', 'symlink'],
  ['b', 'unknown'],
  ['c', 'unknown'],
  ['p', 'unknown'],
  ['s', 'unknown'],
  // Solaris calls doors `D`.
  ['D', 'unknown'],
]);

/** What each of the nine places may say besides `-`, and the bits that it stands for. */
const places: readonly ReadonlyMap<string, number>[] = [
  new Map([['r', 0o400]]),
  new Map([['w', 0o200]]),
  executePlace(0o100, 0o4000, 's'),
  new Map([['r', 0o040]]),
  new Map([['w', 0o020]]),
  executePlace(0o010, 0o2000, 's'),
  new Map([['r', 0o004]]),
  new Map([['w', 0o002]]),
  executePlace(0o001, 0o1000, 't'),
];

/** The small letter is the special bit with `x`, the capital one without. */
function executePlace(execute: number, special: number, letter: string): ReadonlyMap<string, number> {
  return new Map([
    ['x', execute],
    [letter, special | execute],
    [letter.toUpperCase(), special],
  ]);
}

function permissionsIn(letters: string): number | undefined {
  let mode = 0;
  for (const [i, place] of places.entries()) {
    const letter = letters.charAt(i + 1);
    const bits = letter === '-' ? 0 : place.get(letter);
    if (bits === undefined) return undefined;
    mode |= bits;
  }
  return mode;
}
