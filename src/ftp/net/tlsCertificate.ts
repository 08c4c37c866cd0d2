import type { X509Certificate } from 'node:crypto';
import tls, { type TLSSocket } from 'node:tls';
import type { Certificate, CertificateProblem } from '../protocol/certificate';
import { signatureAlgorithm } from '../protocol/derCertificate';
import type { TlsContext } from './tlsContext';

/** Whom we wanted to reach. */
export interface TlsPeer {
  readonly host: string;
  readonly port: number;
}

/** What the server showed, and what is wrong with it. Absent on a resumed connection, which shows none. */
export function certificateOf(
  socket: TLSSocket,
  peer: TlsPeer,
  context: TlsContext,
): Certificate | undefined {
  const shown = socket.getPeerX509Certificate();
  if (!shown) return undefined;
  return {
    ...peer,
    subject: nameText(shown.subject),
    issuer: nameText(shown.issuer),
    names: namesOf(shown),
    validFrom: Date.parse(shown.validFrom),
    validTo: Date.parse(shown.validTo),
    fingerprint: shown.fingerprint256,
    problems: problemsOf(shown, errorOf(socket), peer.host, context),
    pem: shown.toString(),
  };
}

/** The chain's error, as OpenSSL calls it. Node has it as a string, though its types say Error. */
function errorOf(socket: TLSSocket): string | undefined {
  const error: unknown = socket.authorizationError;
  if (!error) return undefined;
  return typeof error === 'string' ? error : error instanceof Error ? error.message : 'unknown';
}

/** OpenSSL tells the last error of a chain only, so that each problem is looked for by itself. */
function problemsOf(
  shown: X509Certificate,
  error: string | undefined,
  host: string,
  context: TlsContext,
): CertificateProblem[] {
  const found = new Set<CertificateProblem>();
  if (error !== undefined && !isVouchedFor(shown, error, context)) {
    found.add(shown.checkIssued(shown) ? 'self-signed' : 'unknown-issuer');
  }
  if (tls.checkServerIdentity(host, shown.toLegacyObject())) found.add('wrong-name');
  const now = Date.now();
  if (now > Date.parse(shown.validTo)) found.add('expired');
  if (now < Date.parse(shown.validFrom)) found.add('not-yet-valid');
  if (isWeak(shown) || weakErrors.has(error ?? '')) found.add('weak');
  if (error !== undefined && found.size === 0) found.add('other');
  return [...found];
}

function isVouchedFor(shown: X509Certificate, error: string, context: TlsContext): boolean {
  if (chainErrors.has(error)) return false;
  let last = shown;
  for (let length = 0; last.issuerCertificate && length < longestChain; length++) {
    last = last.issuerCertificate;
  }
  return context.vouchesFor(last);
}

const longestChain = 10;

const chainErrors: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

const weakErrors: ReadonlySet<string> = new Set(['EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK']);

/** NIST SP 800-131A: 112 bits of strength, and no signature made with SHA-1 or MD5. */
function isWeak({ publicKey, raw }: X509Certificate): boolean {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = publicKey;
  const isShort = (kind === 'rsa' || kind === 'dsa') && (details?.modulusLength ?? 0) < 2048;
  return isShort || weakSignatures.has(signatureAlgorithm(raw) ?? '');
}

const weakSignatures: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2', // md2WithRSAEncryption
  '1.2.840.113549.1.1.4', // md5WithRSAEncryption
  '1.2.840.113549.1.1.5', // sha1WithRSAEncryption
  '1.2.840.10040.4.3', // dsa-with-sha1
  '1.2.840.10045.4.1', // ecdsa-with-SHA1
]);

// O=Home
// CN=nas
/** As one is used to read it: the common name first. */
function nameText(name: string): string {
  return name.split('\n').reverse().join(', ');
}

// DNS:localhost, DNS:ftp.example.test, IP Address:127.0.0.1
/** Without alternative names, the common name is the name (RFC 2818 §3.1, which old devices live by). */
function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const alternative = (subjectAltName ?? '').split(', ').flatMap((entry) => {
    const prefix = namePrefixes.find((candidate) => entry.startsWith(candidate));
    return prefix ? [entry.slice(prefix.length)] : [];
  });
  if (alternative.length > 0) return alternative;
  const common = subject.split('\n').filter((part) => part.startsWith('CN='));
  return common.map((part) => part.slice('CN='.length));
}

const namePrefixes = ['DNS:', 'IP Address:'];
