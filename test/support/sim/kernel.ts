import { Deferred } from '../../../src/base/deferred';
import type { Clock } from '../../../src/base/clock';
import type { Environment } from '../../../src/ftp/net/environment';
import type { Network } from '../../../src/ftp/net/network';
import { catchEscapes } from './escapes';
import { EventHash } from './eventHash';
import { EventQueue, type SimEvent } from './eventQueue';
import { mix, SeededRandom } from './seed';
import { simClock } from './simClock';
import { SimOutside } from './simOutside';

/** Nothing is going to happen any more, and the run still waits. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
}

/** So much happened that the run will hardly come to an end. */
export class Livelock extends Error {
  override readonly name = 'Livelock';
}

export interface KernelOptions {
  /** 32 bits; the whole run follows from it. */
  readonly seed: number;
  /** Names of timers that may run while nobody waits; they do not keep a run alive. */
  readonly restTimers?: readonly string[];
  /** `time` in milliseconds. */
  readonly limits?: { readonly events: number; readonly time: number };
  /** Events know their parents, which keeps all of them in memory: for short runs whose causes matter. */
  readonly causes?: boolean;
}

/** Ten times the longest run there is, and a virtual month. */
const defaultLimits = { events: 20_000_000, time: 31 * 86_400_000 };

/** How many of the last events a report shows. */
const historyLength = 30;

export interface Happening {
  /** Milliseconds from now. */
  readonly after: number;
  /** Events of one lane and one time keep their order; between lanes the seed decides. */
  readonly lane: number;
  readonly what: SimEvent['what'];
  readonly rest?: boolean;
  readonly fire: () => void;
}

/** Owns time: takes the next event only when the code under test has come to a stand. One at a time. */
export class Kernel {
  now = 0;
  /** Events so far. */
  count = 0;
  readonly random: SeededRandom;
  readonly outside = new SimOutside();
  readonly hash = new EventHash();

  private static running: Kernel | undefined;
  private readonly queue = new EventQueue();
  private readonly rest: Set<string>;
  private readonly limits: { readonly events: number; readonly time: number };
  private readonly tieSeed: number;
  private readonly history: SimEvent[] = [];
  private readonly reporters: (() => string[])[] = [];
  private lanes = 0;
  private sequence = 0;
  private entered = true;
  private latest: SimEvent | undefined;
  private escaped: Error | undefined;
  private idleWaiters: Deferred<void>[] = [];
  private readonly ownLane: number;

  constructor(readonly options: KernelOptions) {
    this.random = new SeededRandom(options.seed);
    this.tieSeed = this.random.fork('tie').seed;
    this.rest = new Set(options.restTimers);
    this.limits = options.limits ?? defaultLimits;
    this.ownLane = this.lane();
  }

  /** Runs `main` in virtual time. Rejects with what `main` or an escaped error says, Deadlock or Livelock. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    if (Kernel.running) throw new Error('Another kernel runs: they would share one event loop.');
    Kernel.running = this;
    const release = catchEscapes((error) => (this.escaped ??= error));
    try {
      return await this.loop(main);
    } finally {
      release();
      Kernel.running = undefined;
    }
  }

  schedule({ after, lane, what, rest = false, fire }: Happening): SimEvent {
    const time = this.now + after;
    const tie = mix(mix(this.tieSeed, lane), Math.round(time * 1000) >>> 0);
    const parent = this.options.causes ? this.latest : undefined;
    const event = { time, tie, sequence: this.sequence++, lane, what, rest, parent, fire };
    this.queue.push(event);
    return event;
  }

  /** What happened last: whatever code runs now runs because of it. */
  get current(): SimEvent | undefined {
    return this.latest;
  }

  cancel(event: SimEvent): void {
    this.queue.cancel(event);
  }

  /** A new line of events that keep their order among themselves: a connection, a host's timers. */
  lane(): number {
    return this.lanes++;
  }

