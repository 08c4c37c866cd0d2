/** RFC 959 §3.4: stream, block and compressed; Z is deflate. */
export type Mode = 'S' | 'B' | 'C' | 'Z';

/** RFC 959 §3.1.2: file and record structure. */
export type Structure = 'F' | 'R';

/** What a server with block and compressed mode is free to choose. Tests may change it as they go. */
export interface WireSettings {
  /** Data connections stay open after a file (RFC 959 §3.3); a number: for so many files. */
  keeps: boolean | number;
  /** Bytes of the largest block. */
  blockSize: number;
  /** The end of a file has a block of its own and does not ride on the last data. */
  endsApart: boolean;
  /** Stored bytes from one restart marker to the next (RFC 959 §3.5); 0: none are sent. */
  markerEvery: number;
}

/** True where the end of a file is marked, so that the data connection may outlive it (RFC 959 §3.3). */
export function outlivesFiles(mode: Mode): boolean {
  return mode === 'B' || mode === 'C';
}

/** A stored file's offset as our restart marker: printable, no blank, and not to be taken for a number. */
export function markerAt(offset: number): string {
  return `@${offset.toString(36)}`;
}

/** Undefined when it is none of ours. */
export function offsetOfMarker(marker: string): number | undefined {
  return /^@[0-9a-z]{1,9}$/.test(marker) ? parseInt(marker.slice(1), 36) : undefined;
}
