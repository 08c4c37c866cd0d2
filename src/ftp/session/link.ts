import type { Clock } from '../../base/clock';
import type { Outside } from '../../base/outside';
import type { Random } from '../../base/random';
import type { Network } from '../net/network';
import { marksEnd, type DataLine, type TransferMode } from '../dtp/dataLine';
import {
  climb,
  failureWords,
  isActive,
  passiveFirst,
  restingLast,
  waysFor,
  type WayChoice,
} from '../dtp/ladder';
import type { Flow } from '../dtp/flow';
import type { PassiveRendezvous } from '../dtp/passive';
import { WayFailed, type Rendezvous, type RendezvousContext } from '../dtp/rendezvous';
import { reuse } from '../dtp/reuse';
import { transfer } from '../dtp/transfer';
import { watchStart, type Begun, type TransferRequest, type TransferResult } from '../dtp/transferRequest';
import type { ControlConnection } from '../pi/controlConnection';
import type { Exchange } from '../pi/exchange';
import type { ServerProfile } from '../pi/serverProfile';
import { hasFeature } from '../protocol/features';
import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import {
  answersInTurn,
  awaitsOurClose,
  behindReset,
  keepsCommands,
  waitsForCommand,
} from '../protocol/serverProgram';
import type { Tracer } from '../trace/tracer';
import { assertStructure } from './parameters';
import { unshared, type SharedTurn } from './scheduler';
import { leaving } from './leaving';
import { canBeginAgain, isProof, isSpoilt, isUnmet, unmet } from './spoilt';
import { wantedMode, withParameters } from './wantedParameters';

export interface LinkOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly tracer: Tracer;
  readonly outside: Outside;
  readonly ways: WayChoice;
  /** Used where the server has it. */
  readonly mode: TransferMode;
  readonly deflateLevel: number;
  /** The next data connection is made ready while nobody waits. */
  readonly warm: boolean;
  readonly connectTimeout: number;
  readonly stallTimeout: number;
  readonly trustPassiveAddress: boolean;
  readonly activeAddress: string | undefined;
  readonly activePorts: { readonly first: number; readonly last: number };
}

/** What one operation sees of the session: a control connection that is logged in, and ways to move data. */
export class Link {
  constructor(
    readonly control: ControlConnection,
    readonly profile: ServerProfile,
    readonly line: DataLine,
    readonly operation: number,
    readonly signal: AbortSignal,
    readonly options: LinkOptions,
    private readonly turn: SharedTurn = unshared,
  ) {}

  /** Resolves with the final reply, whatever its class. */
  async command(verb: string, argument?: string): Promise<Reply> {
    const [reply] = await this.batch([argument === undefined ? { verb } : { verb, argument }]);
    if (!reply) throw new RangeError('A command has a reply.');
    return reply;
  }

  /**
   * Sends commands of which none can be reordered: as many as the server takes at once, and the others as it answers.
   * Nothing is sent when one of them cannot be encoded.
   */
  async batch(commands: readonly Command[]): Promise<Reply[]> {
    // Among the transfers of others it would be lost.
    if (this.hasCompany) await this.turn.alone();
    const { control, operation, profile } = this;
    const lengths = commands.map((command) => control.lengthOf(command));
    const replies: Promise<Reply>[] = [];
    for (let answered = 0; replies.length < commands.length;) {
      const sent = replies.length;
      const count = leaving({ lengths, sent, answered }, profile.learned.fenced);
      if (count === 0) await replies[answered++];
      else replies.push(...finals(control.send(commands.slice(sent, sent + count), operation)));
    }
    return Promise.all(replies);
  }

  /** Moves data over the first way that works. */
  async transfer(request: TransferRequest): Promise<TransferResult> {
    assertStructure(this, request.structure ?? 'file');
    if (!this.mayQueue(request)) await this.turn.alone();
    const first = await this.overKept(request);
    if (first && isProof(first, request)) return first;
    this.line.drop();
    const result = await this.overNew(request);
    if (first && result.bytes > 0) this.learnSpoilt();
    return result;
  }

  private async overNew(request: TransferRequest): Promise<TransferResult> {
    const ways = this.ways();
    try {
      return await climb(
        ways,
        (way) => this.attemptInCompany(way, request),
        (failed) => this.learn(failed, ways),
        () => !this.control.loss,
      );
    } finally {
      this.isDefaultPortFree();
    }
  }

  private ways(): readonly Rendezvous[] {
    const ways = waysFor(this.options.ways, this.control.remote.family, this.profile.learned.rendezvous);
    return this.isDefaultPortFree() ? ways : restingLast(ways);
  }

  private isDefaultPortFree(): boolean {
    return this.line.portRest.isOver(this.options.clock.now(), this.control.remote.port - 1);
  }

