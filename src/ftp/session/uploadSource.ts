/** The bytes of a stream, handed out in several parts, one after another. The last ones can be had once more. */
export class UploadSource {
  private readonly source: AsyncIterator<Uint8Array, unknown>;
  /** Asked for, though the part may end before it comes. */
  private coming: Promise<IteratorResult<Uint8Array, unknown>> | undefined;
  /** To be handed out before the source is asked again. */
  private ready: Uint8Array[] = [];
  /** What was handed out last. */
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private mostKept = Infinity;
  private stopped = false;
  private wake: (() => void) | undefined;
  private ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** All was handed out. */
  get isEnded(): boolean {
    return this.ended && this.ready.length === 0;
  }

  /** Ends the present part: behind one piece at least, so that who stops again and again still gets on. */
  stop(): void {
    this.stopped = true;
    this.wake?.();
  }

  /** From now on a stop is meant for the next part. */
  resume(): void {
    this.stopped = false;
  }

  /** Up to the end of the stream, a stop, or `limit` bytes. No generator: two took a fifth of an upload's user time. */
  part(limit: number): AsyncIterableIterator<Uint8Array, undefined> {
    let bytes = 0;
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      const isOver = bytes >= limit || (bytes > 0 && this.stopped);
      const piece = isOver ? undefined : (this.ready.shift() ?? (await this.pull()));
      if (!piece) return { done: true, value: undefined };
      bytes += piece.length;
      this.keep(piece);
      return { done: false, value: piece };
    };
    const pieces = { next, [Symbol.asyncIterator]: () => pieces };
    return pieces;
  }

  /** From now on only about the last `bytes` that were handed out can be had again. */
  keepLast(bytes: number): void {
    this.mostKept = bytes;
  }

  /** Whether the last `bytes` that were handed out can be had again. */
  holds(bytes: number): boolean {
    return bytes <= this.keptBytes;
  }

  /** Hands the last `bytes` out again. False when they cannot be had any more. */
  goBack(bytes: number): boolean {
    if (!this.holds(bytes)) return false;
    this.keptBytes -= bytes;
    for (let left = bytes; left > 0;) {
      const piece = this.kept.pop() ?? new Uint8Array(left);
      const stays = Math.max(0, piece.length - left);
      if (stays > 0) this.kept.push(piece.subarray(0, stays));
      this.ready.unshift(piece.subarray(stays));
      left -= piece.length - stays;
    }
    return true;
  }

  /** Nobody wants the rest. */
  release(): void {
    if (!this.ended) this.source.return?.().catch(() => undefined);
  }

  private keep(piece: Uint8Array): void {
    this.kept.push(piece);
    this.keptBytes += piece.length;
    while (this.keptBytes > this.mostKept) this.keptBytes -= this.kept.shift()?.length ?? this.keptBytes;
  }

  /** Undefined: there is no more, or a stop came first. */
  private async pull(): Promise<Uint8Array | undefined> {
    while (this.ready.length === 0 && !this.ended) {
      this.coming ??= this.source.next();
      const next = await this.orStop(this.coming);
      if (!next) return undefined;
      this.coming = undefined;
      if (next.done) this.ended = true;
      else this.ready = piecesOf(next.value);
    }
    return this.ready.shift();
  }

  private orStop<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.wake = () => resolve(undefined);
      if (this.stopped) this.wake();
      work.then(resolve, reject);
    });
  }
}

function piecesOf(chunk: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < chunk.length; at += pieceBytes) pieces.push(chunk.subarray(at, at + pieceBytes));
  return pieces;
}

/** Small enough to stop soon on a slow line, large enough to cost nothing on a fast one. */
const pieceBytes = 64 * 1024;
