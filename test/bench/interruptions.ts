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
  const sink = new NumberedSink();
  let sent = 0;
  const began = place.now();
  const running =
    direction === 'download'
      ? session.download(path, sink)
      : session.upload(
          numberedSource(size, (bytes) => (sent = bytes)),
          uploaded,
        );
  const bulk = new Bulk(running, place, () => (direction === 'download' ? sink.position : sent));
  const looks = await lookAround(session, place, times, bulk);
  await running;
  if (direction === 'download' && sink.position !== size) {
    throw new Error(`${sink.position} bytes of ${size}`);
  }
  const whole = place.now() - began;
  await session.close();
  return { ...looks, whole, uploaded };
}

/** A large file on its way. */
class Bulk {
  isOver = false;

  constructor(
    running: Promise<void>,
    private readonly place: Place,
    private readonly moved: () => number,
  ) {
    const over = (): void => void (this.isOver = true);
    // Failures are for the end; until then they are nobody's.
    running.then(over, over);
  }

  /** Until it has come back, and new bytes have moved; and then some time more, so that it is caught at any point. */
  async movesAgain(): Promise<void> {
    const goal = this.moved() + fresh;
    while (!this.isOver && this.moved() < goal) await this.place.pause(5);
    await this.place.pause(Math.random() * longestPause);
  }
}

/** Bytes: more than any buffer on the way reads ahead. */
const fresh = 512 * 1024;
/** Milliseconds: two round trips. */
const longestPause = 100;

async function lookAround(
  session: FtpSession,
  place: Place,
  times: number,
  bulk: Bulk,
): Promise<Pick<Interruptions, 'lists' | 'reads' | 'during'>> {
  const [lists, reads]: [number[], number[]] = [[], []];
  const [small = ''] = twenty(place.server, 0);
  let during = 0;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    await bulk.movesAgain();
    const began = place.now();
    await work();
    if (!bulk.isOver) during++;
    return place.now() - began;
  };
  while (lists.length < times) {
    lists.push(await timed(() => session.list(folderOf(place.server))));
    reads.push(await timed(() => session.read(small)));
  }
  return { lists, reads, during };
}
