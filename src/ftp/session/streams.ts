import type { Readable, Writable } from 'node:stream';
import type { Sink } from '../dtp/receiver';

/** A sink that can be finished, or given up. */
export interface StreamSink extends Sink {
  close(): Promise<void>;
  abort(error: unknown): Promise<void>;
}

/** One face for the two kinds of stream that a caller may hand in. Chunks are copied: their bytes do not stay. */
export function sinkInto(stream: WritableStream<Uint8Array> | Writable): StreamSink {
  return 'getWriter' in stream ? webSink(stream) : nodeSink(stream);
}

/** Both kinds of readable stream are async iterables of bytes. */
export function chunksOf(source: ReadableStream<Uint8Array> | Readable): AsyncIterable<Uint8Array> {
  return source as AsyncIterable<Uint8Array>;
}

export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  await Promise.resolve();
  yield bytes;
}

function webSink(stream: WritableStream<Uint8Array>): StreamSink {
  const writer = stream.getWriter();
  return {
    write: (bytes) => writer.write(bytes.slice()),
    close: () => writer.close(),
    abort: (error) => writer.abort(error).catch(() => undefined),
  };
}

function nodeSink(stream: Writable): StreamSink {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) =>
        stream.write(bytes.slice(), (error) => (error ? reject(error) : resolve())),
      ),
    close: () => new Promise((resolve, reject) => stream.once('error', reject).end(resolve)),
    // Without an error: nobody may be listening for it, and the caller has it already.
    abort: () => {
      stream.destroy();
      return Promise.resolve();
    },
  };
}
