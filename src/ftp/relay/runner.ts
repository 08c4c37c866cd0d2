// Theory of operation
//
// Plays a dialect's steps one after the other, then sends both transfer commands, the passive side's first, and from
// there on watches two reply streams:
//
//   target > STOR    source > RETR      nothing is due for `meet`: the servers have to find each other
//   target < 150     source < 150       data flow between them; none of it is seen here
//   target < 226     source < 226       in either order; the second is due `stall` after the first
//
// A cut looks like an end to the server that receives (RFC 959 §3.4.1), so a 226 of one side means nothing without the
// other's. Whatever goes wrong on one side, the other is told to ABOR, and its ledger is clean when `play` resolves;
// where it will not be told, its control connection is dropped. No side is left waiting for a connection.
import { onAbort } from '../../base/abort';
import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { Disposable } from '../../base/disposable';
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import { dialects, type Dialect, type RelayFacts, type Role, type Step } from './dialects';
import { endHandshake, withHandshake, type Handshake } from './handshake';
import type { Side } from './side';
import { StatusPoll } from './statusPoll';

export interface RelayPlan {
  readonly dialect: Dialect;
  readonly passive: Side;
  readonly active: Side;
  readonly sender: Role;
  /** Between servers whose data connections are in TLS: who takes the client's part. */
  readonly handshake?: Handshake;
  /** Path on the sending side, and on the receiving side. */
  readonly from: string;
  readonly to: string;
  /** Bytes of the file, where known. */
  readonly size: number | undefined;
  /** Told how many bytes have moved, where one of the servers tells. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Milliseconds. */
export interface RelayTiming {
  readonly clock: Clock;
  /** For the servers to find each other. */
  readonly meet: number;
  /** For the second final reply, and what a transfer may take beyond its bytes. */
  readonly stall: number;
}

export type RelayOutcome =
  | { readonly kind: 'copied' }
  /** One of the servers would not, or they did not find each other; another way may do. */
  | { readonly kind: 'refused'; readonly by: Side; readonly reason: string }
  | { readonly kind: 'failed'; readonly by: Side; readonly error: FtpError };

/** One try in one dialect with fixed roles. Rejects only when a control connection is lost before a transfer began. */
export async function play(plan: RelayPlan, timing: RelayTiming): Promise<RelayOutcome> {
  try {
    return await playSteps(plan, timing);
  } finally {
    await endHandshake(plan, plan.handshake);
  }
}

async function playSteps(plan: RelayPlan, timing: RelayTiming): Promise<RelayOutcome> {
  const { steps } = dialects[plan.dialect];
  let facts: RelayFacts = {
    passive: plan.passive.peer,
    active: plan.active.peer,
    sender: plan.sender,
    port: 0,
  };
  for (const step of plan.handshake ? withHandshake(steps, plan.handshake) : steps) {
    const side = plan[step.to];
    if (side.signal.aborted) return { kind: 'failed', by: side, error: cancelled() };
    const reply = await side.send(commandOf(step, facts)).final;
    const told = answerOf(step, reply, facts);
    if (typeof told === 'string') return { kind: 'refused', by: side, reason: told };
    noteOtherHost(plan.passive, told.host);
    facts = { ...facts, port: told.port };
  }
  return new Transfer(plan, timing).run();
}

function commandOf({ verb, argument }: Step, facts: RelayFacts): { verb: string; argument?: string } {
  return argument ? { verb, argument: argument(facts) } : { verb };
}

/** Where the passive side listens as far as is known now; or why the step failed, as text. */
function answerOf(
  { verb, take }: Step,
  reply: Reply,
  facts: RelayFacts,
): { port: number; host?: string } | string {
  if (severityOf(reply) !== 'completed') return `refused ${verb} (${reply.code})`;
  if (!take) return { port: facts.port };
  try {
    return take(reply, facts);
  } catch {
    return `did not say where it listens (${reply.code})`;
  }
}

// 227 Entering Passive Mode (10,0,0,8,200,10)
/** A host that a reply names is neither dialled nor passed on (CVE-2026-8328). */
function noteOtherHost({ peer, noteAddress }: Side, host: string | undefined): void {
  if (host === undefined || host === peer.host) return;
  noteAddress(`the reply names ${host}; its control peer ${peer.host} is used`);
}

interface Leg {
  readonly side: Side;
  readonly verb: string;
  readonly path: string;
  readonly exchange: Exchange | undefined;
  reply?: Reply;
  error?: FtpError;
}

/** Both transfer commands, from their sending to their last replies. */
class Transfer {
  private readonly over = new Deferred<void>();
  private readonly legs: Leg[] = [];
  /** The leg that failed first; absent when time ran out or the user gave up. */
  private failed: Leg | undefined;
  private timer: Disposable | undefined;
  private timedOut = false;
  /** Sides that have answered the transfer command. */
  private opening = 0;
  private poll: StatusPoll | undefined;

