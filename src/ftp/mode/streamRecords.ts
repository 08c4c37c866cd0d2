import { LocalProtocolError, RemoteProtocolError } from '../protocol/errors';
import type { Emit, ModeDecoder } from './decoder';
import type { ModeEncoder } from './encoder';

/**
 * Stream mode with record structure (RFC 959 §3.4.1). FF 01 is the end of a record, FF 02 that of the file, FF 03
 * both, and FF FF the byte 255. As the end of the file is in the stream, a close without it is a cut.
 */
export class StreamRecordDecoder implements ModeDecoder {
  private state: 'boundary' | 'data' | 'escape' = 'boundary';

  get atBoundary(): boolean {
    return this.state === 'boundary';
  }

  push(bytes: Uint8Array, emit: Emit): void {
    let offset = 0;
    while (offset < bytes.length) {
      offset =
        this.state === 'escape' ? this.takeCode(bytes, offset, emit) : this.takeData(bytes, offset, emit);
    }
  }

  close(): void {
    if (!this.atBoundary) throw new RemoteProtocolError('the data connection ended in the middle of a file');
  }

  private takeData(bytes: Uint8Array, offset: number, emit: Emit): number {
    const found = bytes.indexOf(escape, offset);
    const end = found < 0 ? bytes.length : found;
    this.state = found < 0 ? 'data' : 'escape';
    if (end > offset) emit({ kind: 'data', bytes: bytes.subarray(offset, end) });
    return end + (found < 0 ? 0 : 1);
  }

  private takeCode(bytes: Uint8Array, offset: number, emit: Emit): number {
    const code = bytes[offset]!;
    if (code === escape) {
      emit({ kind: 'data', bytes: bytes.subarray(offset, offset + 1) });
    } else if (code < endOfRecord || code > endOfRecord + endOfFile) {
      throw new RemoteProtocolError(`an unknown control code in the records: ${code}`);
    }
    const ends = code === escape ? 0 : code;
    this.state = ends & endOfFile ? 'boundary' : 'data';
    if (ends & endOfRecord) emit({ kind: 'end-of-record' });
    if (ends & endOfFile) emit({ kind: 'end-of-file' });
    return offset + 1;
  }
}

export class StreamRecordEncoder implements ModeEncoder {
  data(bytes: Uint8Array): Uint8Array[] {
    if (bytes.length === 0) return [];
    return [bytes.includes(escape) ? doubleEscapes(bytes) : bytes];
  }

  endOfRecord(): Uint8Array {
    return Uint8Array.of(escape, endOfRecord);
  }

  restartMarker(): Uint8Array {
    throw new LocalProtocolError('there are no restart markers in stream mode');
  }

  endOfFile(): Uint8Array {
    return Uint8Array.of(escape, endOfFile);
  }
}

const escape = 0xff;
const endOfRecord = 1;
const endOfFile = 2;

function doubleEscapes(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length * 2);
  let length = 0;
  for (const byte of bytes) {
    if (byte === escape) out[length++] = escape;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
