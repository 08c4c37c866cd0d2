import type { Clock } from '../../base/clock';
import type { Outside } from '../../base/outside';
import type { Network } from '../net/network';
import { modeLetters, type DataLine, type TransferMode } from '../dtp/dataLine';
import { climb, failureWords, waysFor, type WayChoice } from '../dtp/ladder';
import { WayFailed, type Rendezvous, type RendezvousContext } from '../dtp/rendezvous';
import { reuse } from '../dtp/reuse';
import { transfer, type TransferRequest, type TransferResult } from '../dtp/transfer';
import type { ControlConnection } from '../pi/controlConnection';
import type { ServerProfile } from '../pi/serverProfile';
import { hasFeature } from '../protocol/features';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { severityOf, type Reply } from '../protocol/reply';
import type { Tracer } from '../trace/tracer';
import { segments } from './segments';

export interface LinkOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly tracer: Tracer;
  readonly outside: Outside;
  readonly ways: WayChoice;
  /** Used where the server has it. */
  readonly mode: TransferMode;
  readonly deflateLevel: number;
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
    const kept = this.modeFor(request) === this.line.mode ? this.line.take() : undefined;
    if (kept) {
      try {
        return await transfer(reuse(kept), this.context(), request);
      } catch (error) {
        // The server closed it after all: no byte has moved, and the ladder begins.
        if (!isUnmet(error) || this.control.loss) throw error;
      }
    }
    this.line.drop();
    const ways = waysFor(this.options.ways, this.control.remote.family, this.profile.learned.rendezvous);
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

  /** An upload in MODE Z went wrong; false when it was not in MODE Z. */
  giveUpDeflatedUploads(): boolean {
    if (this.modeFor({ direction: 'up' }) !== 'deflate') return false;
    this.profile.learned.unsupported.push(deflatedUploads);
    const text = 'an upload in MODE Z failed; uploads in stream mode on this server from now on';
    this.options.tracer.trouble({ operation: this.operation, text });
    return true;
  }

  private async attempt(way: Rendezvous, request: TransferRequest): Promise<TransferResult> {
    const inMode = this.inMode(request);
    if (!this.profile.learned.fenced || inMode.prelude.length === 0) {
      return transfer(way, this.context(), inMode);
    }
    // Fenced: nothing may share a segment with the rendezvous.
    const prelude = await this.batch(inMode.prelude);
    inMode.check?.(prelude);
    const start: TransferRequest['start'] = (begun) => inMode.start({ ...begun, prelude });
    return transfer(way, this.context(), { ...inMode, prelude: [], check: noCheck, start });
  }

  /** The mode that is wanted, as far as this server has it. */
  private modeFor({ direction }: Pick<TransferRequest, 'direction'>): TransferMode {
    const { mode } = this.options;
    if (direction === 'up' && mode === 'deflate' && this.refuses(deflatedUploads)) return 'stream';
    return this.refuses(`MODE ${modeLetters[mode]}`) ? 'stream' : mode;
  }

  // MODE B   200 MODE set to B.   504 Command not implemented for that parameter.
  /** Puts MODE before the rest of the prelude where another mode is in force than the one that is wanted. */
  private inMode(request: TransferRequest): TransferRequest {
    const mode = this.modeFor(request);
    if (mode === this.line.mode) return request;
    const commands = modeCommands(mode, this.options.deflateLevel);
    const own = commands.length;
    return {
      ...request,
      prelude: [...commands, ...request.prelude],
      check: (replies) => {
        this.takeMode(mode, replies[0]);
        request.check?.(replies.slice(own));
      },
      start: (begun) => request.start({ ...begun, prelude: begun.prelude.slice(own) }),
    };
  }

  private takeMode(mode: TransferMode, reply: Reply | undefined): void {
    if (reply && severityOf(reply) === 'completed') this.line.mode = mode;
    else this.learnFrom(`MODE ${modeLetters[mode]}`, reply);
  }

  private context(): RendezvousContext {
    const { options, control, line, operation, signal } = this;
    return { ...options, control, line, operation, signal, timeout: options.connectTimeout };
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

// 500 Syntax error, command unrecognized.  501 … in arguments (pyftpdlib to MODE Z).  502 Command not implemented.  504 … for that parameter.
const unsupportedCodes: ReadonlySet<number> = new Set([500, 501, 502, 504]);

// OPTS MODE Z LEVEL 6   200 MODE Z LEVEL set to 6.
function modeCommands(mode: TransferMode, deflateLevel: number): Command[] {
  const choose: Command = { verb: 'MODE', argument: modeLetters[mode] };
  if (mode !== 'deflate') return [choose];
  return [choose, { verb: 'OPTS', argument: `MODE Z LEVEL ${deflateLevel}` }];
}

// 425 Can't open data connection.
function isUnmet(error: unknown): boolean {
  return error instanceof WayFailed || (error instanceof FtpError && error.reply?.code === 425);
}

const deflatedUploads = 'MODE Z for uploads';

const noCheck = (): void => undefined;
