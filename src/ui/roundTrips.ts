import type { ReceivedEvent, SentEvent } from '../ftp/index';

/** How long this server takes to answer, from commands that left while none was unanswered. */
export class RoundTrips {
  private readonly samples: number[] = [];
  private sentAt: number | undefined;

  take(event: SentEvent | ReceivedEvent): void {
    if (event.kind === 'sent') {
      this.sentAt ??= event.at;
      return;
    }
    if (this.sentAt === undefined) return;
    this.samples.push(event.at - this.sentAt);
    this.sentAt = undefined;
    if (this.samples.length > kept) this.samples.shift();
  }

  /** Milliseconds. */
  get last(): number | undefined {
    return this.samples.at(-1);
  }

  /** The median: one slow answer does not move it. */
  get usual(): number | undefined {
    return [...this.samples].sort((a, b) => a - b)[Math.floor(this.samples.length / 2)];
  }
}

const kept = 21;
