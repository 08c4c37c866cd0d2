/** Some bytes of a file between two of its marks. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** The last bytes of a record; with `endOfFile` and no record mark the file ends in mid-record. */
  readonly endOfRecord?: boolean;
  readonly endOfFile?: boolean;
  /** The bytes are a restart marker (RFC 959 §3.5) and not the file's. */
  readonly marker?: boolean;
}

/** Brings pieces into the form of a transmission mode (RFC 959 §3.4). */
export interface ModeWriter {
  write(piece: Piece): Uint8Array;
}

/** Takes pieces out of what came over a data connection. */
export interface ModeReader {
  push(bytes: Uint8Array): Piece[];
  /** 'ended': the end of the file was marked; 'broken': this is no such mode. Nothing is taken from then on. */
  readonly state: 'open' | 'ended' | 'broken';
  /** What came behind the end: it belongs to the next file. */
  readonly rest: Uint8Array;
  /** Without a mark for it, the end of the connection is the end of the file. */
  readonly endsByClose: boolean;
}

/** Descriptor codes of block and compressed mode (RFC 959 §3.4.2); they may be added up. */
export const descriptors = { endOfRecord: 128, endOfFile: 64, suspect: 32, marker: 16 } as const;

/** The lower four bits mean nothing. */
export const unknownDescriptors = 15;

export function descriptorOf({ endOfRecord, endOfFile, marker }: Piece): number {
  return (
    (endOfRecord ? descriptors.endOfRecord : 0) |
    (endOfFile ? descriptors.endOfFile : 0) |
    (marker ? descriptors.marker : 0)
  );
}

/** Suspect data are taken like others: the RFC leaves it to the receiver what to think of them. */
export function pieceOf(bytes: Uint8Array, descriptor: number): Piece {
  return {
    bytes,
    endOfRecord: (descriptor & descriptors.endOfRecord) !== 0,
    endOfFile: (descriptor & descriptors.endOfFile) !== 0,
    marker: (descriptor & descriptors.marker) !== 0,
  };
}
