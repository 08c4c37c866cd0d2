import type { Clock } from '../../base/clock';
import type { Network } from '../net/network';
import { climb, failureWords, waysFor, type WayChoice } from '../dtp/ladder';
import type { Rendezvous, RendezvousContext, WayFailed } from '../dtp/rendezvous';
import { transfer, type TransferRequest, type TransferResult } from '../dtp/transfer';
import type { ControlConnection } from '../pi/controlConnection';
import type { ServerProfile } from '../pi/serverProfile';
import { hasFeature } from '../protocol/features';
import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import type { Tracer } from '../trace/tracer';
import { segments } from './segments';

export interface LinkOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly tracer: Tracer;
  readonly ways: WayChoice;
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
    readonly operation: number,
    readonly signal: AbortSignal,
    readonly options: LinkOptions,
  ) {}

  /** Resolves with the final reply, whatever its class. */
  async command(verb: string, argument?: string): Promise<Reply> {
    const [reply] = await this.batch([argument === undefined ? { verb } : { verb, argument }]);
    if (!reply) throw new RangeError('A command has a reply.');
    return reply;
  }

  /** Sends commands of which none can be reordered, in as few segments as the server takes. */
  async batch(commands: readonly Command[]): Promise<Reply[]> {
    const replies: Reply[] = [];
    for (const segment of segments(commands, this.profile.learned.fenced)) {
      replies.push(...(await this.control.batch(segment, this.operation)));
    }
    return replies;
  }

  /** Moves data over the first way that works. */
  async transfer(request: TransferRequest): Promise<TransferResult> {
    const { learned } = this.profile;
    const ways = waysFor(this.options.ways, this.control.remote.family, learned.rendezvous);
    return climb(
      ways,
      (way) => this.attempt(way, request),
      (failed) => this.learn(failed, ways),
      () => !this.control.loss,
    );
  }

  /** Whether FEAT announces it and it was not refused since. */
  can(feature: string): boolean {
    return hasFeature(this.profile.features, feature) && !this.refuses(feature);
  }

  /** Whether the server answered before that it does not know the command. */
  refuses(verb: string): boolean {
    return this.profile.learned.unsupported.includes(verb);
  }

  /** 500, 502, 504: takes down that this server does not know `verb`. */
  learnFrom(verb: string, reply: Reply | undefined): void {
    if (!reply || !unsupportedCodes.has(reply.code) || this.refuses(verb)) return;
    this.profile.learned.unsupported.push(verb);
    const text = `${verb} is not supported (${reply.code}); not tried again on this server`;
    this.options.tracer.trouble({ operation: this.operation, text });
  }

  private async attempt(way: Rendezvous, request: TransferRequest): Promise<TransferResult> {
    if (!this.profile.learned.fenced || request.prelude.length === 0) {
      return transfer(way, this.context(), request);
    }
    // Fenced: nothing may share a segment with the rendezvous.
    const prelude = await this.batch(request.prelude);
    request.check?.(prelude);
    const start: TransferRequest['start'] = (connection, _none, restarted) =>
      request.start(connection, prelude, restarted);
    const result = await transfer(way, this.context(), { ...request, prelude: [], check: noCheck, start });
    return { ...result, prelude };
  }

  private context(): RendezvousContext {
    const { options, control, operation, signal } = this;
    return { ...options, control, operation, signal, timeout: options.connectTimeout };
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

const noCheck = (): void => undefined;
