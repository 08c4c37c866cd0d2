import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SecureVersion } from 'node:tls';

/** Of test/fixtures/tls. */
export const certificateNames = ['server', 'selfSigned', 'changed', 'expired', 'otherName'] as const;
export type CertificateName = (typeof certificateNames)[number];

/** What a server wants and does with TLS (RFC 4217). */
export interface TlsOptions {
  /** Default 'server'. Tests change it in `settings.tls` as they go on: it holds for handshakes to come. */
  readonly certificate?: CertificateName;
  /** Knows AUTH; default: unless `implicit`. */
  readonly explicit?: boolean;
  /** TLS from the first byte on. */
  readonly implicit?: boolean;
  /** Refuses USER in clear; or data connections in clear, too. */
  readonly required?: 'control' | 'control and data';
  /** Where `required` refuses data in clear: at the transfer (default), or already at PASV and PORT (pyftpdlib). */
  readonly refusesDataAt?: 'transfer' | 'rendezvous';
  /** PROT C is accepted though `required` refuses what follows from it; default: 534. */
  readonly acceptsClearLevel?: boolean;
  /** PROT is accepted without PBSZ (RFC 4217 §9 wants it first). */
  readonly needsNoBufferSize?: boolean;
  /** vsftpd: ends the control connection with the refusal of clear text, and of a session that was not resumed. */
  readonly hangsUp?: boolean;
  /** Default TLSv1.2 to TLSv1.3. */
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** A data connection must resume a session that began on its own control connection. */
  readonly requireReuse?: boolean;
  /** A TLS 1.3 ticket that comes twice is not resumed the second time (RFC 8446 §8.1). */
  readonly singleUse?: boolean;
  /** Milliseconds after the control connection's handshake in which its session is resumed; default: for ever. */
  readonly sessionAge?: number;
  /** Each data connection that resumes makes the session young again; default: only a new control connection does. */
  readonly renewsSession?: boolean;
  /** False: nothing is ever resumed; in TLS 1.2 the client gets no ticket at all. */
  readonly tickets?: boolean;
  readonly clientCertificate?: 'asked' | 'required';
  /** Data connections shake hands when they are accepted or dialled (pyftpdlib); default: after 150. */
  readonly handshakeOnAccept?: boolean;
  /** False: data connections end without close_notify, as those of IIS. */
  readonly closeNotify?: boolean;
  /** Answers 426 when an upload ends without close_notify (vsftpd's strict_ssl_read_eof). */
  readonly strictEnd?: boolean;
  /** Knows CPSV: passive, and speaks first in TLS. */
  readonly cpsv?: boolean;
  /** Knows SSCN. */
  readonly sscn?: boolean;
  /** Default: knows CCC. */
  readonly ccc?: boolean;
}

/** One for all sessions of a server. */
export interface TlsSettings extends TlsOptions {
  certificate: CertificateName;
  readonly explicit: boolean;
  readonly implicit: boolean;
}

export function tlsSettings(options: TlsOptions): TlsSettings {
  const implicit = options.implicit ?? false;
  return {
    ...options,
    certificate: options.certificate ?? 'server',
    implicit,
    explicit: options.explicit ?? !implicit,
  };
}

/** Certificate and key, in PEM. */
export function credentials(name: CertificateName | 'client'): {
  readonly cert: string;
  readonly key: string;
} {
  return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
}

/** Whom the certificates 'server', 'otherName', 'expired' and 'client' are signed by, in PEM. */
export function authority(): string {
  return read('authority.pem');
}

function read(file: string): string {
  return readFileSync(path.join(__dirname, '../../../fixtures/tls', file), 'utf8');
}
