import { mkdtempSync, chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installDaemons } from '../../scripts/daemons.mjs';
import { account, recipes } from './daemonRecipe';
import type { CertificateName } from '../support/server/tls/tlsSettings';
import { type DaemonTls, placeCertificate, unable, versionEnvironment } from './daemonTls';
import { serveInetd } from './inetd';

export type DaemonName = 'vsftpd' | 'proftpd' | 'pure-ftpd' | 'pyftpdlib' | 'inetutils-ftpd';

export const daemonNames: readonly DaemonName[] = [
  'vsftpd',
  'proftpd',
  'pure-ftpd',
  'pyftpdlib',
  'inetutils-ftpd',
];

export interface DaemonOptions {
  /** Lets PORT and PASV deal with a host other than the client's: server-to-server transfers. */
  readonly thirdParty?: boolean;
  /** MODE Z; ProFTPD alone has it. */
  readonly deflate?: boolean;
  /** Listens on `::1` instead of `127.0.0.1`. */
  readonly ipv6?: boolean;
  /** Listens on `127.0.0.2`: another host than the client, which is `127.0.0.1` also to those who are dialled there. */
  readonly other?: boolean;
  /** Listens on this address of the machine instead of `127.0.0.1`. */
  readonly address?: string;
  /** Speaks TLS. */
  readonly tls?: DaemonTls;
}

/** A real FTP server with a folder, configuration and account of its own. */
export interface Daemon {
  readonly name: DaemonName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The folder on this machine's disk which the account may write to. */
  readonly root: string;
  /** That folder's absolute path as seen through FTP: `/` where the daemon shows nothing else. */
  readonly home: string;
  /** Ends every process, closes the port and removes the daemon's temporary folder. */
  stop(): Promise<void>;
  /** Kills the server processes of all sessions at once; the port goes on accepting new ones. */
  killSessions(): void;
  /** Sessions that begin from now on show this certificate. For a daemon with TLS. */
  showCertificate(name: CertificateName): void;
  /** Ids of the live processes that serve sessions. */
  processes(): number[];
  /** What the daemon wrote to standard error and to its log files. */
  log(): string;
}

/**
 * Starts a daemon, or throws `DaemonMissing` with the reason why this machine cannot have it.
 *
 * @param root serve this folder instead of a new temporary one. It is handed over to the daemon's account and
 *   is not removed at the end.
 */
export async function startDaemon(
  name: DaemonName,
  { root, options = {} }: { root?: string; options?: DaemonOptions } = {},
): Promise<Daemon> {
  const program = await installedFolder(name);
  const obstacle = options.tls && unable(name, options.tls);
  if (obstacle !== undefined) throw new DaemonMissing(name, obstacle);
  const folder = mkdtempSync(path.join(tmpdir(), `portside-${name}-`));
  try {
    chmodSync(folder, 0o755); // the daemons' unprivileged halves pass through it
    const served = root ?? path.join(folder, 'files');
    mkdirSync(served, { recursive: true });
    chownSync(served, account.uid, account.gid);
    return await serve({ name, program, folder, root: served, options });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

export class DaemonMissing extends Error {
  constructor(
    readonly daemon: DaemonName,
    readonly reason: string,
  ) {
    super(`${daemon} is missing: ${reason}`);
  }
}

interface Place {
  readonly name: DaemonName;
  readonly program: string;
  readonly folder: string;
  readonly root: string;
  readonly options: DaemonOptions;
}

async function serve({ name, program, folder, root, options }: Place): Promise<Daemon> {
  if (options.tls) placeCertificate(folder, options.tls.certificate ?? 'server');
  const { service, home } = recipes[name]({ program, folder, root, options });
  const env = { ...service.env, ...versionEnvironment(folder, options.tls?.version) };
  const host = options.address ?? (options.ipv6 ? '::1' : options.other ? '127.0.0.2' : '127.0.0.1');
  const inetd = await serveInetd({ ...service, env }, host);
  return {
    name,
    host,
    port: inetd.port,
    user: account.name,
    password: account.password,
    root,
    home,
    stop: async () => {
      await inetd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    killSessions: () => inetd.killSessions(),
    showCertificate: (certificate) => placeCertificate(folder, certificate),
    processes: () => inetd.processes(),
    log: () => inetd.log(),
  };
}

let installation: ReturnType<typeof installDaemons> | undefined;

async function installedFolder(name: DaemonName): Promise<string> {
  const { installed, missing } = await (installation ??= installDaemons());
  const folder = installed[name];
  if (folder === undefined) throw new DaemonMissing(name, missing[name] ?? 'not known to the installer');
  return folder;
}