  /** Every call into code under test goes through here; events that make none need no settling. */
  enter(work: () => void): void {
    this.entered = true;
    try {
      work();
    } catch (error) {
      this.escaped ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  /** For tests that wait on purpose, for a keep-alive for instance. */
  sleep(milliseconds: number): Promise<void> {
    const done = new Deferred<void>();
    const fire = (): void => this.enter(() => done.resolve());
    this.schedule({ after: milliseconds, lane: this.ownLane, what: 'sleep of the test', fire });
    return done.promise;
  }

  /** Until only rest timers are queued: all segments have arrived, all deadlines are met or disposed. */
  idle(): Promise<void> {
    const done = new Deferred<void>();
    this.idleWaiters.push(done);
    return done.promise;
  }

  isRest(what: string): boolean {
    return this.rest.has(what);
  }

  addRestTimers(names: readonly string[]): void {
    for (const name of names) this.rest.add(name);
  }

  clock(name = 'test'): Clock {
    return simClock(this, name);
  }

  environment(host: { readonly name: string; readonly network: Network }): Environment {
    return {
      clock: this.clock(host.name),
      network: host.network,
      random: this.random.fork(`names of ${host.name}`),
      outside: this.outside,
    };
  }

  /** What is queued, in order, as text. After everything was closed, nothing may be. */
  pending(): string[] {
    return this.queue.list().map((event) => `${at(event)}${event.rest ? ' (rest)' : ''}`);
  }

  /** Adds lines to the reports of Deadlock and Livelock: sockets, pending operations, open slots. */
  addReporter(reporter: () => string[]): void {
    this.reporters.push(reporter);
  }

  report(): string {
    return [
      `at ${this.now} ms, after ${this.count} events, seed ${this.options.seed}`,
      'queued:',
      ...indented(this.pending()),
      ...this.reporters.flatMap((reporter) => reporter()),
      'last events:',
      ...indented(this.history.map(at)),
    ].join('\n');
  }

  /** Returns when the code under test can do nothing more without an event. */
  async settle(): Promise<void> {
    let worked: boolean;
    do {
      // Fires only when microtasks and next ticks are used up.
      await new Promise<void>((resume) => setImmediate(resume));
      worked = this.outside.busy;
      if (worked) await this.outside.next();
      // Whoever waited for the work needs a hop to go on, perhaps to the next piece of work. Streams (node:tls over a
      // Duplex) go on by immediates, too.
    } while (worked || this.outside.busy || process.getActiveResourcesInfo().includes('Immediate'));
  }

  private async loop<T>(main: () => Promise<T>): Promise<T> {
    const outcome = observe(main());
    for (;;) {
      if (this.entered) {
        this.entered = false;
        await this.settle();
      }
      if (this.escaped) throw this.escaped;
      if (outcome.take) return outcome.take();
      this.step();
    }
  }

  private step(): void {
    if (this.queue.onlyRest()) return this.stand();
    const next = this.queue.shift();
    if (!next) return this.stand();
    const { event, fire } = next;
    if (++this.count > this.limits.events || event.time > this.limits.time) {
      throw new Livelock(`Livelock ${this.report()}`);
    }
    this.now = event.time;
    this.latest = event;
    this.hash.addNumber(event.time);
    this.hash.addNumber(event.lane);
    this.history.push(event);
    if (this.history.length > historyLength) this.history.shift();
    fire();
  }

  private stand(): void {
    const waiters = this.idleWaiters.splice(0);
    if (waiters.length === 0) throw new Deadlock(`Deadlock ${this.report()}`);
    this.enter(() => waiters.forEach((waiter) => waiter.resolve()));
  }
}

/** `take` is there when the promise is settled. */
function observe<T>(work: Promise<T>): { take?: () => T } {
  const outcome: { take?: () => T } = {};
  work.then(
    (value) => (outcome.take = () => value),
    (error: Error) => {
      outcome.take = () => {
        throw error;
      };
    },
  );
  return outcome;
}

function at(event: SimEvent): string {
  return `${event.time} ms ${String(event.what)}`;
}

function indented(lines: string[]): string[] {
  return lines.length > 0 ? lines.map((line) => `  ${line}`) : ['  nothing'];
}