  /** Whether a transfer may be asked for behind others: all of it leaves at once, and it has a listener of its own. */
  get queuesTransfers(): boolean {
    const { line, profile } = this;
    if (profile.learned.fenced || !answersInTurn(profile.program) || line.warm.isUnderWay) return false;
    return this.ways().every(isActive);
  }

  /** Others were asked for at the same time. */
  get hasCompany(): boolean {
    return this.turn.hasCompany;
  }

  /** In one segment: the commands of others could come between two. */
  private mayQueue(request: TransferRequest): boolean {
    const { check, questions } = withParameters(this, request);
    return this.queuesTransfers && !check && !questions;
  }

  /** What does not begin among others, for want of a port to listen at for one, proves nothing until it was tried alone. */
  private async attemptInCompany(way: Rendezvous, request: TransferRequest): Promise<TransferResult> {
    const { turn, control, signal } = this;
    const { watched, hasBegun } = watchStart(request);
    try {
      return await this.attempt(way, watched);
    } catch (error) {
      if (!turn.hasCompany || hasBegun() || control.loss || signal.aborted) throw error;
      await turn.alone();
      // Another that went alone may have learned it.
      if (error instanceof WayFailed && this.profile.learned.rendezvous[way.method]) throw error;
      return this.attempt(way, request);
    }
  }

  /** What goes before the next transfer's command goes out with it: nothing can depend on an answer to it. */
  get sharesSegment(): boolean {
    const { line, profile } = this;
    if (line.warm.isUnderWay) return true;
    const [first] = this.ways();
    if (!first || !isActive(first)) return false;
    return !profile.learned.fenced && waitsForCommand(profile.program);
  }

  /** What asks for the next data connection, for `prepareNext`; empty where none is to be made ready. */
  get nextCommands(): readonly Command[] {
    const { warmWay } = this;
    return warmWay && !marksEnd(this.options.mode) ? [{ verb: warmWay.method }] : [];
  }

  /** Makes the next data connection ready; `asked`: the reply to its command, where that is out already. */
  prepareNext(asked?: Promise<Reply>): void {
    const { warmWay } = this;
    if (!warmWay || marksEnd(this.line.parameters.mode)) return;
    this.line.warm.prepare(warmWay, this.context(), () => this.learnSpoilt(), asked);
  }

  /** Whether FEAT announces it and it was not refused since. */
  can(feature: string): boolean {
    return hasFeature(this.profile.features, feature) && !this.refuses(feature);
  }

  /** Whether the server answered before that it does not know the command. */
  refuses(verb: string): boolean {
    return this.profile.learned.unsupported.includes(verb);
  }

  /**
   * 500, 502, 504: takes down that this server does not know `verb`. 501 is about the argument (RFC 959 §4.2): of a
   * path it says nothing more, but a parameter is one that the server does not have.
   */
  learnFrom(verb: string, reply: Reply | undefined, argument: 'path' | 'parameter' = 'path'): void {
    if (!reply || this.refuses(verb)) return;
    if (!unsupportedCodes.has(reply.code) && !(argument === 'parameter' && reply.code === 501)) return;
    this.profile.learned.unsupported.push(verb);
    const text = `${verb} is not supported (${reply.code}); not tried again on this server`;
    this.options.tracer.trouble({ operation: this.operation, text });
  }

  /**
   * Of a data connection that brings something short to its end, on a server that holds its 226 back until ours is
   * closed: a round trip less. Not in TLS, which closes both halves together.
   */
  closeOurHalf({ connection, parameters: { mode } }: Begun): void {
    const isPlainStream = mode === 'stream' && !this.line.protect;
    if (isPlainStream && awaitsOurClose(this.profile.program)) connection.finish();
  }

  /** How the next data connection is made ready; undefined: it is not. */
  private get warmWay(): PassiveRendezvous | undefined {
    const { fenced, spoiltWarm = 0 } = this.profile.learned;
    const isOff = !this.options.warm || fenced || spoiltWarm >= mostSpoilt;
    return isOff ? undefined : passiveFirst(this.ways());
  }

  /** Over the data connection that is there; undefined when there is none, or it turns out that it was of no use. */
  private async overKept(request: TransferRequest): Promise<TransferResult | undefined> {
    const kept = wantedMode(this, request) === this.line.parameters.mode ? this.line.take() : undefined;
    const warm = kept || !canBeginAgain(request) ? undefined : await this.line.warm.take(this.signal);
    const way = kept ? reuse(kept) : warm?.way;
    if (!way) return undefined;
    let flow: Flow | undefined;
    const start: TransferRequest['start'] = (begun) => (flow = request.start(begun));
    try {
      const result = await this.attempt(way, { ...request, start });
      if (warm?.hasStood && isProof(result, request)) delete this.profile.learned.spoiltWarm;
      return result;
    } catch (error) {
      const isDead = warm ? isSpoilt(error, request, flow) : isUnmet(error);
      if (!isDead || this.signal.aborted) throw error;
      if (warm) this.learnSpoilt();
      if (this.control.loss) throw warm && request.direction === 'up' ? unmet(way, error) : error;
      return undefined;
    }
  }

