// Theory of operation
//
// A session has one `SessionSecurity`: what the site wants of TLS, and which certificates were accepted so far. Each
// control connection has a `ConnectionSecurity`: the certificate that it showed, and the TLS sessions that its data
// connections take up. The certificate is judged before a byte is written:
//
//   no problems                            trusted by the system
//   its fingerprint was accepted before    accepted by you
//   otherwise                              the judge is asked; nothing is sent, and no deadline runs, until it answers
//
// A data connection must resume a session of its control connection, or show the same certificate.
import { onAbort } from '../../base/abort';
import type { Clock } from '../../base/clock';
import { withTimeLimit } from '../../base/timeLimit';
import type { Connection } from '../net/network';
import { TicketPool } from '../net/ticketPool';
import { secure, type SecureConnection, type SecureHow } from '../net/tls';
import { TlsContext } from '../net/tlsContext';
import type { Protection } from '../pi/protection';
import type { Certificate } from '../protocol/certificate';
import { FtpError } from '../protocol/errors';
import { securedText } from '../trace/tlsText';
import type { Tracer } from '../trace/tracer';
import type { Security, TlsOptions } from './ftpSession';
import { handshakeError } from './handshakeError';

export interface SecurityOptions {
  readonly security: Security;
  readonly tls: TlsOptions;
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly tracer: Tracer;
  /** Milliseconds for a handshake. */
  readonly timeout: number;
}

export class SessionSecurity {
  /** Fingerprints. */
  private readonly accepted = new Set<string>();
  private made: TlsContext | undefined;

  constructor(readonly options: SecurityOptions) {}

  /** `wasSecured`: this server has had TLS before. */
  forConnection(wasSecured: boolean, operation: number, signal: AbortSignal | undefined): ConnectionSecurity {
    return new ConnectionSecurity(this, wasSecured, operation, signal);
  }

  get context(): TlsContext {
    try {
      return (this.made ??= new TlsContext(this.options.tls));
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      const message = `The certificates of the settings cannot be used: ${said}`;
      throw new FtpError('tls-client-certificate', message, { cause, facts: { said } });
    }
  }

  accepts({ fingerprint }: Certificate): boolean {
    return this.accepted.has(fingerprint);
  }

  accept({ fingerprint }: Certificate): void {
    this.accepted.add(fingerprint);
  }
}

export class ConnectionSecurity implements Protection {
  /** Somebody was asked, and took as long as it took: the server may have closed meanwhile. */
  wasJudged = false;
  private readonly tickets = new TicketPool();
  private certificate: Certificate | undefined;
  private wire: SecureConnection | undefined;

  constructor(
    private readonly session: SessionSecurity,
    private readonly wasSecured: boolean,
    private readonly operation: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get security(): Protection['security'] {
    const { security, port } = this.session.options;
    return security === 'auto' && port === implicitPort ? 'implicit' : security;
  }

  get isRequired(): boolean {
    const { required } = this.session.options.tls;
    return this.security !== 'auto' || required === true || this.wasSecured;
  }

  get data(): Protection['data'] {
    return this.session.options.tls.data ?? 'private';
  }

  get clearCommands(): boolean {
    return this.session.options.tls.clearCommands === true;
  }

  /** Data connections are in TLS, too. */
  get protectsData(): boolean {
    return this.wire !== undefined && this.data === 'private';
  }

  async secure(raw: Connection): Promise<SecureConnection> {
    const wire = await this.shakeHands(raw, this.signal, (ticket, protocol) =>
      this.tickets.add(ticket, protocol),
    );
    try {
      const verdict = await this.judge(wire.certificate);
      this.wire = wire;
      this.certificate = wire.certificate;
      const { tls } = wire;
      const text = securedText(tls, wire.certificate, verdict);
      this.session.options.tracer.state({ operation: this.operation, state: 'secured', tls, text });
      return wire;
    } catch (error) {
      wire.close();
      throw error;
    }
  }

  async unwrap(): Promise<Connection> {
    const { clock, timeout, tracer } = this.session.options;
    const { wire, signal } = this;
    if (!wire) throw new FtpError('not-supported', 'There is no TLS to end.');
    const beneath = await withTimeLimit(clock, timeout, 'end of tls', signal, async (limited) => {
      try {
        return await wire.unwrap(limited);
      } catch (cause) {
        const message = 'The server did not end TLS after CCC.';
        throw new FtpError('not-supported', message, { cause, facts: { command: 'CCC' } });
      }
    });
    tracer.state({ operation: this.operation, state: 'secured', text: 'commands in clear text from now on' });
    return beneath;
  }

  /** For a data connection; `signal` ends a handshake that has become needless. */
  async protectData(raw: Connection, signal: AbortSignal): Promise<SecureConnection> {
    const wire = await this.shakeHands(raw, signal, (ticket, protocol, resumed) => {
      // One that resumed nothing has a session of its own, which is not what a strict server asks for.
      if (resumed) this.tickets.add(ticket, protocol);
    });
    if (wire.tls.resumed || wire.certificate?.fingerprint === this.certificate?.fingerprint) return wire;
    wire.reset();
    const message = 'The data connection shows another certificate than the control connection.';
    throw new FtpError('tls-data-certificate', message, {
      ...(wire.certificate && { facts: { certificate: wire.certificate } }),
    });
  }

  note(text: string): void {
    this.session.options.tracer.trouble({ operation: this.operation, text });
  }

  private async shakeHands(
    raw: Connection,
    signal: AbortSignal | undefined,
    onTicket: SecureHow['onTicket'],
  ): Promise<SecureConnection> {
    const { clock, timeout, host, port } = this.session.options;
    const { context } = this.session;
    const ticket = this.tickets.take();
    return withTimeLimit(clock, timeout, 'tls handshake', signal, async (limited, ranOut) => {
      try {
        return await secure(raw, {
          context,
          host,
          port,
          ticket,
          onTicket,
          signal: limited,
        });
      } catch (error) {
        throw handshakeError(error, ranOut() ? timeout / 1000 : undefined);
      }
    });
  }

  private async judge(certificate: Certificate | undefined): Promise<'system' | 'you'> {
    if (!certificate) throw new FtpError('tls-handshake-failed', 'The server showed no certificate.');
    if (certificate.problems.length === 0) return 'system';
    if (this.session.accepts(certificate)) return 'you';
    this.wasJudged = true;
    const verdict = await this.ask(certificate);
    if (verdict === 'trusted') {
      this.session.accept(certificate);
      return 'you';
    }
    const code = verdict === 'changed' ? 'tls-certificate-changed' : 'tls-certificate-untrusted';
    throw new FtpError(code, `The certificate is ${verdict}: ${certificate.problems.join(', ')}.`, {
      facts: { certificate },
    });
  }

  private async ask(certificate: Certificate): Promise<'trusted' | 'untrusted' | 'changed'> {
    const { judge } = this.session.options.tls;
    if (!judge) return 'untrusted';
    return new Promise((resolve, reject) => {
      const cancelled = new FtpError('aborted', 'Signing in was cancelled.');
      const watch = onAbort(this.signal, () => reject(cancelled));
      judge(certificate)
        .finally(() => watch.dispose())
        .then(resolve, reject);
    });
  }
}

/** Registered for FTP over TLS from the first byte on. */
export const implicitPort = 990;
