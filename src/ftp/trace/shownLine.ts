/**
 * A line as bytes, made fit to be looked at: UTF-8 where it is, else each byte above ASCII as `\xE9`, and
 * control characters as `\x1b`. Server text stays data: nothing in it can move a cursor or start a link.
 */
export function shownLine(line: Uint8Array): string {
  return escapeControls(decodeStrictly(line) ?? escapeHighBytes(line));
}

function decodeStrictly(line: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
}

function escapeHighBytes(line: Uint8Array): string {
  let text = '';
  for (const byte of line) text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${hex(byte).toUpperCase()}`;
  return text;
}

function escapeControls(text: string): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    shown += isControl ? `\\x${hex(code)}` : character;
  }
  return shown;
}

function hex(code: number): string {
  return code.toString(16).padStart(2, '0');
}