  private learnSpoilt(): void {
    const { learned } = this.profile;
    learned.spoiltWarm = (learned.spoiltWarm ?? 0) + 1;
    const lasting = learned.spoiltWarm < mostSpoilt ? '' : '; none is made ready on this server any more';
    const text = `the data connection that was made ready was of no use${lasting}`;
    this.options.tracer.trouble({ operation: undefined, text });
  }

  private async attempt(way: Rendezvous, request: TransferRequest): Promise<TransferResult> {
    const { fenced } = this.profile.learned;
    const stopped = (final: Promise<Reply>): void => this.askBehindReset(final);
    const adjusted = this.withNext(withParameters(this, { ...request, stopped }));
    if (!fenced || adjusted.prelude.length === 0) return transfer(way, this.context(), adjusted);
    // Fenced: nothing may share a segment with the rendezvous.
    const prelude = await this.batch(adjusted.prelude);
    adjusted.check?.(prelude);
    adjusted.review?.(prelude);
    const start: TransferRequest['start'] = (begun) => adjusted.start({ ...begun, prelude });
    return transfer(way, this.context(), {
      ...adjusted,
      prelude: [],
      check: nothingElse,
      review: nothingElse,
      start,
    });
  }

  /** Behind the command goes what was asked for, and the next data connection, if this server answers in turn. */
  private withNext(request: TransferRequest): TransferRequest {
    const { profile, warmWay } = this;
    const { behind = [], sentBehind, ...alone } = request;
    if (profile.learned.fenced || !answersInTurn(profile.program)) return alone;
    const isNext = warmWay && request.isShort && !marksEnd(wantedMode(this, request));
    return {
      ...alone,
      behind: isNext ? [...behind, { verb: warmWay.method }] : behind,
      sentBehind: (replies) => {
        sentBehind?.(replies.then((all) => all.slice(0, behind.length)));
        if (isNext) this.prepareNext(replies.then((all) => all[behind.length] ?? Promise.reject(noReply())));
      },
    };
  }

  /** Who comes first after a reset will mostly need a data connection: it is asked for before the reset was answered. */
  private askBehindReset(final: Promise<Reply>): void {
    const { warmWay, profile, options } = this;
    const how = behindReset(profile.program);
    if (!warmWay || !how) return;
    const ask = (): void => {
      if (this.control.loss || this.line.warm.isUnderWay) return;
      const exchanges = this.control.send([...how.ahead, { verb: warmWay.method }], this.operation);
      this.prepareNext(exchanges.at(-1)?.final);
    };
    if (how.delay === 0) return ask();
    const timer = options.clock.setTimer(how.delay, ask, 'next data connection');
    const answered = (): void => timer.dispose();
    final.then(answered, answered);
  }

  private context(): RendezvousContext {
    const { options, control, line, operation, signal, profile, turn } = this;
    const inOneSegment = !keepsCommands(profile.program);
    return {
      ...options,
      control,
      line,
      operation,
      signal,
      timeout: options.connectTimeout,
      send: (commands) => turn.send({ control, commands, operation, signal, inOneSegment }),
      seclude: () => turn.seclude(),
      isFenced: profile.learned.fenced,
      waitsForCommand: !profile.learned.fenced && waitsForCommand(profile.program),
    };
  }

  private learn(failed: WayFailed, ways: readonly Rendezvous[]): void {
    // A default port pair in TIME-WAIT is free again later (RFC 959 §3.3): nothing to be remembered.
    const passes = failed.method === 'default-port' && failed.failure === 'unreachable';
    if (!passes) this.profile.learned.rendezvous[failed.method] = failed.failure;
    const next = ways[ways.findIndex((way) => way.method === failed.method) + 1];
    const code = failed.error.reply ? ` ${failed.error.reply.code}` : '';
    const lasting = passes ? 'this time' : 'for this server from now on';
    const decided = next ? `; ${next.method} ${lasting}` : '; no other way is left';
    const text = `${failed.method} ${failureWords[failed.failure]}${code}${decided}`;
    this.options.tracer.trouble({ operation: this.operation, code: failed.error.code, text });
  }
}

// 500 Syntax error, command unrecognized.  502 Command not implemented.  504 … for that parameter.
const unsupportedCodes: ReadonlySet<number> = new Set([500, 502, 504]);

function finals(exchanges: readonly Exchange[]): Promise<Reply>[] {
  return exchanges.map(({ final }) => final);
}

const nothingElse = (): void => undefined;

/** So many data connections in a row that were made ready in vain: somebody on the way does not like them. */
const mostSpoilt = 3;

function noReply(): RangeError {
  return new RangeError('A command has a reply.');
}
