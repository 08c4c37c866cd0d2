import type { Certificate } from './certificate';
import type { Reply } from './reply';

/** Every code that an error of the engine can carry. Match on these, never on message text. */
export const errorCodes = [
  'host-not-found',
  'host-unreachable',
  'connection-refused',
  'connection-timed-out',
  'connection-lost',
  'reply-timed-out',
  'too-many-connections',
  'service-closing',
  'not-ftp',
  'protocol-violation',
  'login-refused',
  'login-cancelled',
  'login-account',
  'password-expired',
  'login-needs-tls',
  'tls-unavailable',
  'tls-handshake-failed',
  'tls-certificate-untrusted',
  'tls-certificate-changed',
  'tls-data-certificate',
  'tls-injected',
  'tls-data-refused',
  'tls-data-required',
  'tls-session-not-resumed',
  'tls-client-certificate',
  'data-no-way',
  'data-passive-refused',
  'data-passive-unreachable',
  'data-active-refused',
  'data-active-unreachable',
  'data-default-port-failed',
  'data-cut',
  'data-stalled',
  'data-unconfirmed',
  'file-changed',
  'not-found',
  'no-permission',
  'exists',
  'is-a-directory',
  'not-a-directory',
  'directory-not-empty',
  'name-refused',
  'name-unsendable',
  'file-busy',
  'server-error',
  'no-space',
  'not-supported',
  'too-large',
  'listing-unknown',
  'save-unverified',
  'save-fate-unknown',
  'copy-failed',
  'aborted',
  'session-closed',
] as const;

export type FtpErrorCode = (typeof errorCodes)[number];

/** Facts that a sentence for a person is made of. Text from the server is data: never a path, command or HTML. */
export interface ErrorFacts {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly path?: string;
  /** The verb that was being answered. */
  readonly command?: string;
  readonly seconds?: number;
  readonly bytes?: number;
  readonly total?: number;
  /** Which of two servers broke off, in a copy from one to the other. */
  readonly side?: string;
  /** What the other side seems to speak, for 'not-ftp'. */
  readonly speaks?: 'http' | 'ssh' | 'silence' | 'other';
  /** The certificate that is not trusted. */
  readonly certificate?: Certificate;
  /** Since when another certificate is trusted in its place, in milliseconds since 1970. */
  readonly since?: number;
  /** For 'tls-unavailable': it had TLS before. */
  readonly hadTls?: boolean;
  /** Why each family of the ladder failed, for 'data-no-way'. */
  readonly passive?: string;
  readonly active?: string;
  /** The address that the server was to dial, or that was dialled. */
  readonly address?: string;
  readonly encoding?: string;
  /** What is on the server now, as far as the replies tell. */
  readonly effect?: 'unchanged' | 'changed' | 'unknown';
  /** What the server said, when there is no whole reply to show. */
  readonly said?: string;
}

export interface FtpErrorOptions extends ErrorOptions {
  readonly reply?: Reply | undefined;
  readonly facts?: ErrorFacts;
}

/** What the engine rejects with. `reply` is the reply that caused it, `cause` the lower error. */
export class FtpError extends Error {
  override readonly name: string = 'FtpError';
  readonly reply: Reply | undefined;
  readonly facts: ErrorFacts;

  constructor(
    readonly code: FtpErrorCode,
    message: string,
    options: FtpErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reply = options.reply;
    this.facts = options.facts ?? {};
  }

  static is(error: unknown, code?: FtpErrorCode): error is FtpError {
    return error instanceof FtpError && (code === undefined || error.code === code);
  }
}

/** The same error, saying more. */
export function addFacts(error: FtpError, facts: ErrorFacts): FtpError {
  const { code, message, reply, cause } = error;
  return new FtpError(code, message, { reply, cause, facts: { ...error.facts, ...facts } });
}

/** The server broke the rules: nothing that follows on this control connection can be trusted. */
export class RemoteProtocolError extends FtpError {
  override readonly name = 'RemoteProtocolError';

  constructor(message: string, options: FtpErrorOptions = {}) {
    super('protocol-violation', message, options);
  }
}

/** We were asked to send what cannot be sent: CR, LF, NUL, or a name outside the encoding. */
export class LocalProtocolError extends FtpError {
  override readonly name = 'LocalProtocolError';

  constructor(message: string, options: FtpErrorOptions = {}) {
    super('name-unsendable', message, options);
  }
}
