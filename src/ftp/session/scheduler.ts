// Theory of operation
//
// One control connection serves one operation at a time. Who waits enters by class, and within a class in the order of
// coming. A bulk transfer asks its turn whether somebody more urgent waits, stops at a place where it can go on later,
// and gives way: it queues again, before the others of its class. It comes back when nobody more urgent came for a
// moment, because what a person does seldom comes alone, and each return costs three round trips and each stop one.
// After a long wait it goes before everybody, so that no flood of small requests keeps it out for ever.
//
// Where the server takes transfers one behind the other, several that follow one another here share the turn
// (company.ts). One that has to go on by itself, because it failed or is long, leaves the others and queues again, before
// the others of its class.
import { onAbort } from '../../base/abort';
import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import { toDisposable, type Disposable } from '../../base/disposable';
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';
import { Company, type Parcel } from './company';

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

/** A turn that others may share, each asking for one transfer. */
export interface SharedTurn {
  /** Others began with it. */
  readonly hasCompany: boolean;
  /** Sends what asks for the transfer: together with that of the others. */
  send(parcel: Parcel): Promise<readonly Exchange[]>;
  /** Has the control connection for itself from now on: resolves when those who shared the turn are through. */
  alone(): Promise<void>;
  /** Lets nobody in any more; true when nobody is. */
  seclude(): boolean;
}

/** The turn of who is alone anyway. */
export const unshared: SharedTurn = {
  hasCompany: false,
  send: ({ control, commands, operation }) => Promise.resolve(control.send(commands, operation)),
  alone: () => Promise.resolve(),
  seclude: () => true,
};

/** The right to use the control connection; disposing ends it. */
export interface Turn extends Interruption, SharedTurn, Disposable {
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
  /** Who has the turn: one, or several that share it. */
  private readonly company = new Company<HeldTurn>();
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
    return this.holders.length === 0 && this.waiting.length === 0;
  }

  private get holders(): readonly HeldTurn[] {
    return this.company.members;
  }

  /**
   * Resolves when it is the caller's turn. `what` names it to those who give way to it; `mayShare` is asked when it
   * begins.
   */
  async turn(
    urgency: Urgency,
    what: string,
    signal: AbortSignal | undefined,
    mayShare: () => boolean = () => false,
  ): Promise<Turn> {
    const turn = new HeldTurn(this, urgency, what, signal, mayShare);
    await this.enter({ turn, entered: new Deferred() }, this.waiting.length);
    return turn;
  }

  /** Refuses whoever waits, and whoever comes. */
  close(error: FtpError): void {
    this.ended = error;
    this.pause?.dispose();
    for (const { entered } of this.waiting.splice(0)) entered.reject(error);
  }

  /** For turns alone: who waits first, or shares the turn, of those that go before `urgency`. */
  moreUrgentThan(urgency: Urgency): HeldTurn | undefined {
    const others = [...this.waiting.map(({ turn }) => turn), ...this.holders];
    return others.find((turn) => rank(turn.urgency) < rank(urgency));
  }

  /** For turns alone. */
  isOnly(turn: HeldTurn): boolean {
    return this.holders.every((holder) => holder === turn);
  }

  /** For turns alone. */
  leave(turn: HeldTurn): void {
    if (!this.holders.includes(turn)) return;
    this.company.delete(turn);
    if (turn.urgency !== 'bulk') this.lastUrgent = this.clock.now();
    this.admit();
  }

  /** For turns alone. */
  send(turn: HeldTurn, parcel: Parcel): Promise<readonly Exchange[]> {
    return this.company.send(turn, parcel);
  }

  /** For turns alone: queues again, first of its class; `since`: when it gave way to more urgent ones. */
  async queueAgain(turn: HeldTurn, since?: number): Promise<void> {
    const first = this.waiting.findIndex((waiter) => waiter.turn.urgency === turn.urgency);
    const waiter = { turn, ...(since !== undefined && { since }), entered: new Deferred<void>() };
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
    for (const holder of this.holders) holder.notice();
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
    const next = this.next();
    if (!next || !this.hasRoomFor(next.turn)) return;
    const early = next.since === undefined ? 0 : this.lastUrgent + quietTime - this.clock.now();
    if (early > 0 && !this.isOverdue(next)) {
      this.pause = this.clock.setTimer(early, () => this.admit(), 'bulk pause');
      return;
    }
    this.waiting = this.waiting.filter((waiter) => waiter !== next);
    next.turn.isOverdue = this.isOverdue(next);
    // From here on the turn is taken, so that nobody slips in before its new holder goes on.
    next.turn.isShared = next.turn.mayShare();
    this.company.add(next.turn);
    if (this.holders.length > 1) for (const holder of this.holders) holder.hasCompany = true;
    next.entered.resolve();
    this.admit();
  }

  private hasRoomFor(turn: HeldTurn): boolean {
    const { holders, company } = this;
    if (holders.length === 0) return true;
    return company.hasRoom && holders.every(({ isShared }) => isShared) && turn.mayShare();
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
  /** Others may come in. */
  isShared = false;
  hasCompany = false;
  private fire: (() => void) | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    public urgency: Urgency,
    readonly what: string,
    readonly signal: AbortSignal | undefined,
    public mayShare: () => boolean,
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
    this.seclude();
    this.notice();
  }

  giveWay(): Promise<void> {
    this.hasCompany = false;
    return this.scheduler.queueAgain(this, this.scheduler.clock.now());
  }

  async send(parcel: Parcel): Promise<readonly Exchange[]> {
    const { control, commands, operation } = parcel;
    return this.isShared ? this.scheduler.send(this, parcel) : control.send(commands, operation);
  }

  seclude(): boolean {
    this.mayShare = () => false;
    this.isShared = false;
    return this.scheduler.isOnly(this);
  }

  async alone(): Promise<void> {
    this.hasCompany = false;
    if (!this.seclude()) await this.scheduler.queueAgain(this);
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
