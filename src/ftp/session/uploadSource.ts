/** The bytes of a stream, handed out in several parts, one after another. The first ones can be had once more. */
export class UploadSource {
  private readonly source: AsyncIterator<Uint8Array, unknown>;
  /** Asked for, though the part may end before it comes. */
  private coming: Promise<IteratorResult<Uint8Array, unknown>> | undefined;
  /** To be handed out before the source is asked again. */
  private ready: Uint8Array[] = [];
  /** What was handed out, as long as it may be wanted again. */
  private kept: Uint8Array[] | undefined = [];
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

  /** Up to the end of the stream, a stop, or `limit` bytes. */
  async *part(limit: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let bytes = 0; bytes < limit;) {
      const piece = this.ready.shift() ?? (await this.pull());
      if (!piece) return;
      this.kept?.push(piece);
      bytes += piece.length;
      yield piece;
      if (this.stopped) return;
    }
  }

  /** What was handed out will not be wanted again. */
  forget(): void {
    this.kept = undefined;
  }

  /** Begins again. False when that is not possible any more. */
  rewind(): boolean {
    if (!this.kept) return false;
    this.ready.unshift(...this.kept.splice(0));
    return true;
  }

  /** Nobody wants the rest. */
  release(): void {
    if (!this.ended) this.source.return?.().catch(() => undefined);
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
