import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import tls, { type SecureContext, type SecureVersion } from 'node:tls';

/** What a site wants of TLS. */
export interface TlsSettings {
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** PEM. */
  readonly authorities?: readonly string[];
  readonly clientCertificate?: {
    readonly certificate: string;
    readonly key: string;
    readonly passphrase?: string;
  };
}

/** Versions, authorities and our own certificate: made once for a session, since reading the authorities takes long. */
export class TlsContext {
  readonly secureContext: SecureContext;
  private readonly authorities: readonly string[];

  /** Throws when the client certificate, its key or an authority cannot be read. */
  constructor(settings: TlsSettings) {
    const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', authorities = [], clientCertificate } = settings;
    this.authorities = [...trustedBySystem(), ...authorities];
    this.secureContext = tls.createSecureContext({
      minVersion,
      maxVersion,
      ca: [...this.authorities],
      ...(clientCertificate && {
        cert: clientCertificate.certificate,
        key: clientCertificate.key,
        passphrase: clientCertificate.passphrase,
      }),
    });
  }

  /** Whether an authority that is trusted has issued `certificate`, or is it. Slow: it reads all of them. */
  vouchesFor(certificate: X509Certificate): boolean {
    return this.authorities.some((pem) => {
      const authority = new X509Certificate(pem);
      if (authority.fingerprint256 === certificate.fingerprint256) return true;
      return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    });
  }
}

/** Node has it since 22.15; the types are those of Node 20. */
interface CertificateStore {
  getCACertificates?(type: 'default' | 'system'): string[];
}

let systemAuthorities: readonly string[] | undefined;

function trustedBySystem(): readonly string[] {
  return (systemAuthorities ??= readTrustedBySystem());
}

function readTrustedBySystem(): readonly string[] {
  const store = tls as CertificateStore;
  const known = store.getCACertificates
    ? [...store.getCACertificates('default'), ...store.getCACertificates('system')]
    : [...tls.rootCertificates, ...bundleOfSystem()];
  return [...new Set(known)];
}

/** Node 20 (VS Code 1.100) cannot ask the system. On Linux its authorities are in a file: Debian, Fedora, SUSE. */
function bundleOfSystem(): string[] {
  const bundle = [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
  ].find(existsSync);
  if (!bundle) return [];
  const end = '-----END CERTIFICATE-----';
  const parts = readFileSync(bundle, 'latin1').split(end).slice(0, -1);
  return parts.map((part) => `${part.slice(part.indexOf('-----BEGIN')).trim()}\n${end}`);
}
