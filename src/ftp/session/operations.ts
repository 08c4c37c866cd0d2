// Theory of operation
//
// An operation waits for its turn, gets a link (a control connection that is logged in, made anew when there is
// none), works, and ends its turn. When the control connection is lost under it, it starts again on a new one, once,
// unless a command of unknown fate could have changed something. When no way to a data connection came about and the
// control connection went with it, the ladder's memory makes the next try begin further up.
import { onAbort } from '../../base/abort';
import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable } from '../../base/disposable';
import { grouped } from '../../base/grouped';
import { WayFailed } from '../dtp/rendezvous';
import type { ControlConnection, Loss } from '../pi/controlConnection';
import type { ServerProfile } from '../pi/serverProfile';
import { FtpError } from '../protocol/errors';
import { isIdempotent } from '../protocol/exchange';
import type { OperationName } from '../trace/wireEvent';
import type { Ahead, Connector, SignedIn } from './connector';
import { Link, type LinkOptions } from './link';
import { Scheduler, type Interruption, type SharedTurn, type Turn, type Urgency } from './scheduler';
import { Repeatable } from './spoilt';

export interface Plan<T> {
  readonly name: OperationName;
  readonly path?: string | undefined;
  /** The other server, of a copy between two. */
  readonly peer?: string;
  readonly urgency?: Urgency;
  /** It may share its turn with others of the kind, where the server takes transfers one behind the other. */
  readonly mayShare?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** What the log says when it begins. */
  readonly begin: string;
  /** What the log says when it has succeeded. */
  readonly end: (result: T) => string;
  /** The steps; each is repeated on its own when the connection is lost under it. */
  readonly run: (perform: Perform, signal: AbortSignal, way: Way) => Promise<T>;
}

/** For what takes long: when to let others go first, and how. */
export interface Way extends Interruption {
  readonly isBulk: boolean;
  /** It turned out to be long. */
  becomeBulk(): void;
  /** Between two steps: lets them go first. `bytes` have been moved so far. */
  giveWay(bytes: number): Promise<void>;
}

export type Perform = <S>(step: (link: Link) => Promise<S>) => Promise<S>;

/** Runs operations one at a time over one control connection, which it makes when it is needed. */
export class Operations {
  private readonly scheduler: Scheduler;
  private readonly lifetime = new AbortController();
  private count = 0;
  private signed: SignedIn | undefined;
  private known: ServerProfile | undefined;
  /** The one whose turn it is, and those that gave way. */
  private readonly running = new Set<Promise<unknown>>();
  private connecting = false;
  /** Of what runs. */
  private readonly controllers = new Set<AbortController>();

  constructor(
    private readonly connector: Connector,
    private readonly linkOptions: LinkOptions,
    profile: ServerProfile | undefined,
  ) {
    this.known = profile;
    this.scheduler = new Scheduler(linkOptions.clock);
  }

  get profile(): ServerProfile | undefined {
    return this.known;
  }

  get connection(): ControlConnection | undefined {
    return this.liveConnection?.control;
  }

  /** How the log calls this server. */
  get name(): string {
    return this.linkOptions.tracer.session;
  }

  get isConnecting(): boolean {
    return this.connecting;
  }

  get isClosed(): boolean {
    return this.lifetime.signal.aborted;
  }

  get queued(): number {
    return this.scheduler.queued;
  }

  /** Data connections that are open for the next transfer. */
  get warm(): number {
    return this.liveConnection?.line.warm.isOpen ? 1 : 0;
  }

  /** A line of the running operation's log. */
  note(text: string): void {
    this.linkOptions.tracer.trouble({ operation: this.count, text });
  }

  /** This server answered out of order: nothing is queued behind anything any more. */
  fence(): void {
    if (this.known) this.known.learned.fenced = true;
  }

