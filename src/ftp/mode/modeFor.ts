import { BlockDecoder, BlockEncoder } from './block';
import { CompressedDecoder, CompressedEncoder } from './compressed';
import { StreamDecoder, StreamEncoder } from './stream';
import { StreamRecordDecoder, StreamRecordEncoder } from './streamRecords';
import type { Emit, ModeDecoder } from './decoder';
import type { ModeEncoder } from './encoder';

/** What MODE, STRU and TYPE were set to (RFC 959 §4.1.2). The type is the one in effect, for listings, too. */
export interface TransferParameters {
  readonly mode: 'stream' | 'block' | 'compressed';
  readonly structure: 'file' | 'record';
  readonly type: 'ascii' | 'image';
}

/** For one data connection: in block and compressed mode it may carry many files. */
export function decoderFor(parameters: TransferParameters): ModeDecoder {
  return new DistrustfulDecoder(bareDecoderFor(parameters));
}

export function encoderFor({ mode, structure, type }: TransferParameters): ModeEncoder {
  switch (mode) {
    case 'stream':
      return structure === 'file' ? new StreamEncoder() : new StreamRecordEncoder();
    case 'block':
      return new BlockEncoder();
    case 'compressed':
      return new CompressedEncoder(fillers[type]);
  }
}

/** Blank or zero, by type (RFC 959 §3.4.3). */
const fillers = { ascii: 32, image: 0 } as const;

function bareDecoderFor({ mode, structure, type }: TransferParameters): ModeDecoder {
  switch (mode) {
    case 'stream':
      return structure === 'file' ? new StreamDecoder() : new StreamRecordDecoder();
    case 'block':
      return new BlockDecoder();
    case 'compressed':
      return new CompressedDecoder(fillers[type]);
  }
}

/** Once it threw, it throws the same for ever: where the next block begins is unknown. */
class DistrustfulDecoder implements ModeDecoder {
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly decoder: ModeDecoder) {}

  get atBoundary(): boolean {
    return this.failure === undefined && this.decoder.atBoundary;
  }

  push(bytes: Uint8Array, emit: Emit): void {
    this.attempt(() => this.decoder.push(bytes, emit));
  }

  close(emit: Emit): void {
    this.attempt(() => this.decoder.close(emit));
  }

  private attempt(act: () => void): void {
    if (this.failure) throw this.failure.error;
    try {
      act();
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
