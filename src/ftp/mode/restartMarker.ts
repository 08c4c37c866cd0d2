import { LocalProtocolError, RemoteProtocolError } from '../protocol/errors';

/**
 * Bytes of one restart marker. It has to come back as the argument of REST, and RFC 959 names no limit; the
 * shortest command lines that servers are known to take have 512 bytes.
 */
export const longestMarker = 256;

/** An array for a marker of `length` bytes that is about to come. */
export function roomForMarker(length: number): Uint8Array {
  if (length === 0 || length > longestMarker) {
    throw new RemoteProtocolError(`a restart marker of ${length} bytes`);
  }
  return new Uint8Array(length);
}

/** Returns the server's marker, if it is one. */
export function receivedMarker(marker: Uint8Array): Uint8Array {
  if (!isPrintable(marker)) throw new RemoteProtocolError('a restart marker that is not printable');
  return marker;
}

/** Returns our own marker, if it is one of at most `longest` bytes. */
export function ownMarker(marker: Uint8Array, longest: number): Uint8Array {
  if (marker.length > 0 && marker.length <= longest && isPrintable(marker)) return marker;
  throw new LocalProtocolError(`no restart marker: printable, without blanks, 1 to ${longest} bytes`);
}

/**
 * Printable characters in the language of the control connection, and no blank (RFC 959 §3.4.2). Bytes from 128
 * up may be letters of that language (RFC 2640).
 */
function isPrintable(marker: Uint8Array): boolean {
  return marker.every((byte) => byte > 32 && byte !== 127);
}
