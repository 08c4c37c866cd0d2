/**
 * Writes files for one data connection in one transmission mode (RFC 959 §3.4). The arrays that it returns are to
 * be sent in their order, and may be parts of the array that was given.
 */
export interface ModeEncoder {
  /** Bytes of the file, copied only where they have to change. */
  data(bytes: Uint8Array): Uint8Array[];
  /** Ends the record whose bytes went before. Throws `LocalProtocolError` where there are no records. */
  endOfRecord(): Uint8Array;
  /** Throws `LocalProtocolError` in stream mode (RFC 959 §3.5), and for what is no restart marker. */
  restartMarker(marker: Uint8Array): Uint8Array;
  /** Empty in stream mode with file structure: there the close of the connection is the end of the file. */
  endOfFile(): Uint8Array;
}
