import { createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import type { Outside } from '../../base/outside';
import { RemoteProtocolError } from '../protocol/errors';
import { piecesFrom, type Pieces } from './pieces';
import type { Sink } from './receiver';

// MODE Z (draft-preston-ftpext-deflate): one zlib stream per file, ended by the close of the data connection.

/** Undoes deflate on the way into `sink`. */
export function inflatingInto(sink: Sink, outside: Outside): Sink {
  const inflate = createInflate();
  const output = collect(inflate);
  let whole = false;
  inflate.once('end', () => (whole = true));
  const deliver = async (): Promise<void> => {
    for (const chunk of output()) await sink.write(chunk);
  };
  return {
    write: (bytes) => {
      // The work may begin later, when the bytes are somebody else's.
      const chunk = bytes.slice();
      return outside.run('inflate', () => through(inflate, chunk)).then(deliver);
    },
    finish: async () => {
      await outside.run('inflate', () => finished(inflate));
      await deliver();
      if (!whole) throw new RemoteProtocolError('The compressed data end in the middle.');
      await sink.finish?.();
    },
  };
}

/** Deflates `source`; `level` as zlib's, 1 to 9. */
export function deflated(source: Pieces, level: number, outside: Outside): Pieces {
  return piecesFrom(deflating(source, level, outside));
}

async function* deflating(
  source: Pieces,
  level: number,
  outside: Outside,
): AsyncGenerator<Uint8Array, void, undefined> {
  const deflate = createDeflate({ level });
  const output = collect(deflate);
  try {
    for (let chunk = await source.next(); chunk; chunk = await source.next()) {
      await outside.run('deflate', () => through(deflate, chunk));
      yield* output();
    }
    await outside.run('deflate', () => finished(deflate));
    yield* output();
  } finally {
    deflate.destroy();
    source.release();
  }
}

/** Takes what the stream puts out; the returned function hands over what has come so far. */
function collect(stream: Deflate | Inflate): () => Uint8Array[] {
  const chunks: Uint8Array[] = [];
  stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  return () => chunks.splice(0);
}

function through(stream: Deflate | Inflate, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(damaged(error));
    stream.once('error', fail);
    stream.write(bytes, () => {
      stream.off('error', fail);
      resolve();
    });
  });
}

function finished(stream: Deflate | Inflate): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', (error) => reject(damaged(error)));
    stream.once('end', resolve);
    stream.end();
  });
}

function damaged(cause: Error): RemoteProtocolError {
  return new RemoteProtocolError('The compressed data are damaged.', { cause });
}
