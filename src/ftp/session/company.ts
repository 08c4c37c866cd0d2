// Theory of operation
//
// Where the server takes commands in their turn, transfers are asked for together, each with a listener of its own, so
// that it goes from one to the next without a round trip of ours. All of them leave at once, and nothing else until the
// last is answered: what it has not read when it begins to send a file, Pure-FTPd throws away.
//
//   > SIZE /a, EPRT, RETR /a, SIZE /b, EPRT, RETR /b
//   < 213, 200, 150, 226, 213, 200, 150, 226
//
// So those who share a turn wait for one another before the first command leaves. Who has anything else to say than its
// one transfer leaves the company first (`Turn.alone`).
import { onAbort } from '../../base/abort';
import { Deferred } from '../../base/deferred';
import type { CommandGroup, ControlConnection } from '../pi/controlConnection';
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';

/** Each has a port to listen at, and whoever comes meanwhile waits for all of them. */
const mostMembers = 20;

/** Bytes: what fits in one segment also where they are small (IPv6's least MTU, less its header, TCP's and its options). */
const segmentBytes = 1200;

/** What one of several asks of the server. */
export interface Parcel extends CommandGroup {
  readonly control: ControlConnection;
  readonly signal: AbortSignal;
  /** All that leaves together has to arrive together, in one segment. */
  readonly inOneSegment: boolean;
}

interface Waiting {
  readonly parcel: Parcel;
  readonly bytes: number;
  readonly left: Deferred<readonly Exchange[]>;
}

/** Those who have the turn at the same time. */
export class Company<Member extends object> {
  /** Whether it has said what it wants to send. */
  private readonly heard = new Map<Member, boolean>();
  private waiting: Waiting[] = [];
  private isUnderWay = false;
  private hasLeft = false;

  get members(): readonly Member[] {
    return [...this.heard.keys()];
  }

  /** Whether one more can come along. */
  get hasRoom(): boolean {
    return !this.hasLeft && this.heard.size < mostMembers;
  }

  add(member: Member): void {
    if (this.heard.size === 0) this.hasLeft = false;
    this.heard.set(member, false);
  }

  delete(member: Member): void {
    this.heard.delete(member);
    this.depart();
  }

  /** Resolves when it is out, which may be behind others. */
  async send(member: Member, parcel: Parcel): Promise<readonly Exchange[]> {
    const lengths = parcel.commands.map((command) => parcel.control.lengthOf(command));
    const bytes = lengths.reduce((sum, length) => sum + length, 0);
    const left = new Deferred<readonly Exchange[]>();
    const waiting = { parcel, bytes, left };
    this.waiting.push(waiting);
    this.heard.set(member, true);
    const cancel = onAbort(parcel.signal, () => {
      this.waiting = this.waiting.filter((other) => other !== waiting);
      left.reject(new FtpError('aborted', 'The operation was cancelled.'));
    });
    this.depart();
    try {
      return await left.promise;
    } finally {
      cancel.dispose();
    }
  }

  private depart(): void {
    if (this.isUnderWay || [...this.heard.values()].includes(false)) return;
    const leaving = this.take();
    const [first] = leaving;
    if (!first) return;
    this.hasLeft = true;
    try {
      const groups = first.parcel.control.sendTogether(leaving.map(({ parcel }) => parcel));
      leaving.forEach(({ left }, index) => left.resolve(groups[index] ?? []));
      this.awaitLast(groups.flat().at(-1));
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { left } of leaving) left.reject(reason);
    }
  }

  private awaitLast(exchange: Exchange | undefined): void {
    this.isUnderWay = true;
    const next = (): void => {
      this.isUnderWay = false;
      this.depart();
    };
    exchange?.final.then(next, next);
  }

  /** As many as fit, and one at least. */
  private take(): readonly Waiting[] {
    let sum = 0;
    const over = this.waiting.findIndex(
      ({ parcel, bytes }, index) => (sum += bytes) > segmentBytes && parcel.inOneSegment && index > 0,
    );
    return this.waiting.splice(0, over < 0 ? this.waiting.length : over);
  }
}
