import type { ModeReader, ModeWriter, Piece } from './piece';

/** RFC 959 §3.4.1 with file structure: all bytes are data, and the close is the end. */
export class StreamWriter implements ModeWriter {
  write({ bytes }: Piece): Uint8Array {
    return bytes;
  }
}

export class StreamReader implements ModeReader {
  readonly state = 'open';
  readonly rest = new Uint8Array();
  readonly endsByClose = true;

  push(bytes: Uint8Array): Piece[] {
    return [{ bytes }];
  }
}

/** With record structure: `FF 01` ends a record, `FF 02` the file, `FF 03` both, and `FF FF` is one byte FF. */
export class RecordStreamWriter implements ModeWriter {
  write({ bytes, endOfRecord, endOfFile }: Piece): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) out.push(...(byte === ESCAPE ? [ESCAPE, ESCAPE] : [byte]));
    const mark = (endOfRecord ? END_OF_RECORD : 0) | (endOfFile ? END_OF_FILE : 0);
    if (mark !== 0) out.push(ESCAPE, mark);
    return Uint8Array.from(out);
  }
}

export class RecordStreamReader implements ModeReader {
  state: ModeReader['state'] = 'open';
  rest: Uint8Array = new Uint8Array();
  readonly endsByClose = false;
  private escaped = false;
  private record: number[] = [];
  private pieces: Piece[] = [];

  push(bytes: Uint8Array): Piece[] {
    let at = 0;
    for (; at < bytes.length && this.state === 'open'; at++) this.take(bytes[at] ?? 0);
    this.rest = bytes.subarray(at);
    if (this.record.length > 0) this.cut(0);
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private take(byte: number): void {
    if (!this.escaped) {
      this.escaped = byte === ESCAPE;
      if (!this.escaped) this.record.push(byte);
      return;
    }
    this.escaped = false;
    if (byte === ESCAPE) this.record.push(byte);
    else if (byte >= END_OF_RECORD && byte <= (END_OF_RECORD | END_OF_FILE)) this.cut(byte);
    else this.state = 'broken';
  }

  private cut(mark: number): void {
    const endOfFile = (mark & END_OF_FILE) !== 0;
    const bytes = Uint8Array.from(this.record);
    this.pieces.push({ bytes, endOfRecord: (mark & END_OF_RECORD) !== 0, endOfFile });
    this.record = [];
    if (endOfFile) this.state = 'ended';
  }
}

const ESCAPE = 255;
const END_OF_RECORD = 1;
const END_OF_FILE = 2;
