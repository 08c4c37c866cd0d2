import { onAbort } from '../../base/abort';
import { toDisposable, type Disposable } from '../../base/disposable';
import { FtpError } from '../protocol/errors';

/** Who goes first: what a person waits for, what keeps things fresh, what takes long. */
export type Urgency = 'interactive' | 'background' | 'bulk';

const order: readonly Urgency[] = ['interactive', 'background', 'bulk'];

interface Waiter {
  readonly urgency: Urgency;
  enter(): void;
  refuse(error: FtpError): void;
}

/** One control connection serves one operation at a time: first in, first out within a class. */
export class Scheduler {
  private waiting: Waiter[] = [];
  private busy = false;
  private ended: FtpError | undefined;

  get queued(): number {
    return this.waiting.length;
  }

  /** Resolves when it is the caller's turn, with what ends the turn. */
  async turn(urgency: Urgency, signal: AbortSignal | undefined): Promise<Disposable> {
    if (this.ended) throw this.ended;
    if (signal?.aborted) throw cancelled();
    if (this.busy) await this.wait(urgency, signal);
    this.busy = true;
    return toDisposable(() => this.next());
  }

  /** Refuses whoever waits, and whoever comes. */
  close(error: FtpError): void {
    this.ended = error;
    for (const waiter of this.waiting.splice(0)) waiter.refuse(error);
  }

  private async wait(urgency: Urgency, signal: AbortSignal | undefined): Promise<void> {
    let listener: Disposable | undefined;
    try {
      await new Promise<void>((enter, refuse) => {
        const waiter = { urgency, enter, refuse };
        this.waiting.push(waiter);
        listener = onAbort(signal, () => {
          this.waiting = this.waiting.filter((other) => other !== waiter);
          refuse(cancelled());
        });
      });
    } finally {
      listener?.dispose();
    }
  }

  /** Hands the turn over without letting go of it, so that nobody slips in between. */
  private next(): void {
    for (const urgency of order) {
      const index = this.waiting.findIndex((waiter) => waiter.urgency === urgency);
      const [waiter] = index < 0 ? [] : this.waiting.splice(index, 1);
      if (waiter) return waiter.enter();
    }
    this.busy = false;
  }
}

function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled before its turn.');
}
