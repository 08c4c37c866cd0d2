import type { Certificate, CertificateVerdict, Security } from '../ftp/index';
import type { Memory } from './profileMemory';
import { hostKey, type ServerAddress } from './siteUri';

/** What is used of VS Code's Memento. */
export interface TrustStore extends Memory {
  keys(): readonly string[];
}

/** Trust is a matter of the server: user and profile may differ. */
export type Place = Pick<ServerAddress, 'host' | 'port'>;

/** A certificate that a person trusts for one host and port. */
export interface Pin extends Omit<Certificate, 'pem'> {
  /** Since when: milliseconds since 1970. */
  readonly trusted: number;
}

/** How a person wished to connect, by the scheme of an URL or at the press of a button. */
export type WantedSecurity = Extract<Security, 'explicit' | 'implicit'>;

/** Certificates that people trust, and servers that had TLS once: kept between windows, per host and port. */
export class TrustMemory {
  /** Fingerprints that are trusted until the window closes. */
  private readonly window = new Map<string, string>();

  constructor(
    private readonly store: TrustStore,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {}

  /** Undefined: nobody has decided about it. */
  verdictOf(certificate: Certificate): CertificateVerdict | undefined {
    const { fingerprint } = certificate;
    const pin = this.pinOf(certificate);
    if (pin?.fingerprint === fingerprint) return 'trusted';
    if (this.window.get(hostKey(certificate)) === fingerprint) return 'trusted';
    return pin && 'changed';
  }

  pinOf(place: Place): Pin | undefined {
    return parsePin(this.store.get(pinKey(place)));
  }

  pins(): Pin[] {
    const keys = this.store.keys().filter((key) => key.startsWith(pinPrefix));
    return keys.flatMap((key) => parsePin(this.store.get(key)) ?? []);
  }

  /** In the place of the one before, if there is one. */
  async pin({ pem: _pem, ...facts }: Certificate): Promise<void> {
    const pin: Pin = { ...facts, trusted: this.now() };
    await this.store.update(pinKey(facts), pin);
  }

  async forget(place: Place): Promise<void> {
    this.window.delete(hostKey(place));
    await this.store.update(pinKey(place), undefined);
  }

  /** Until the window closes. */
  trustForWindow(certificate: Certificate): void {
    this.window.set(hostKey(certificate), certificate.fingerprint);
  }

  hadTls(place: Place): boolean {
    return this.tlsOf(place).seen === true;
  }

  /** From now on 'auto' insists on TLS. */
  async sawTls(place: Place): Promise<void> {
    if (!this.hadTls(place)) await this.keepTls(place, { seen: true });
  }

  wanted(place: Place): WantedSecurity | undefined {
    return this.tlsOf(place).wanted;
  }

  async want(place: Place, wanted: WantedSecurity): Promise<void> {
    await this.keepTls(place, { wanted });
  }

  private async keepTls(place: Place, more: RememberedTls): Promise<void> {
    await this.store.update(tlsKey(place), { ...this.tlsOf(place), ...more });
  }

  private tlsOf(place: Place): RememberedTls {
    return parseTls(this.store.get(tlsKey(place)));
  }
}

interface RememberedTls {
  readonly seen?: boolean;
  readonly wanted?: WantedSecurity;
}

const pinPrefix = 'portside.certificate:';

function pinKey(place: Place): string {
  return pinPrefix + hostKey(place);
}

function tlsKey(place: Place): string {
  return `portside.tls:${hostKey(place)}`;
}

/** A pin as this version writes it, or nothing: another version may have written another shape. */
function parsePin(value: unknown): Pin | undefined {
  if (!isRecord(value)) return undefined;
  const { host, subject, issuer, fingerprint, port, validFrom, validTo, trusted, names, problems } = value;
  const isWhole =
    [host, subject, issuer, fingerprint].every((text) => typeof text === 'string') &&
    [port, validFrom, validTo, trusted].every((number) => typeof number === 'number') &&
    [names, problems].every(isTexts);
  return isWhole ? (value as unknown as Pin) : undefined;
}

function parseTls(value: unknown): RememberedTls {
  if (!isRecord(value)) return {};
  const { seen, wanted } = value;
  return {
    ...(seen === true ? { seen } : {}),
    ...(wanted === 'explicit' || wanted === 'implicit' ? { wanted } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
