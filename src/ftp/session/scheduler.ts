// Theory of operation
//
// One control connection serves one operation at a time. Who waits enters by class, and within a class in the order of
// coming. A bulk transfer asks its turn whether somebody more urgent waits, stops at a place where it can go on later,
// and gives way: it queues again, before the others of its class. It comes back when nobody more urgent came for a
// moment, because what a person does seldom comes alone, and each return costs three round trips and each stop one.
// After a long wait it goes before everybody, so that no flood of small requests keeps it out for ever.
import { onAbort } from '../../base/abort';
import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import { toDisposable, type Disposable } from '../../base/disposable';
import { FtpError } from '../protocol/errors';

/** Who goes first: what a person waits for, what keeps things fresh, what takes long. */
export type Urgency = 'interactive' | 'background' | 'bulk';

const order: readonly Urgency[] = ['interactive', 'background', 'bulk'];

/** Milliseconds without anybody more urgent before a transfer that gave way goes on: between two clicks there are more. */
const quietTime = 100;
/** Milliseconds that a transfer that gave way may be kept waiting: longer than any burst that a person causes. */
const longestWait = 30_000;
/** Milliseconds that it moves bytes then, whoever waits: a hundredth of the time at least, and hardly to be felt. */
const leastTurn = 250;

/** What a long transfer asks while it runs. */
export interface Interruption {
  /** Somebody more urgent waits, and it may stop before it has moved anything. */
  readonly isWanted: boolean;
  /** Calls `fire` once, as soon as somebody more urgent waits; now, if he does already. */
  onWanted(fire: () => void): Disposable;
}

/** The right to use the control connection; disposing ends it. */
export interface Turn extends Interruption, Disposable {
  readonly urgency: Urgency;
  /** It takes longer than it seemed: it gives way as a bulk transfer does. */
  becomeBulk(): void;
  /** What waits and is more urgent, in the words of the log; undefined when nothing is. */
  readonly wantedBy: string | undefined;
  /** Lets the others go first; resolves when the turn has come back. */
  giveWay(): Promise<void>;
}

interface Waiter {
  readonly turn: HeldTurn;
  /** When it gave way; absent for who has not begun. */
  readonly since?: number;
  readonly entered: Deferred<void>;
}

/** Hands out the turns on one control connection. */
export class Scheduler {
  private waiting: Waiter[] = [];
  private holder: HeldTurn | undefined;
  private ended: FtpError | undefined;
  /** When a turn more urgent than bulk ended last. */
  private lastUrgent = -Infinity;
  private pause: Disposable | undefined;

  constructor(readonly clock: Clock) {}

  get queued(): number {
    return this.waiting.length;
  }

  /** Nobody has the turn, and nobody wants it. */
  get isIdle(): boolean {
    return !this.holder && this.waiting.length === 0;
  }

  /** Resolves when it is the caller's turn. `what` names it to those who give way to it. */
  async turn(urgency: Urgency, what: string, signal: AbortSignal | undefined): Promise<Turn> {
    const turn = new HeldTurn(this, urgency, what, signal);
    await this.enter({ turn, entered: new Deferred() }, this.waiting.length);
    return turn;
  }

  /** Refuses whoever waits, and whoever comes. */
  close(error: FtpError): void {
    this.ended = error;
    this.pause?.dispose();
    for (const { entered } of this.waiting.splice(0)) entered.reject(error);
  }

  /** For turns alone: who waits first of those that go before `urgency`. */
  moreUrgentThan(urgency: Urgency): HeldTurn | undefined {
    return this.waiting.find(({ turn }) => rank(turn.urgency) < rank(urgency))?.turn;
  }

  /** For turns alone. */
  leave(turn: HeldTurn): void {
    if (this.holder !== turn) return;
    this.holder = undefined;
    if (turn.urgency !== 'bulk') this.lastUrgent = this.clock.now();
    this.admit();
  }

  /** For turns alone: queues again, first of its class. */
  async giveWay(turn: HeldTurn): Promise<void> {
    const first = this.waiting.findIndex((waiter) => waiter.turn.urgency === turn.urgency);
    const waiter = { turn, since: this.clock.now(), entered: new Deferred<void>() };
    const back = this.enter(waiter, first < 0 ? this.waiting.length : first);
    this.leave(turn);
    await back;
  }

  private async enter(waiter: Waiter, place: number): Promise<void> {
    if (this.ended) throw this.ended;
    const { signal } = waiter.turn;
    if (signal?.aborted) throw cancelled();
    this.waiting.splice(place, 0, waiter);
    this.admit();
    this.holder?.notice();
    const listener = onAbort(signal, () => this.remove(waiter));
    try {
      await waiter.entered.promise;
    } finally {
      listener.dispose();
    }
  }

  private remove(waiter: Waiter): void {
    this.waiting = this.waiting.filter((other) => other !== waiter);
    waiter.entered.reject(cancelled());
    this.admit();
  }

  /** Lets the next one in, unless it is one that comes back and the moment for that has not come. */
  private admit(): void {
    this.pause?.dispose();
    const next = this.holder ? undefined : this.next();
    if (!next) return;
    const early = next.since === undefined ? 0 : this.lastUrgent + quietTime - this.clock.now();
    if (early > 0 && !this.isOverdue(next)) {
      this.pause = this.clock.setTimer(early, () => this.admit(), 'bulk pause');
      return;
    }
    this.waiting = this.waiting.filter((waiter) => waiter !== next);
    next.turn.isOverdue = this.isOverdue(next);
    // From here on the turn is taken, so that nobody slips in before its new holder goes on.
    this.holder = next.turn;
    next.entered.resolve();
  }

  private next(): Waiter | undefined {
    const overdue = this.waiting.find((waiter) => this.isOverdue(waiter));
    if (overdue) return overdue;
    const inOrder = order.flatMap((urgency) => this.waiting.filter(({ turn }) => turn.urgency === urgency));
    return inOrder[0];
  }

  private isOverdue({ since }: Waiter): boolean {
    return since !== undefined && this.clock.now() - since >= longestWait;
  }
}

class HeldTurn implements Turn {
  /** It waited so long that it moves something before it gives way again. */
  isOverdue = false;
  private fire: (() => void) | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    public urgency: Urgency,
    readonly what: string,
    readonly signal: AbortSignal | undefined,
  ) {}

  get wantedBy(): string | undefined {
    return this.scheduler.moreUrgentThan(this.urgency)?.what;
  }

  get isWanted(): boolean {
    return !this.isOverdue && this.wantedBy !== undefined;
  }

  onWanted(fire: () => void): Disposable {
    this.fire = fire;
    const endOfLeast = (): void => {
      this.isOverdue = false;
      this.notice();
    };
    const least = this.isOverdue && this.scheduler.clock.setTimer(leastTurn, endOfLeast, 'bulk turn');
    this.notice();
    return toDisposable(() => {
      this.fire = undefined;
      if (least) least.dispose();
    });
  }

  /** Somebody has come. */
  notice(): void {
    if (!this.fire || !this.isWanted) return;
    const { fire } = this;
    this.fire = undefined;
    fire();
  }

  becomeBulk(): void {
    this.urgency = 'bulk';
    this.notice();
  }

  giveWay(): Promise<void> {
    return this.scheduler.giveWay(this);
  }

  dispose(): void {
    this.scheduler.leave(this);
  }
}

function rank(urgency: Urgency): number {
  return order.indexOf(urgency);
}

function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled before its turn.');
}
