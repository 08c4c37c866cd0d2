import { FtpError, LocalProtocolError } from './errors';
import type { Reply } from './reply';

/**
 * The path in a reply to PWD or MKD (RFC 959, Appendix II): in quotation marks, those within it doubled. Some
 * servers leave the marks out; then the path ends at the first blank. Rejects a path that is missing, not closed,
 * or holds control characters as 'server-error'; the session can go on without it.
 */
export function parsePwdReply(reply: Reply, decode: (bytes: Uint8Array) => string): string {
  // 257 "/home/""ann""" is the current directory.
  const bytes = quotedPath(reply) ?? unquotedPath(reply);
  const path = bytes ? decode(bytes) : '';
  if (path === '' || hasControl(path)) {
    throw new FtpError('server-error', 'The server did not name the directory.', { reply });
  }
  return path;
}

/** `name` within `directory`, both as they are. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** The directory that holds a normal path; the root is in itself. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}

/** The last name of a normal path; empty for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * An absolute path without `//`, `.`, `..` and `/` at its end; what has no `/` at its beginning is taken from the
 * root. Refuses CR, LF and NUL, which no command can carry.
 */
export function normalizePath(path: string): string {
  if (path.includes('\r') || path.includes('\n') || path.includes('\0')) {
    throw new LocalProtocolError('The path holds a line end or NUL, which cannot be sent.', {
      facts: { path },
    });
  }
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/**
 * Whether a name from a listing can be the name of an entry. One that leads elsewhere, here or on another
 * computer, cannot: CVE-2026-27699, CVE-2002-1345.
 */
export function isEntryName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  return !name.includes('/') && !name.includes('\\') && !name.includes('\0');
}

const quote = 34;
const blank = 32;

/** Undefined when there is no quotation mark at all; empty when it is not closed. */
function quotedPath(reply: Reply): Uint8Array | undefined {
  for (const line of reply.bytes) {
    const start = line.indexOf(quote);
    if (start >= 0) return unquote(line.subarray(start + 1));
  }
  return undefined;
}

function unquote(text: Uint8Array): Uint8Array {
  const path: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] ?? 0;
    if (byte === quote && text[i + 1] !== quote) return Uint8Array.from(path);
    if (byte === quote) i += 1;
    path.push(byte);
  }
  return new Uint8Array(0);
}

// 257 /home/ann is current directory.
function unquotedPath(reply: Reply): Uint8Array | undefined {
  const line = reply.bytes.at(-1);
  if (line?.[3] !== blank) return undefined;
  const text = line.subarray(4);
  const end = text.indexOf(blank);
  return end < 0 ? text : text.subarray(0, end);
}

function hasControl(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code < blank || code === 127) return true;
  }
  return false;
}
