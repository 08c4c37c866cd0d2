import { LocalProtocolError } from '../protocol/errors';
import type { Emit, ModeDecoder } from './decoder';
import type { ModeEncoder } from './encoder';

/** Stream mode with file structure (RFC 959 §3.4.1): all bytes are data, and the close is the end of the file. */
export class StreamDecoder implements ModeDecoder {
  /** Never: the connection is good for one file. */
  readonly atBoundary = false;

  push(bytes: Uint8Array, emit: Emit): void {
    if (bytes.length > 0) emit({ kind: 'data', bytes });
  }

  close(emit: Emit): void {
    emit({ kind: 'end-of-file' });
  }
}

export class StreamEncoder implements ModeEncoder {
  data(bytes: Uint8Array): Uint8Array[] {
    return bytes.length === 0 ? [] : [bytes];
  }

  endOfRecord(): Uint8Array {
    throw new LocalProtocolError('there are no records in stream mode with file structure');
  }

  restartMarker(): Uint8Array {
    throw new LocalProtocolError('there are no restart markers in stream mode');
  }

  endOfFile(): Uint8Array {
    return new Uint8Array(0);
  }
}