  constructor(
    private readonly plan: RelayPlan,
    private readonly timing: RelayTiming,
  ) {}

  async run(): Promise<RelayOutcome> {
    const { passive, active } = this.plan;
    const stops = [passive, active].map(({ signal }) => onAbort(signal, () => this.over.resolve()));
    this.wait(this.timing.meet);
    // The passive side has to know what it listens for before anybody dials.
    this.start('passive');
    this.start('active');
    await this.over.promise;
    this.timer?.dispose();
    const answered = this.poll?.finish();
    await Promise.all(this.legs.map((leg) => stop(leg, this.timing.clock)));
    await answered;
    stops.forEach((each) => each.dispose());
    return this.outcome();
  }

  private start(role: Role): void {
    if (this.over.settled) return;
    const { [role]: side, sender, from, to } = this.plan;
    const [verb, path] = role === sender ? ['RETR', from] : ['STOR', to];
    try {
      const exchange = side.send({ verb, argument: path });
      const leg: Leg = { side, verb, path, exchange };
      this.legs.push(leg);
      this.watch(leg, exchange);
    } catch (error) {
      const leg: Leg = { side, verb, path, exchange: undefined, error: asFtpError(error) };
      this.legs.push(leg);
      this.fail(leg);
    }
  }

  private watch(leg: Leg, exchange: Exchange): void {
    // The deadlines are ours: a server that dials another, or moves a gigabyte, owes no reply meanwhile.
    exchange.hold();
    exchange.opening.then(
      () => this.opened(),
      () => undefined,
    );
    exchange.final.then(
      (reply) => this.ended(leg, reply),
      (error: unknown) => {
        leg.error = asFtpError(error);
        this.fail(leg);
      },
    );
  }

  private opened(): void {
    // What is answered to ABOR opens nothing.
    if (this.over.settled) return;
    this.opening++;
    if (this.opening < 2) return;
    this.wait(longest(this.plan.size, this.timing));
    this.startPoll();
  }

  /** Of the two, the one that receives knows better what has arrived. */
  private startPoll(): void {
    const { onBytes, passive, active, sender } = this.plan;
    const [source, target] = sender === 'passive' ? [passive, active] : [active, passive];
    const side = [target, source].find((each) => each.tellsStatus());
    if (!onBytes || !side) return;
    this.poll = new StatusPoll(side, side === target ? 'STOR' : 'RETR', this.timing.clock, onBytes);
  }

  private ended(leg: Leg, reply: Reply): void {
    leg.reply = reply;
    if (severityOf(reply) !== 'completed') return this.fail(leg);
    if (this.legs.length === 2 && this.legs.every((each) => each.reply)) return this.over.resolve();
    // Over before the other side has seen a connection: it turned this one away, and waits for another.
    this.wait(this.opening < 2 ? lateOpening : this.timing.stall);
  }

  private fail(leg: Leg): void {
    if (!this.over.settled) this.failed = leg;
    this.over.resolve();
  }

  private wait(milliseconds: number): void {
    this.timer?.dispose();
    if (this.over.settled) return;
    const late = (): void => {
      this.timedOut = true;
      this.over.resolve();
    };
    this.timer = this.timing.clock.setTimer(milliseconds, late, 'server to server');
  }

