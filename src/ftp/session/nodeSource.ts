import type { Readable } from 'node:stream';
import { Deferred } from '../../base/deferred';

/** The chunks of a stream. Node's own iterator joins what waits in the stream: fresh memory, and a copy, for each chunk. */
export class NodeSource implements AsyncIterator<Uint8Array, undefined> {
  private chunks: Uint8Array[] = [];
  private held = 0;
  private failure: Error | undefined;
  private begun = false;
  private ended = false;
  private news: Deferred<void> | undefined;

  constructor(private readonly stream: Readable) {}

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.begun) this.begin();
    while (this.chunks.length === 0 && !this.ended) {
      if (this.failure) throw this.failure;
      this.news = new Deferred();
      this.stream.resume();
      await this.news.promise;
    }
    const value = this.chunks.shift();
    if (!value) return { done: true, value: undefined };
    this.held -= value.length;
    return { done: false, value };
  }

  /** Nobody wants the rest. A stream that was never read stays as it is, as with Node's own iterator. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.begun) this.stream.destroy();
    return Promise.resolve({ done: true, value: undefined });
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
    this.news?.resolve();
  }

  private handleEnd(): void {
    this.ended = true;
    this.news?.resolve();
  }

  private handleClose(): void {
    if (!this.ended) this.fail(new Error('The stream was closed before its end.'));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.news?.resolve();
  }
}

/** Bytes that wait here, so that the stream need not be stopped and started for each chunk. */
const mostHeld = 256 * 1024;
