import { FtpError, type Certificate, type CertificateVerdict, type TlsOptions } from '../ftp/index';
import type { CertificateJudge } from './certificateJudge';
import type { ClientKeys } from './clientKeys';
import type { PemFiles } from './pemFiles';
import type { ClientCertificateFiles, SiteTls } from './siteTls';
import type { ServerAddress } from './siteUri';

/** Files that the settings name, by their paths. */
export type TlsFiles = Pick<SiteTls, 'clientCertificate'> & { readonly authorities: readonly string[] };

/** What one window has for all its servers. */
export interface TlsServices {
  readonly judge: CertificateJudge;
  readonly files: PemFiles;
  readonly keys: ClientKeys;
}

/** What the connection of a server is asked to do. */
export interface TlsQuestions {
  /** A question is open while `ask` runs. */
  readonly asking: <T>(about: 'certificate' | 'password', ask: () => Promise<T>) => Promise<T>;
  /** Whether somebody waits for a first connection, and not merely for one that replaces another. */
  readonly mayAsk: () => boolean;
  /** Nobody is asked now: a person must act first. */
  readonly postpone: (error: FtpError) => void;
  readonly signal: () => AbortSignal;
}

/** The part of connecting to one server that is about certificates: its own, ours, and those of authorities. */
export class ServerTls {
  constructor(
    private readonly address: ServerAddress,
    private readonly services: TlsServices,
    private readonly questions: TlsQuestions,
  ) {}

  /** `options` with what stands in files. Rejects when a person does not open the key of the client's certificate. */
  async complete(options: TlsOptions | undefined, named: TlsFiles): Promise<TlsOptions> {
    const authorities = await this.services.files.readAll(named.authorities);
    const clientCertificate = named.clientCertificate && (await this.own(named.clientCertificate));
    return {
      ...options,
      ...(authorities.length > 0 ? { authorities } : {}),
      ...(clientCertificate ? { clientCertificate } : {}),
      judge: (certificate) => this.judge(certificate),
    };
  }

  /** Undefined where it cannot be read: a server that insists on it will say so. */
  private async own(files: ClientCertificateFiles): Promise<TlsOptions['clientCertificate']> {
    const [certificate, key] = await Promise.all([
      this.services.files.read(files.certificate),
      this.services.files.read(files.key),
    ]);
    if (certificate === undefined || key === undefined) return undefined;
    const { keys } = this.services;
    if (!keys.isLocked(key)) return { certificate, key };
    const known = await keys.find(files.key, key);
    const signal = this.questions.signal();
    const ask = (): Promise<string | undefined> => keys.ask(files.key, key, signal);
    const passphrase = known ?? (await this.questions.asking('password', ask));
    if (passphrase === undefined) throw new FtpError('login-cancelled', 'The client key was not opened');
    return { certificate, key, passphrase };
  }

  private async judge(certificate: Certificate): Promise<CertificateVerdict> {
    const { judge } = this.services;
    const known = judge.memory.verdictOf(certificate);
    const isPostponed = known !== 'trusted' && !this.questions.mayAsk();
    if (isPostponed) this.questions.postpone(refusalOf(certificate, known));
    if (known || isPostponed) return known ?? 'untrusted';
    const isAnonymous = this.address.user === undefined;
    return this.questions.asking('certificate', () => judge.ask({ certificate, isAnonymous }));
  }
}

function refusalOf(certificate: Certificate, verdict: CertificateVerdict | undefined): FtpError {
  const code = verdict === 'changed' ? 'tls-certificate-changed' : 'tls-certificate-untrusted';
  const { host, port } = certificate;
  return new FtpError(code, 'A certificate waits for a decision', { facts: { host, port, certificate } });
}