  /** Who knows why comes first: after a break both sides complain of the connection. */
  private outcome(): RelayOutcome {
    const { passive, active } = this.plan;
    if (passive.signal.aborted || active.signal.aborted) {
      return { kind: 'failed', by: passive, error: cancelled() };
    }
    if (!this.failed && !this.timedOut) return { kind: 'copied' };
    const insecure = this.plan.handshake && this.legs.find(brokeOffInTls);
    if (insecure) {
      return refusedBy(insecure, `broke off in TLS (${insecure.reply?.code ?? 'connection lost'})`);
    }
    const decided = this.legs.find(({ reply }) => reply && reply.code >= 400 && !brokeOff.has(reply.code));
    if (decided) return { kind: 'failed', by: decided.side, error: errorOf(decided) };
    const unmet = this.legs.find(({ reply }) => reply?.code === 425);
    if (unmet) return this.turnedAway(unmet);
    const lost = this.legs.find(({ error }) => error && error.code !== 'session-closed');
    const cause = this.failed && (lost ?? this.failed);
    if (cause) return { kind: 'failed', by: cause.side, error: errorOf(cause) };
    const silent = this.legs.find(({ reply }) => !reply) ?? this.legs[0];
    if (silent && this.opening < 2) return refusedBy(silent, 'opened no data connection in time');
    return { kind: 'failed', by: silent?.side ?? active, error: stalled() };
  }

  // 425 Rejected data connection from foreign address 127.0.0.2:34823.
  /** pyftpdlib 1.5.7 keeps the transfer, and the next data connection would get both files: it begins afresh. */
  private turnedAway(leg: Leg): RelayOutcome {
    const { side } = leg;
    if (side === this.plan.passive) {
      side.lose(new FtpError('session-closed', 'A connection was turned away.'));
    }
    return refusedBy(leg, 'opened no data connection (425)');
  }
}

/** Ends what still runs: a second 425 or 426, an answer to ABOR, or else the control connection. */
async function stop(leg: Leg, clock: Clock): Promise<void> {
  const { side, exchange } = leg;
  if (!exchange || exchange.isEnded) return;
  exchange.abandon();
  const give = (): void => side.lose(new FtpError('session-closed', 'The server did not end the transfer.'));
  const timer = clock.setTimer(abortPatience, give, 'abort');
  try {
    await Promise.all([exchange.final, side.send({ verb: 'ABOR' }).final]);
  } catch {
    // The control connection is gone, and the transfer with it.
  } finally {
    timer.dispose();
  }
}

/** Milliseconds for ABOR: vsftpd does not look at it while it waits for a connection, for a minute. */
const abortPatience = 5000;

/** Milliseconds that a 150 may come behind the other side's 226: what two lines differ in, and no more. */
const lateOpening = 5000;

/** Milliseconds until a transfer of which nothing is heard counts as stalled. */
export function longest(size: number | undefined, { stall }: { readonly stall: number }): number {
  return stall + (size ?? presumedSize) / slowest;
}

/** Bytes in a millisecond: slower than a modem of 1998 there is no line worth waiting for. */
const slowest = 4;

/** Where no size is known; with `slowest`, three days. */
const presumedSize = 1024 * 1024 * 1024;

function refusedBy({ side }: Leg, reason: string): RelayOutcome {
  return { kind: 'refused', by: side, reason };
}

function errorOf({ side, verb, path, reply, error }: Leg): FtpError {
  if (reply && !brokeOff.has(reply.code)) return refusal(reply, verb, path);
  const said = reply ? replyText(reply) : (error?.message ?? '');
  const facts = { path, command: verb, side: side.name, said };
  return new FtpError('copy-failed', `${side.name} broke off: ${said}`, { reply, cause: error, facts });
}

// 425 Can't open data connection.  426 Connection closed.  451 Requested action aborted: local error.
const brokeOff: ReadonlySet<number> = new Set([425, 426, 451]);

/**
 * Whether two servers get along in TLS shows only when they try: vsftpd wants its own session back (522), and mod_tls of
 * ProFTPD 1.3.8 dies of a certificate that it does not trust.
 */
function brokeOffInTls({ reply, error }: Leg): boolean {
  return reply ? reply.code === 522 || brokeOff.has(reply.code) : error?.code === 'connection-lost';
}

function stalled(): FtpError {
  return new FtpError('copy-failed', 'The servers came to no end.', { facts: { said: 'no reply' } });
}

function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled.');
}

function asFtpError(error: unknown): FtpError {
  return error instanceof FtpError ? error : new FtpError('server-error', String(error), { cause: error });
}