  async run<T>(plan: Plan<T>): Promise<T> {
    const held = new DisposableStore();
    const turn = await this.scheduler.turn(
      plan.urgency ?? 'interactive',
      plan.begin,
      plan.signal,
      () => plan.mayShare === true && this.queuesTransfers,
    );
    held.add(turn);
    const controller = new AbortController();
    held.add(onAbort(plan.signal, () => controller.abort()));
    this.controllers.add(controller);
    if (this.isClosed) controller.abort();
    held.add(toDisposable(() => this.controllers.delete(controller)));
    const work = this.traced(plan, ++this.count, controller.signal, turn);
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
      held.dispose();
      this.prepareNext();
    }
  }

  /** Refuses what waits, stops what runs, says QUIT. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.scheduler.close(closed());
    this.lifetime.abort();
    // Not as listeners of the one signal: there may be many, and Node warns of a leak from the eleventh on.
    for (const controller of this.controllers) controller.abort();
    await Promise.allSettled(this.running);
    await this.quit();
  }

  private get queuesTransfers(): boolean {
    const signed = this.liveConnection;
    return signed !== undefined && this.linkOver(signed, this.count, this.lifetime.signal).queuesTransfers;
  }

  /** While nobody waits for anything, the next data connection is made ready. */
  private prepareNext(): void {
    const signed = this.liveConnection;
    if (!signed || !this.scheduler.isIdle || this.isClosed) return;
    this.linkOver(signed, this.count, this.lifetime.signal).prepareNext();
  }

  private async quit(): Promise<void> {
    const control = this.connection;
    if (!control) return;
    const timer = this.clock.setTimer(quitTimeout, () => control.lose(closed()), 'quit');
    await control.exchange({ verb: 'QUIT' }, undefined).catch(() => undefined);
    timer.dispose();
    control.lose(closed());
  }

  private async traced<T>(plan: Plan<T>, operation: number, signal: AbortSignal, turn: Turn): Promise<T> {
    const { tracer } = this.linkOptions;
    const began = this.clock.now();
    const told = {
      operation,
      name: plan.name,
      ...(plan.path !== undefined && { path: plan.path }),
      ...(plan.peer !== undefined && { peer: plan.peer }),
    };
    tracer.operation({ ...told, phase: 'begin', waiting: this.queued, text: plan.begin });
    const finish = (text: string, failed?: FtpError): void => {
      const took = this.clock.now() - began;
      const ending = {
        phase: 'end',
        waiting: this.queued,
        took,
        ...(failed && { failed: failed.code }),
      } as const;
      tracer.operation({ ...told, ...ending, text: `${text}, ${(took / 1000).toFixed(3)} s` });
    };
    try {
      const perform: Perform = (step) => this.perform(step, operation, signal, turn);
      const result = await plan.run(perform, signal, this.wayOf(turn, operation));
      finish(plan.end(result));
      return result;
    } catch (cause) {
      const error = this.isClosed ? closed(cause) : asFtpError(cause);
      if (error.code !== 'aborted') tracer.trouble({ operation, code: error.code, text: error.message });
      finish(error.code === 'aborted' ? 'Cancelled' : 'Failed', error);
      throw error;
    }
  }

  private wayOf(turn: Turn, operation: number): Way {
    return {
      get isWanted() {
        return turn.isWanted;
      },
      get isBulk() {
        return turn.urgency === 'bulk';
      },
      onWanted: (fire) => turn.onWanted(fire),
      becomeBulk: () => turn.becomeBulk(),
      giveWay: async (bytes) => {
        const { wantedBy } = turn;
        if (wantedBy === undefined) return turn.alone();
        const text = `gave way after ${grouped(bytes)} bytes to: ${wantedBy}`;
        this.linkOptions.tracer.trouble({ operation, text });
        await turn.giveWay();
      },
    };
  }

  private async perform<S>(
    step: (link: Link) => Promise<S>,
    operation: number,
    signal: AbortSignal,
    turn: Turn,
  ): Promise<S> {
    for (let tries = { losses: 0, ways: 0 }; ;) {
      // Of those that share a turn one makes the connection.
      if (!this.liveConnection) await turn.alone();
      const signed = await this.signedIn(operation, signal);
      try {
        return await step(this.linkOver(signed, operation, signal, turn));
      } catch (error) {
        const next = nextTry(error, signed.control.loss, tries);
        if (!next || signal.aborted) throw error;
        tries = next;
        this.linkOptions.tracer.state({ operation, state: 'reconnecting', text: 'connecting again' });
      }
    }
  }

  private linkOver(
    { control, profile, line }: Omit<SignedIn, 'ahead'>,
    operation: number,
    signal: AbortSignal,
    turn?: SharedTurn,
  ): Link {
    return new Link(control, profile, line, operation, signal, this.linkOptions, turn);
  }

  private get liveConnection(): SignedIn | undefined {
    return this.signed?.control.loss ? undefined : this.signed;
  }

  private async signedIn(operation: number, signal: AbortSignal): Promise<SignedIn> {
    if (this.liveConnection) return this.liveConnection;
    this.connecting = true;
    try {
      const { known } = this;
      // The first operation's data connection is asked for with PASS: people sign in to look at something.
      const ahead: Ahead = (control, line) =>
        known ? this.linkOver({ control, line, profile: known }, operation, signal).nextCommands : [];
      const signed = await this.connector.connect(known, ahead, operation, signal);
      this.signed = signed;
      this.known = signed.profile;
      if (signed.ahead) {
        this.linkOver(signed, operation, signal).prepareNext(Promise.resolve(signed.ahead));
      }
      return signed;
    } finally {
      this.connecting = false;
    }
  }

  private get clock(): Clock {
    return this.linkOptions.clock;
  }
}

interface Tries {
  readonly losses: number;
  readonly ways: number;
}

/** Whether a step may begin again on a new control connection. */
function nextTry(error: unknown, loss: Loss | undefined, tries: Tries): Tries | undefined {
  if (!loss) return undefined;
  const harmless = loss.unanswered.every((verb) => isIdempotent(verb) || verb === 'ABOR');
  if (error instanceof Repeatable) return tries.losses === 0 ? { ...tries, losses: 1 } : undefined;
  if (error instanceof WayFailed) {
    // Nobody met, so no byte of a STOR went anywhere; or all of them can be had again.
    const unsent = loss.unanswered.every((verb) => isIdempotent(verb) || verb === 'ABOR' || verb === 'STOR');
    return unsent && tries.ways < mostWays ? { ...tries, ways: tries.ways + 1 } : undefined;
  }
  return harmless && tries.losses === 0 ? { ...tries, losses: 1 } : undefined;
}

/** EPSV, PASV, EPRT, PORT. */
const mostWays = 4;

/** Milliseconds that a server may take for its 221; nobody waits longer for a good-bye. */
const quitTimeout = 2000;

function asFtpError(error: unknown): FtpError {
  if (error instanceof WayFailed || error instanceof Repeatable) return error.error;
  if (error instanceof FtpError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new FtpError('server-error', message, { cause: error });
}

function closed(cause?: unknown): FtpError {
  return new FtpError('session-closed', 'The session was closed.', cause === undefined ? {} : { cause });
}
