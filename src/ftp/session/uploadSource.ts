import { split, watched, type Piece, type Pieces } from '../dtp/pieces';

/** The bytes of a stream, handed out in several parts, one after another. The last ones can be had once more. */
export class UploadSource {
  /** Asked for, though the part may end before it comes. */
  private coming: Promise<Piece> | undefined;
  /** To be handed out before the source is asked again. */
  private ready: Uint8Array[] = [];
  /** What was handed out last. */
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private mostKept = Infinity;
  private stopped = false;
  private wake: (() => void) | undefined;
  private ended = false;

  constructor(private readonly source: Pieces) {}

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
  part(limit: number): Pieces {
    let bytes = 0;
    const isOver = (): boolean => bytes >= limit || (bytes > 0 && this.stopped);
    const pieces: Pieces = {
      take: () => (isOver() ? undefined : this.take()),
      next: () => (isOver() ? Promise.resolve(undefined) : this.next()),
      release: () => undefined,
    };
    return watched(pieces, (piece) => {
      if (!piece) return;
      bytes += piece.length;
      this.keep(piece);
    });
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
    if (!this.ended) this.source.release();
  }

  private keep(piece: Uint8Array): void {
    this.kept.push(piece);
    this.keptBytes += piece.length;
    while (this.keptBytes > this.mostKept) this.keptBytes -= this.kept.shift()?.length ?? this.keptBytes;
  }

  private take(): Uint8Array | undefined {
    const chunk = this.ready.length === 0 && !this.coming ? this.source.take() : undefined;
    if (chunk) this.ready = split(chunk);
    return this.ready.shift();
  }

  /** Undefined: there is no more, or a stop came first. */
  private async next(): Promise<Piece> {
    while (this.ready.length === 0 && !this.ended) {
      this.coming ??= this.source.next();
      const chunk = await Promise.race([this.coming, this.untilStopped()]);
      if (chunk === 'stop') return undefined;
      this.coming = undefined;
      if (chunk) this.ready = split(chunk);
      else this.ended = true;
    }
    return this.ready.shift();
  }

  private untilStopped(): Promise<'stop'> {
    return new Promise((resolve) => {
      this.wake = () => resolve('stop');
      if (this.stopped) this.wake();
    });
  }
}
