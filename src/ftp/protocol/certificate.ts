/** What is wrong with a certificate that the system does not vouch for. */
export type CertificateProblem =
  | 'self-signed'
  | 'unknown-issuer'
  | 'wrong-name'
  | 'expired'
  | 'not-yet-valid'
  /** Signed, or keyed, in a way that is no longer safe. */
  | 'weak'
  | 'other';

/** The certificate that a server showed on its control connection, before anything secret was sent. */
export interface Certificate {
  /** Whom we wanted to reach. */
  readonly host: string;
  readonly port: number;
  /** `CN=nas, O=Home`: text from the server. */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses that it is for: text from the server. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256 of the whole certificate: 32 pairs of upper-case hexadecimal digits, with colons between them. */
  readonly fingerprint: string;
  /** None: the system trusts it for this host. */
  readonly problems: readonly CertificateProblem[];
  /** `-----BEGIN CERTIFICATE-----` … */
  readonly pem: string;
}

/** What a person, or a pin, makes of it. 'changed': it is not the one that is pinned to this host and port. */
export type CertificateVerdict = 'trusted' | 'untrusted' | 'changed';
