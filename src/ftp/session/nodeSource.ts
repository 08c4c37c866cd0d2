import type { Readable } from 'node:stream';
import type { Piece, Pieces } from '../dtp/pieces';

/** The chunks of a stream. Node's own iterator joins what waits in the stream: fresh memory, and a copy, for each chunk. */
export class NodeSource implements Pieces {
  private chunks: Uint8Array[] = [];
  private held = 0;
  private failure: Error | undefined;
  private begun = false;
  private ended = false;
  private wake: (() => void) | undefined;

  constructor(private readonly stream: Readable) {}

  take(): Uint8Array | undefined {
    const chunk = this.chunks.shift();
    this.held -= chunk?.length ?? 0;
    if (chunk && this.held < leastHeld) this.stream.resume();
    return chunk;
  }

  async next(): Promise<Piece> {
    if (!this.begun) this.begin();
    while (this.chunks.length === 0 && !this.ended) {
      if (this.failure) throw this.failure;
      const news = new Promise<void>((resolve) => (this.wake = resolve));
      this.stream.resume();
      await news;
    }
    return this.take();
  }

  /** A stream that was never read stays as it is, as with Node's own iterator. */
  release(): void {
    if (this.begun) this.stream.destroy();
  }

  private begin(): void {
    const { stream } = this;
    this.begun = true;
    this.ended = stream.readableEnded;
    this.failure = stream.errored ?? undefined;
    if (stream.destroyed) this.handleClose();
    stream.on('data', (chunk: Uint8Array) => this.handleData(chunk));
    stream.on('end', () => this.handleEnd());
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => this.handleClose());
  }

  private handleData(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held >= mostHeld) this.stream.pause();
    this.tell();
  }

  private handleEnd(): void {
    this.ended = true;
    this.tell();
  }

  private handleClose(): void {
    if (!this.ended) this.fail(new Error('The stream was closed before its end.'));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.tell();
  }

  private tell(): void {
    this.wake?.();
    this.wake = undefined;
  }
}

/** Bytes that wait here, so that the stream need not be stopped and started for each chunk. */
const mostHeld = 512 * 1024;

/** Below this the stream goes on, while the rest is being sent. */
const leastHeld = mostHeld / 2;
