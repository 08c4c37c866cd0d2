import { Deferred } from '../../base/deferred';

/** Between a download and an upload: hands chunks on, holds a few, and tells each end when the other has failed. */
export class Pipe implements AsyncIterable<Uint8Array> {
  /** Bytes that were put in. */
  bytes = 0;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private room = new Deferred<void>();
  private news = new Deferred<void>();
  private ended = false;
  private failure: Error | undefined;

  /** The bytes are copied. A promise says: wait, I am full; it rejects when the pipe broke. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.failure) return Promise.reject(this.failure);
    this.chunks.push(bytes.slice());
    this.bytes += bytes.length;
    this.held += bytes.length;
    this.news.resolve();
    return this.held < capacity ? undefined : this.room.promise;
  }

  /** No more bytes come; those that are held are still handed out. */
  end(): void {
    this.ended = true;
    this.news.resolve();
  }

  /** Whoever waits at either end is refused. */
  break(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    this.news.resolve();
    this.room.reject(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      if (this.failure) throw this.failure;
      const chunk = this.chunks.shift();
      if (chunk) {
        this.took(chunk.length);
        yield chunk;
      } else if (this.ended) return;
      else await this.more();
    }
  }

  private took(bytes: number): void {
    this.held -= bytes;
    if (this.held >= capacity) return;
    this.room.resolve();
    this.room = new Deferred();
  }

  private more(): Promise<void> {
    this.news = new Deferred();
    return this.news.promise;
  }
}

/** Keeps both data connections busy over one round trip of a good line; memory stays flat. */
const capacity = 1024 * 1024;
