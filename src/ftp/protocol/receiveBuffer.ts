/** Bytes that came and are not yet read: lines are taken from its front. Work is linear in what is pushed. */
export class ReceiveBuffer {
  private store = new Uint8Array(initialBytes);
  private start = 0;
  private end = 0;
  /** There is no line feed from `start` up to here. */
  private scanned = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Copies `bytes`: the caller may use its array again. */
  push(bytes: Uint8Array): void {
    if (this.end + bytes.length > this.store.length) this.makeRoom(bytes.length);
    this.store.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** A copy of the next line with its line feed, or undefined when it is not whole yet. */
  takeLine(): Uint8Array | undefined {
    const unread = this.store.subarray(0, this.end);
    const lineFeed = unread.indexOf(10, this.scanned);
    if (lineFeed < 0) {
      this.scanned = this.end;
      return undefined;
    }
    const line = unread.slice(this.start, lineFeed + 1);
    this.start = lineFeed + 1;
    this.scanned = this.start;
    return line;
  }

  /** A copy of at most `count` bytes from the front, which stay. */
  peek(count: number): Uint8Array {
    return this.store.slice(this.start, Math.min(this.end, this.start + count));
  }

  private makeRoom(count: number): void {
    const needed = this.length + count;
    // Moving to the front pays only where it frees half the store; else each byte could be moved over and over.
    const size = needed * 2 <= this.store.length ? this.store.length : Math.max(needed * 2, initialBytes);
    const target = size === this.store.length ? this.store : new Uint8Array(size);
    target.set(this.store.subarray(this.start, this.end));
    this.store = target;
    this.scanned -= this.start;
    this.end -= this.start;
    this.start = 0;
  }
}

// A segment of a control connection is rarely longer than this.
const initialBytes = 2048;
