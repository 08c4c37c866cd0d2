import { RemoteProtocolError } from '../protocol/errors';
import { DescribedBytes } from './describedBytes';
import { endOfFileCode, endOfRecordCode, knownDescriptor, restartMarkerCode } from './descriptor';
import { longestMarker, ownMarker } from './restartMarker';
import type { Emit, ModeDecoder } from './decoder';
import type { ModeEncoder } from './encoder';

/**
 * Block mode (RFC 959 §3.4.2): a descriptor byte, a count of two bytes, high byte first, and that many bytes. A
 * block may be empty; the last one of a file has the code 64, with or without bytes of the file in it.
 */
export class BlockDecoder implements ModeDecoder {
  private state: State = boundary;

  get atBoundary(): boolean {
    return this.state === boundary;
  }

  push(bytes: Uint8Array, emit: Emit): void {
    for (let offset = 0; offset < bytes.length;) offset = this.take(bytes, offset, emit);
  }

  close(): void {
    if (!this.atBoundary) throw new RemoteProtocolError('the data connection ended in the middle of a file');
  }

  private take(bytes: Uint8Array, offset: number, emit: Emit): number {
    const state = this.state;
    if (state.kind === 'header') {
      this.takeHeader(state.value * 256 + bytes[offset]!, state.length + 1, emit);
      return offset + 1;
    }
    const next = state.block.take(bytes, offset, emit);
    if (state.block.left === 0) this.finishBlock(state.block, emit);
    return next;
  }

  private takeHeader(value: number, length: number, emit: Emit): void {
    if (length < headerBytes) {
      this.state = { kind: 'header', value, length };
      return;
    }
    const block = new DescribedBytes(knownDescriptor(value >> 16), value & 0xffff, emit);
    if (block.left === 0) this.finishBlock(block, emit);
    else this.state = { kind: 'block', block };
  }

  private finishBlock(block: DescribedBytes, emit: Emit): void {
    this.state = block.endsFile ? boundary : betweenBlocks;
    block.finish(emit);
  }
}

/** Ends a file by an empty block: when the last bytes come it does not know yet that they are. */
export class BlockEncoder implements ModeEncoder {
  data(bytes: Uint8Array): Uint8Array[] {
    const sent: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.length; offset += blockBytes) {
      const block = bytes.subarray(offset, offset + blockBytes);
      sent.push(header(0, block.length), block);
    }
    return sent;
  }

  endOfRecord(): Uint8Array {
    return header(endOfRecordCode, 0);
  }

  restartMarker(marker: Uint8Array): Uint8Array {
    const text = ownMarker(marker, longestMarker);
    return Uint8Array.of(...header(restartMarkerCode, text.length), ...text);
  }

  endOfFile(): Uint8Array {
    return header(endOfFileCode, 0);
  }
}

/**
 * The format allows 65535, but who reads the count as a signed number (Java's readShort) takes from 32768 on for
 * negative. Of what is below, this divides the pieces of a transfer evenly.
 */
export const blockBytes = 16 * 1024;

type State =
  /** `value` is what came of the header, `length` how many bytes that is. */
  | { readonly kind: 'header'; readonly value: number; readonly length: number }
  | { readonly kind: 'block'; readonly block: DescribedBytes };

const boundary: State = { kind: 'header', value: 0, length: 0 };
const betweenBlocks: State = { kind: 'header', value: 0, length: 0 };
const headerBytes = 3;

function header(descriptor: number, count: number): Uint8Array {
  return Uint8Array.of(descriptor, count >> 8, count & 0xff);
}
