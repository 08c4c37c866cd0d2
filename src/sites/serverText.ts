// Enough to read what a server has to say; a longer text would hide our own words.
const lengthMax = 200;

/**
 * Makes a server's words, or a name that came from a server, fit for a message. VS Code turns
 * `[x](command:y)` into a live link in every notification and `$(x)` into an icon in every label; control
 * and bidirectional characters would let a server rewrite the line it is quoted in.
 */
export function cleanServerText(text: string): string {
  const visible = Array.from(text, (character) => (isDisguise(character) ? '·' : character)).join('');
  const inert = Array.from(visible.replaceAll('](', '] (').replaceAll('$(', '$ ('));
  return inert.length <= lengthMax ? inert.join('') : `${inert.slice(0, lengthMax).join('')}…`;
}

function isDisguise(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return disguises.some(([first, last]) => code >= first && code <= last);
}

const disguises: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  // Line and paragraph separator.
  [0x2028, 0x2029],
];
