import type { FtpSession } from '../../src/ftp';
import { folderOf, newName, twenty, type Place } from './contestants/contestant';
import { signIn } from './contestants/portside';
import { NumberedSink, numberedSource } from './numbered';

export type BulkDirection = 'download' | 'upload';

export interface Interruptions {
  /** Milliseconds of each list, and of each read of a small file. */
  readonly lists: readonly number[];
  readonly reads: readonly number[];
  /** How many of both had their answer while the large file was still moving. */
  readonly during: number;
  /** Milliseconds of the large file as a whole. */
  readonly whole: number;
  /** What an upload left on the server. */
  readonly uploaded: string;
}

/** What an editor's user notices while a large file moves over the same control connection. */
export async function interrupt(
  place: Place,
  direction: BulkDirection,
  { path, size, times }: { path: string; size: number; times: number },
): Promise<Interruptions> {
  const session = await signIn(place);
  const uploaded = `${folderOf(place.server)}/${newName('large')}`;
  const began = place.now();
  let [moving, whole] = [true, NaN];
  const sink = new NumberedSink();
  const bulk = (
    direction === 'download' ? session.download(path, sink) : session.upload(numberedSource(size), uploaded)
  ).finally(() => {
    moving = false;
    whole = place.now() - began;
  });
  // Failures are for the end; until then they are nobody's.
  bulk.catch(() => undefined);
  await place.pause(1000);
  const looks = await lookAround(session, place, times, () => moving);
  await bulk;
  if (direction === 'download' && sink.position !== size) {
    throw new Error(`${sink.position} bytes of ${size}`);
  }
  await session.close();
  return { ...looks, whole, uploaded };
}

async function lookAround(
  session: FtpSession,
  place: Place,
  times: number,
  moving: () => boolean,
): Promise<Pick<Interruptions, 'lists' | 'reads' | 'during'>> {
  const [lists, reads]: [number[], number[]] = [[], []];
  const [small = ''] = twenty(place.server, 0);
  let during = 0;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = place.now();
    await work();
    if (moving()) during++;
    return place.now() - began;
  };
  while (lists.length < times) {
    lists.push(await timed(() => session.list(folderOf(place.server))));
    reads.push(await timed(() => session.read(small)));
  }
  return { lists, reads, during };
}
