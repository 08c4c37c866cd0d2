import { Deferred } from '../../base/deferred';
import { onAbort } from '../../base/abort';
import type { Entry } from '../listing/entry';
import { FtpError } from '../protocol/errors';
import type { Link } from './link';
import type { Operations } from './operations';
import { stat } from './stat';

/** Paths asked for at the same moment, or while others wait for their turn, are looked at in one batch. */
export class StatQueue {
  private collecting: Batch | undefined;

  constructor(private readonly operations: Operations) {}

  stat(path: string, signal: AbortSignal | undefined): Promise<Entry> {
    if (signal?.aborted) return Promise.reject(cancelled());
    if (this.collecting) return this.collecting.add(path, signal);
    const close = (): void => {
      if (this.collecting === batch) this.collecting = undefined;
    };
    const batch = new Batch(close);
    this.collecting = batch;
    const answer = batch.add(path, signal);
    this.start(batch, close);
    return answer;
  }

  private start(batch: Batch, close: () => void): void {
    this.operations
      .run({
        name: 'stat',
        get path() {
          return batch.onlyPath;
        },
        signal: batch.signal,
        get begin() {
          return `Look at ${batch.words}`;
        },
        end: () => 'Done',
        run: (perform) => {
          close();
          return perform((link) => batch.answer(link));
        },
      })
      .catch((error: unknown) => {
        close();
        batch.fail(error);
      });
  }
}

interface Wanted {
  readonly path: string;
  readonly outcome: Deferred<Entry>;
}

/** Those that share one operation. It is cancelled when nobody wants any of them any more. */
class Batch {
  private readonly wanted: Wanted[] = [];
  private readonly controller = new AbortController();

  constructor(private readonly close: () => void) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get onlyPath(): string | undefined {
    return this.wanted.length === 1 ? this.wanted[0]?.path : undefined;
  }

  get words(): string {
    return this.onlyPath ?? `${this.wanted.length} paths`;
  }

  async add(path: string, signal: AbortSignal | undefined): Promise<Entry> {
    const outcome = new Deferred<Entry>();
    this.wanted.push({ path, outcome });
    const cancel = onAbort(signal, () => {
      outcome.reject(cancelled());
      if (this.open.length === 0) this.giveUp();
    });
    try {
      return await outcome.promise;
    } finally {
      cancel.dispose();
    }
  }

  async answer(link: Link): Promise<void> {
    const { open } = this;
    const answers = await answersFor(
      link,
      open.map(({ path }) => path),
    );
    for (const [index, { outcome }] of open.entries()) {
      const answer = answers[index];
      if (answer instanceof FtpError) outcome.reject(answer);
      else if (answer) outcome.resolve(answer);
    }
  }

  fail(error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const { outcome } of this.open) outcome.reject(reason);
  }

  private get open(): Wanted[] {
    return this.wanted.filter(({ outcome }) => !outcome.settled);
  }

  private giveUp(): void {
    this.close();
    this.controller.abort();
  }
}

/** A path that cannot be sent spoils the segment, but is nobody's fault but its own. */
async function answersFor(link: Link, paths: readonly string[]): Promise<(Entry | FtpError)[]> {
  try {
    return await stat(link, paths);
  } catch (error) {
    if (!FtpError.is(error, 'name-unsendable')) throw error;
    if (paths.length === 1) return [error];
  }
  const answers = [];
  for (const path of paths) answers.push(...(await answersFor(link, [path])));
  return answers;
}

function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled.');
}
