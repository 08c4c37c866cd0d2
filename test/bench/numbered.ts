import { Readable, Writable } from 'node:stream';

/** A file that tells of every byte where it belongs: 32-bit numbers, counted from 0. */
export const blockSize = 65_536;
const numbersInBlock = blockSize / 4;

export function numberedBlock(index: number): Buffer {
  const numbers = new Uint32Array(numbersInBlock);
  for (let n = 0; n < numbersInBlock; n++) numbers[n] = index * numbersInBlock + n;
  return Buffer.from(numbers.buffer);
}

/** @param size a multiple of `blockSize` @param told how many bytes were asked for so far */
export function numberedSource(size: number, told?: (bytes: number) => void): Readable {
  let index = 0;
  return new Readable({
    read() {
      told?.(index * blockSize);
      this.push(index * blockSize < size ? numberedBlock(index++) : null);
    },
  });
}

/** Takes such a file, and fails at the first byte that is not in its place. */
export class NumberedSink extends Writable {
  position = 0;
  private block: Uint8Array = Buffer.alloc(0);

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    for (let offset = 0; offset < chunk.length;) {
      const start = this.position % blockSize;
      if (start === 0) this.block = numberedBlock(this.position / blockSize);
      const length = Math.min(blockSize - start, chunk.length - offset);
      if (
        Buffer.compare(
          this.block.subarray(start, start + length),
          chunk.subarray(offset, offset + length),
        ) !== 0
      ) {
        return done(new Error(`wrong bytes behind byte ${this.position}`));
      }
      offset += length;
      this.position += length;
    }
    done();
  }
}
