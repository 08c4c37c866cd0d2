import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CertificateName } from '../support/server/tls/tlsSettings';
import type { DaemonName } from './daemon';

/** What a daemon shall make of TLS. Where it cannot, `startDaemon` throws `DaemonMissing`. */
export interface DaemonTls {
  /** TLS from the first byte instead of AUTH TLS. */
  readonly implicit?: boolean;
  /** Refuses in clear text: to sign in, or that and to exchange data. */
  readonly required?: 'control' | 'control and data';
  /** The only version; default: both. */
  readonly version?: 'TLSv1.2' | 'TLSv1.3';
  /** Default: `server`. */
  readonly certificate?: CertificateName;
  /** Lets in only whom test/fixtures/tls/authority.pem vouches for (client.pem). */
  readonly clientCertificate?: boolean;
  /**
   * Accepts data connections that do not resume the control connection's session, as between two servers.
   * vsftpd and ProFTPD demand it by default; Pure-FTPd and pyftpdlib never do.
   */
  readonly noReuse?: boolean;
  /** False: it knows no authority, so that ProFTPD, told SSCN, trusts no other server. */
  readonly trusts?: boolean;
}

/** Why this daemon cannot do so; undefined when it can. */
export function unable(name: DaemonName, { implicit }: DaemonTls): string | undefined {
  if (name === 'inetutils-ftpd') return 'it has no TLS';
  if (name === 'pure-ftpd' && implicit) return 'it has no implicit TLS';
  return undefined;
}

const fixtures = path.join(__dirname, '../fixtures/tls');

export const authority = path.join(fixtures, 'authority.pem');

/** Certificate and key in one file, and the authority behind them: Pure-FTPd reads all three from one. */
export function certificateFile(folder: string): string {
  return path.join(folder, 'certificate.pem');
}

/** Sessions that begin from now on show this certificate. */
export function placeCertificate(folder: string, name: CertificateName): void {
  const parts = [`${name}.pem`, `${name}.key`, 'authority.pem'];
  const text = parts.map((part) => readFileSync(path.join(fixtures, part), 'utf8')).join('');
  writeFileSync(certificateFile(folder), text, { mode: 0o600 });
}

/**
 * Environment that has OpenSSL speak one version only. vsftpd 3.0.3 and Pure-FTPd have no setting for it that knows
 * TLS 1.3, and one way for all of them is simpler than four.
 */
export function versionEnvironment(folder: string, version: DaemonTls['version']): Record<string, string> {
  if (version === undefined) return {};
  const file = path.join(folder, 'openssl.cnf');
  writeFileSync(
    file,
    ['openssl_conf=all', '[all]', 'ssl_conf=ssl', '[ssl]', 'system_default=versions', '[versions]']
      .concat(`MinProtocol=${version}`, `MaxProtocol=${version}`, '')
      .join('\n'),
  );
  return { OPENSSL_CONF: file };
}

/** Lines of vsftpd.conf. */
export function vsftpdTls(folder: string, tls: DaemonTls): string[] {
  const yes = (value: unknown) => (value ? 'YES' : 'NO');
  return [
    'ssl_enable=YES',
    `rsa_cert_file=${certificateFile(folder)}`,
    `implicit_ssl=${yes(tls.implicit)}`,
    `force_local_logins_ssl=${yes(tls.required)}`,
    `force_local_data_ssl=${yes(tls.required === 'control and data')}`,
    `require_ssl_reuse=${yes(!tls.noReuse)}`,
    ...(tls.clientCertificate ? ['require_cert=YES', 'validate_cert=YES', `ca_certs_file=${authority}`] : []),
    'debug_ssl=YES',
  ];
}

const proftpdRequired = { control: 'ctrl', 'control and data': 'on' } as const;

/** Lines of proftpd.conf. */
export function proftpdTls(folder: string, log: string, tls: DaemonTls): string[] {
  const options = [
    ...(tls.implicit ? ['UseImplicitSSL'] : []),
    ...(tls.noReuse ? ['NoSessionReuseRequired'] : []),
  ];
  return [
    'LoadModule mod_tls.c',
    'TLSEngine on',
    'TLSProtocol TLSv1.2 TLSv1.3',
    `TLSLog ${log}`,
    `TLSRSACertificateFile ${certificateFile(folder)}`,
    `TLSRSACertificateKeyFile ${certificateFile(folder)}`,
    `TLSRequired ${tls.required ? proftpdRequired[tls.required] : 'off'}`,
    ...(options.length > 0 ? [`TLSOptions ${options.join(' ')}`] : []),
    // Of its clients, and, as a client itself (SSCN), of the other server.
    ...(tls.trusts === false ? [] : [`TLSCACertificateFile ${authority}`]),
    `TLSVerifyClient ${tls.clientCertificate ? 'on' : 'off'}`,
  ];
}

const pureFtpdRequired = { control: 2, 'control and data': 3 } as const;

/** Arguments of pure-ftpd. */
export function pureFtpdTls(folder: string, tls: DaemonTls): string[] {
  return [
    `--certfile=${certificateFile(folder)}`,
    `--tls=${tls.required ? pureFtpdRequired[tls.required] : 1}`,
    // The prefix -C: asks for a client certificate.
    ...(tls.clientCertificate ? ['--tlsciphersuite=-C:HIGH'] : []),
  ];
}
