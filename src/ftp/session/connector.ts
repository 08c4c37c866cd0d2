import { onAbort } from '../../base/abort';
import { DataLine } from '../dtp/dataLine';
import type { Environment } from '../net/environment';
import { ControlConnection, type ControlContext } from '../pi/controlConnection';
import { login, type Identity } from '../pi/login';
import type { ServerProfile } from '../pi/serverProfile';
import { addFacts, FtpError } from '../protocol/errors';
import type { NameEncoding } from '../protocol/nameEncoding';
import type { Tracer } from '../trace/tracer';
import { dial } from './dial';

export interface ConnectorOptions {
  readonly environment: Environment;
  readonly tracer: Tracer;
  readonly encoding: NameEncoding;
  readonly host: string;
  readonly port: number;
  readonly identity: Identity;
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
}

/** Makes control connections that are logged in: the first one, and every later one. */
export class Connector {
  constructor(private readonly options: ConnectorOptions) {}

  /** `known`: what is remembered of this server. */
  async connect(
    known: ServerProfile | undefined,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<SignedIn> {
    try {
      const line = new DataLine();
      const control = await this.open(line, operation, signal);
      return { control, line, profile: await this.signIn(control, known, operation, signal) };
    } catch (error) {
      throw this.withServer(error);
    }
  }

  private async open(
    line: DataLine,
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
    return new ControlConnection(connection, this.context(line));
  }

  private async signIn(
    control: ControlConnection,
    known: ServerProfile | undefined,
    operation: number,
    signal: AbortSignal | undefined,
  ): Promise<ServerProfile> {
    const cancel = onAbort(signal, () => control.lose(new FtpError('aborted', 'Signing in was cancelled.')));
    try {
      const profile = await login(control, this.options.identity, known, operation);
      this.options.tracer.state({ operation, state: 'connected', text: 'signed in' });
      return profile;
    } catch (error) {
      control.lose(new FtpError('session-closed', 'Signing in failed.'));
      throw error;
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
      onLost: ({ error }) => {
        line.drop();
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
