import { descriptorOf, pieceOf, unknownDescriptors, type ModeWriter, type Piece } from './piece';
import { StepReader, type Found } from './stepReader';

/**
 * RFC 959 §3.4.3, in bits:
 *
 *     0nnnnnnn d(1) … d(n)   n bytes as they are, 1 to 127
 *     10nnnnnn d             d, n times
 *     11nnnnnn               the filler, n times: a blank in TYPE A, zero in TYPE I
 *     00000000 descriptor    as in block mode; applies "to the succeeding string of bytes"
 *
 * A mark on no bytes at all therefore stands before a string of no fillers, `11000000`.
 */
export class CompressedWriter implements ModeWriter {
  /** No filler: where the two sides might not agree which byte it is. */
  constructor(private readonly filler: number | undefined) {}

  write(piece: Piece): Uint8Array {
    const strings = this.strings(piece.bytes);
    const descriptor = descriptorOf(piece);
    if (descriptor !== 0) strings.splice(-1, 0, [ESCAPE, descriptor]);
    if (descriptor !== 0 && strings.length === 1) strings.push([FILLER]);
    return Uint8Array.from(strings.flat());
  }

  private strings(bytes: Uint8Array): number[][] {
    const strings: number[][] = [];
    let plain: number[] = [];
    const flush = (): void => {
      if (plain.length > 0) strings.push([plain.length, ...plain]);
      plain = [];
    };
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      const run = runLength(bytes, at);
      const isFiller = byte === this.filler;
      if (run >= (isFiller ? 2 : SHORTEST_RUN)) {
        flush();
        strings.push(isFiller ? [FILLER | run] : [REPLICATED | run, byte]);
        at += run;
      } else {
        plain.push(byte);
        if (plain.length === LONGEST_PLAIN) flush();
        at++;
      }
    }
    flush();
    return strings;
  }
}

export class CompressedReader extends StepReader {
  /** Descriptors that wait for their string. */
  private marks = 0;

  constructor(private readonly filler: number) {
    super();
  }

  protected find(bytes: Uint8Array): Found {
    const [first, second] = bytes;
    if (first === undefined) return 'more';
    if (first === ESCAPE) return this.mark(second);
    const count = first & LOWER_SIX;
    if (first >= FILLER) return this.string(new Uint8Array(count).fill(this.filler), 1);
    if (first >= REPLICATED) {
      return second === undefined ? 'more' : this.string(new Uint8Array(count).fill(second), 2);
    }
    return bytes.length <= first ? 'more' : this.string(bytes.slice(1, 1 + first), 1 + first);
  }

  private mark(descriptor: number | undefined): Found {
    if (descriptor === undefined) return 'more';
    if ((descriptor & unknownDescriptors) !== 0) return 'broken';
    this.marks |= descriptor;
    return { length: 2 };
  }

  private string(bytes: Uint8Array, length: number): Found {
    const piece = pieceOf(bytes, this.marks);
    this.marks = 0;
    return { piece, length };
  }
}

const ESCAPE = 0;
const REPLICATED = 0b1000_0000;
const FILLER = 0b1100_0000;
const LOWER_SIX = 0b0011_1111;
const LONGEST_PLAIN = 127;
const LONGEST_RUN = 63;
/** Two bytes that are equal take two bytes either way. */
const SHORTEST_RUN = 3;

function runLength(bytes: Uint8Array, at: number): number {
  let run = 1;
  while (run < LONGEST_RUN && bytes[at + run] === bytes[at]) run++;
  return run;
}
