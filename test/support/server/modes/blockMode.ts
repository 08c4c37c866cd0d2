import { concatBytes } from '../../../../src/base/bytes';
import { descriptorOf, pieceOf, unknownDescriptors, type ModeWriter, type Piece } from './piece';
import { StepReader, type Found } from './stepReader';

/** RFC 959 §3.4.2: `descriptor | count, high byte | count, low byte | count bytes`. */
export class BlockWriter implements ModeWriter {
  /** `size`: bytes of the largest block. */
  constructor(private readonly size: number) {}

  write(piece: Piece): Uint8Array {
    const blocks: Uint8Array[] = [];
    let offset = 0;
    for (; piece.bytes.length - offset > this.size; offset += this.size) {
      blocks.push(block(0, piece.bytes.subarray(offset, offset + this.size)));
    }
    // An empty block without a mark would say nothing.
    const descriptor = descriptorOf(piece);
    if (offset < piece.bytes.length || descriptor !== 0) {
      blocks.push(block(descriptor, piece.bytes.subarray(offset)));
    }
    return concatBytes(blocks);
  }
}

export class BlockReader extends StepReader {
  protected find(bytes: Uint8Array): Found {
    const [descriptor = 0, high = 0, low = 0] = bytes;
    if (bytes.length >= 1 && (descriptor & unknownDescriptors) !== 0) return 'broken';
    const length = HEADER + high * 256 + low;
    if (bytes.length < HEADER || bytes.length < length) return 'more';
    return { piece: pieceOf(bytes.slice(HEADER, length), descriptor), length };
  }
}

const HEADER = 3;

function block(descriptor: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([descriptor, bytes.length >> 8, bytes.length & 255, ...bytes]);
}
