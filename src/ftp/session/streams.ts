import type { Readable, Writable } from 'node:stream';
import { Deferred } from '../../base/deferred';
import { piecesFrom, type Pieces } from '../dtp/pieces';
import type { Sink } from '../dtp/receiver';
import { NodeSource } from './nodeSource';

/** A sink that can be finished, or given up. */
export interface StreamSink extends Sink {
  close(): Promise<void>;
  abort(error: unknown): Promise<void>;
}

/** One face for the two kinds of stream that a caller may hand in. What they do with a chunk, and when, nobody knows. */
export function sinkInto(stream: WritableStream<Uint8Array> | Writable): StreamSink {
  return 'getWriter' in stream ? webSink(stream) : new NodeSink(stream);
}

/** Both kinds of readable stream as their chunks, as they come. */
export function chunksOf(source: ReadableStream<Uint8Array> | Readable): Pieces {
  return 'getReader' in source ? piecesFrom(source as AsyncIterable<Uint8Array>) : new NodeSource(source);
}

function webSink(stream: WritableStream<Uint8Array>): StreamSink {
  const writer = stream.getWriter();
  return {
    keeps: true,
    write: (bytes) => writer.write(bytes),
    close: () => writer.close(),
    abort: (error) => writer.abort(error).catch(() => undefined),
  };
}

/** Waits only when the stream is full, and not for each chunk: a promise and a pause for every 64 KiB cost a fifth. */
class NodeSink implements StreamSink {
  readonly keeps = true;
  private failure: Error | undefined;
  private room: Deferred<void> | undefined;

  constructor(private readonly stream: Writable) {
    stream.on('drain', () => this.room?.resolve());
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => this.fail(new Error('The stream was closed.')));
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.failure) return Promise.reject(this.failure);
    if (this.stream.write(bytes) || this.hasRoom) return undefined;
    this.room = new Deferred();
    return this.room.promise;
  }

  close(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => this.stream.once('error', reject).end(resolve));
  }

  /** Without an error: nobody may be listening for it, and the caller has it already. */
  abort(): Promise<void> {
    this.stream.destroy();
    return Promise.resolve();
  }

  /** Node's mark is at 16 KiB: one chunk, and the disk and the line would take turns. */
  private get hasRoom(): boolean {
    return !this.stream.writableObjectMode && this.stream.writableLength < mostWaiting;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.room?.reject(this.failure);
  }
}

/** Bytes that wait in a stream before the line does. */
const mostWaiting = 1024 * 1024;
