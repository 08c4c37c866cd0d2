import { piecesFrom } from '../dtp/pieces';
import { Pipe } from '../relay/pipe';
import type { CopyParts } from './copyParts';
import { download } from './read';
import { Received } from './received';
import { store } from './write';

/**
 * RETR here, STOR there, at the same time, in flat memory. Rejects with the error that came first; the other side has
 * ended by then, too.
 */
export async function copyRelayed(parts: CopyParts, into: string): Promise<void> {
  const pipe = new Pipe();
  const { source, target, onProgress } = parts;
  const options = onProgress ? { onProgress } : {};
  const soFar = new Received();
  const received = source.perform(async (link) => {
    // After a reconnect the rest only: the other side has the beginning already.
    await download(link, source.path, pipe, options, soFar);
    pipe.end();
  });
  const sent = target.perform((link) =>
    store(link, into, { pieces: () => piecesFrom(pipe), total: source.size, isRepeatable: false }, {}),
  );
  await bothOrFirstFailure(received, sent, pipe);
}

async function bothOrFirstFailure(
  received: Promise<unknown>,
  sent: Promise<unknown>,
  pipe: Pipe,
): Promise<void> {
  let first: Error | undefined;
  const failed = (error: unknown): void => {
    first ??= error instanceof Error ? error : new Error(String(error));
    pipe.break(first);
  };
  await Promise.all([received.catch(failed), sent.catch(failed)]);
  if (first) throw first;
}
