/** What the bytes of a data connection say, in their order. */
export type Decoded =
  /** Bytes of the file, one at least. Valid as long as those are that came in. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** In file structure it means nothing: Hermes sends one with every end of file in block mode. */
  | { readonly kind: 'end-of-record' }
  /** Printable, without blanks: may go back to the server in a REST (RFC 959 §3.5). */
  | { readonly kind: 'restart-marker'; readonly marker: Uint8Array }
  /** The server doubts the bytes that come next, up to the end of their block or string. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'end-of-file' };

export type Emit = (decoded: Decoded) => void;

/**
 * Reads one data connection in one transmission mode (RFC 959 §3.4). What it emits does not depend on how the
 * bytes are split. After an error nothing on this connection can be trusted: each further call throws it again.
 */
export interface ModeDecoder {
  /** Bytes after an end of file are the next file's. Throws `RemoteProtocolError` for what cannot be. */
  push(bytes: Uint8Array, emit: Emit): void;
  /**
   * No more bytes will come: to be called once, when the data connection is closed. Stream mode with file
   * structure emits its end of file here; the others throw `RemoteProtocolError` in the middle of a file, and
   * between files do nothing.
   */
  close(emit: Emit): void;
  /** Between two files, or before the first: the connection may be kept for the next transfer (RFC 959 §3.3). */
  readonly atBoundary: boolean;
}
