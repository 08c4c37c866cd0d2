import { onAbort } from '../../base/abort';
import { DataLine } from '../dtp/dataLine';
import type { Environment } from '../net/environment';
import { ControlConnection, type ControlContext, type Loss } from '../pi/controlConnection';
import { login, type Identity, type Welcome } from '../pi/login';
import type { ServerProfile } from '../pi/serverProfile';
import { addFacts, FtpError, RemoteProtocolError, type FtpErrorCode } from '../protocol/errors';
import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import type { NameEncoding } from '../protocol/nameEncoding';
import type { Tracer } from '../trace/tracer';
import { dial } from './dial';
import type { ConnectionSecurity, SessionSecurity } from './security';

export interface ConnectorOptions {
  readonly environment: Environment;
  readonly tracer: Tracer;
  readonly encoding: NameEncoding;
  readonly host: string;
  readonly port: number;
  readonly identity: Identity;
  readonly security: SessionSecurity;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly replyTimeout: number;
  readonly shareLocalPort: boolean;
  readonly onOutOfOrder: () => void;
}

export interface SignedIn {
  readonly control: ControlConnection;
  readonly line: DataLine;
  readonly profile: ServerProfile;
  /** The reply to what was sent ahead. */
  readonly ahead: Reply | undefined;
}

/** What goes out with PASS on a connection to a server that is known, for the operation to come. */
export type Ahead = (control: ControlConnection, line: DataLine) => readonly Command[];

/** Makes control connections that are logged in: the first one, and every later one. */
export class Connector {
  constructor(private readonly options: ConnectorOptions) {}

  /** `known`: what is remembered of this server. */
  async connect(
    known: ServerProfile | undefined,
    ahead: Ahead,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<SignedIn> {
    const begin = (): ConnectionSecurity =>
      this.options.security.forConnection(known?.secured === true, operation, signal);
    const first = begin();
    try {
      return await this.attempt(first, known, ahead, operation, signal).catch((error: unknown) => {
        if (error instanceof Jumbled) return this.again(error, begin(), known, operation, signal);
        // Somebody looked at the certificate for longer than the server waits. Nobody is asked twice.
        if (!first.wasJudged || !isLoss(error)) throw error;
        return this.attempt(begin(), known, ahead, operation, signal);
      });
    } catch (error) {
      throw this.withServer(error instanceof Jumbled ? error.error : error);
    }
  }

  /** What was sent together may have been too much for this server: one by one. */
  private async again(
    { loss }: Jumbled,
    security: ConnectionSecurity,
    known: ServerProfile | undefined,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<SignedIn> {
    this.options.tracer.state({ operation, state: 'reconnecting', text: 'signing in again, one by one' });
    const signed = await this.attempt(security, known, undefined, operation, signal);
    const { learned } = signed.profile;
    if (loss.error instanceof RemoteProtocolError) learned.fenced = true;
    // EPSV alone was left without an answer.
    else if (known && loss.unanswered.length === 1) learned.spoiltWarm = (learned.spoiltWarm ?? 0) + 1;
    return signed;
  }

  private async attempt(
    security: ConnectionSecurity,
    known: ServerProfile | undefined,
    ahead: Ahead | undefined,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<SignedIn> {
    const line = new DataLine();
    const control = await this.open(line, security, operation, signal);
    const welcome = await this.signIn(control, known, security, ahead?.(control, line), operation, signal);
    if (security.protectsData) line.protect = (raw, ended) => security.protectData(raw, ended);
    return { control, line, profile: welcome.profile, ahead: welcome.ahead };
  }

  private async open(
    line: DataLine,
    security: ConnectionSecurity,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<ControlConnection> {
    const { environment, tracer, host, port, connectTimeout: timeout, shareLocalPort } = this.options;
    tracer.connection++;
    tracer.state({ operation, state: 'connecting', text: `connecting to ${host}:${port}` });
    const { clock, network } = environment;
    const connection = await dial(clock, network, { host, port, timeout, signal, shareLocalPort });
    const { remote } = connection;
    tracer.state({
      operation,
      state: 'signing-in',
      text: `connected to ${remote.host}, port ${remote.port}`,
    });
    const wire = security.security === 'implicit' ? await security.secure(connection) : connection;
    return new ControlConnection(wire, this.context(line));
  }

  private async signIn(
    control: ControlConnection,
    known: ServerProfile | undefined,
    security: ConnectionSecurity,
    ahead: readonly Command[] | undefined,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<Welcome> {
    const cancel = onAbort(signal, () => control.lose(new FtpError('aborted', 'Signing in was cancelled.')));
    try {
      const { identity } = this.options;
      const welcome = await login(control, identity, known, security, ahead, operation);
      this.options.tracer.state({ operation, state: 'connected', text: 'signed in' });
      return welcome;
    } catch (error) {
      const { loss } = control;
      control.lose(new FtpError('session-closed', 'Signing in failed.'));
      throw ahead && loss && loss.error === error && isJumble(loss) ? new Jumbled(error, loss) : error;
    } finally {
      cancel.dispose();
    }
  }

  private context(line: DataLine): ControlContext {
    const { environment, tracer, encoding, replyTimeout, onOutOfOrder } = this.options;
    return {
      clock: environment.clock,
      tracer,
      encoding,
      replyTimeout,
      onOutOfOrder,
      onLost: (loss) => {
        const { error } = loss;
        line.lose(loss);
        const closed = error.code === 'session-closed';
        tracer.state({
          state: closed ? 'closed' : 'lost',
          text: closed ? 'control connection closed' : error.message,
        });
      },
    };
  }

  private withServer(error: unknown): unknown {
    const { host, port, identity } = this.options;
    return error instanceof FtpError ? addFacts(error, { host, port, user: identity.user }) : error;
  }
}

/** A sign-in that failed with more than one command on the way. */
class Jumbled extends Error {
  override readonly name = 'Jumbled';

  constructor(
    readonly error: unknown,
    readonly loss: Loss,
  ) {
    super('Signing in failed.', { cause: error });
  }
}

/** Whether it may be because of what was sent together; before PASS nothing is. */
function isJumble({ error, unanswered: [first] }: Loss): boolean {
  if (first === undefined || alone.has(first) || !jumbles.has(error.code)) return false;
  return first !== 'PASS' || error instanceof RemoteProtocolError;
}

const alone: ReadonlySet<string> = new Set(['GREETING', 'AUTH', 'USER', 'ACCT', 'CCC']);
const jumbles: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'protocol-violation',
  'reply-timed-out',
  'connection-lost',
  'service-closing',
]);

function isLoss(error: unknown): boolean {
  return error instanceof FtpError && losses.has(error.code);
}

const losses: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>(['connection-lost', 'service-closing']);
