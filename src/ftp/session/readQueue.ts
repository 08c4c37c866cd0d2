import { Deferred } from '../../base/deferred';
import { onAbort } from '../../base/abort';
import { FtpError } from '../protocol/errors';
import { explain } from './explain';
import type { Link } from './link';
import type { Operations, Perform } from './operations';
import { read } from './read';
import { readSeries, type Wanted } from './readSeries';

interface Waiting extends Wanted {
  readonly outcome: Deferred<Uint8Array>;
  refused: FtpError | undefined;
}

/**
 * Whole files wanted in a mode in which one data connection serves many: those that wait together are read together.
 * The first makes the data connection, the others follow on it.
 */
export class ReadQueue {
  private waiting: Waiting[] = [];
  private isRunning = false;

  constructor(private readonly operations: Operations) {}

  async read(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const outcome = new Deferred<Uint8Array>();
    const cancel = onAbort(signal, () =>
      outcome.reject(new FtpError('aborted', 'The operation was cancelled.')),
    );
    const file: Waiting = {
      path,
      outcome,
      refused: undefined,
      deliver: (bytes) => outcome.resolve(bytes),
      fail: (error) => (file.refused = error),
    };
    this.waiting.push(file);
    this.start();
    try {
      return await outcome.promise;
    } finally {
      cancel.dispose();
    }
  }

  private start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.run().then(
      () => this.stop(undefined),
      (error: unknown) => this.stop(error),
    );
  }

  private stop(error: unknown): void {
    this.isRunning = false;
    const left = this.waiting.splice(0);
    if (error === undefined && left.length > 0) {
      this.waiting = left;
      return this.start();
    }
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const { outcome } of left) outcome.reject(reason);
  }

  private async run(): Promise<void> {
    await this.operations.run<number>({
      name: 'read',
      begin: 'Read queued files',
      end: (count) => `Read ${count} files`,
      run: (perform) => this.readAll(perform),
    });
  }

  /** All that can follow on an open data connection; else one by itself, which makes it. */
  private async readAll(perform: Perform): Promise<number> {
    for (let count = 0; ; count++) {
      const before = this.waiting.length;
      await perform((link) => this.follow(link));
      count += before - this.waiting.length;
      const file = this.take();
      if (!file) return count;
      await this.readAlone(perform, file);
    }
  }

  private async readAlone(perform: Perform, file: Waiting): Promise<void> {
    try {
      file.deliver(await perform((link) => read(link, file.path, {})));
    } catch (error) {
      if (error instanceof FtpError && error.code !== 'aborted') return file.outcome.reject(error);
      // The session is being closed, or no way to a data connection is left: that ends all that wait.
      this.waiting.unshift(file);
      throw error;
    }
  }

  private async follow(link: Link): Promise<void> {
    const files = this.waiting.splice(0).filter(({ outcome }) => !outcome.settled);
    try {
      const again = await readSeries(link, files);
      this.waiting.unshift(...files.filter((file) => again.includes(file)));
    } catch (error) {
      this.waiting.unshift(...files.filter(({ outcome, refused }) => !outcome.settled && !refused));
      throw error;
    } finally {
      for (const { refused, path, outcome } of files) {
        if (refused) outcome.reject(asFtpError(await explain(link, refused, path, 'read'), refused));
      }
    }
  }

  private take(): Waiting | undefined {
    for (let file = this.waiting.shift(); file; file = this.waiting.shift()) {
      if (!file.outcome.settled) return file;
    }
    return undefined;
  }
}

function asFtpError(explained: unknown, otherwise: FtpError): FtpError {
  return explained instanceof FtpError ? explained : otherwise;
}
