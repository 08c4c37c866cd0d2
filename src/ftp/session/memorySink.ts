import type { ReadSink } from './read';

/** A file in memory. Its size, where it is known, is allocated once. */
export class MemorySink implements ReadSink {
  private buffer = new Uint8Array(0);
  private length = 0;

  get bytes(): number {
    return this.length;
  }

  /** What a server tells is no reason to run out of memory: then the buffer grows with what comes. */
  expect(bytes: number): void {
    if (this.length > 0 || bytes > mostAtOnce) return;
    this.buffer = new Uint8Array(bytes);
  }

  write(bytes: Uint8Array): undefined {
    const end = this.length + bytes.length;
    if (end > this.buffer.length) this.grow(Math.max(end, 2 * this.buffer.length));
    this.buffer.set(bytes, this.length);
    this.length = end;
  }

  /** Begins again, elsewhere in memory: what was taken belongs to others. */
  clear(): void {
    this.buffer = new Uint8Array(0);
    this.length = 0;
  }

  /** What came. */
  take(): Uint8Array {
    return this.length === this.buffer.length ? this.buffer : this.buffer.slice(0, this.length);
  }

  private grow(size: number): void {
    const larger = new Uint8Array(size);
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** 1 GiB: memory that is not written to costs nothing yet, and no editor opens more. */
const mostAtOnce = 1024 * 1024 * 1024;
