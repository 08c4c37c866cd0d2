import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expand, libraryEnvironment, pythonOf } from '../../scripts/daemons.mjs';
import type { DaemonName, DaemonOptions } from './daemon';
import { authority, certificateFile, proftpdTls, pureFtpdTls, vsftpdTls } from './daemonTls';
import type { Service } from './inetd';

/** The one account of every daemon. Each daemon keeps it in a user database of its own, never in the machine's. */
export const account = {
  name: 'portside',
  password: 'harbour-7',
  /** crypt(3) form of the password, SHA-512: all five understand it. */
  hash: '$6$portside$8WdXkXpnaQqXoMwgNYdGlFZU1GyUu7IaBSwVooMsgiKn7Y8cn5XvetkBpCWs2Z6HgU8yq1lmGoBLNd7CbvlgM0',
  /** An id nobody has; above Pure-FTPd's and ProFTPD's limits for system accounts. */
  uid: 47_021,
  gid: 47_021,
} as const;

interface Ingredients {
  /** The daemon's own root directory: `<program>/usr/sbin/…`. */
  readonly program: string;
  /** For configuration, user database, logs. */
  readonly folder: string;
  /** The folder to serve. */
  readonly root: string;
  readonly options: DaemonOptions;
}

interface Recipe {
  readonly service: Service;
  readonly home: string;
}

/** How each daemon is configured: one writable account, dot files shown, times in UTC, limits as they come. */
export const recipes: Record<DaemonName, (ingredients: Ingredients) => Recipe> = {
  vsftpd,
  proftpd,
  'pure-ftpd': pureFtpd,
  pyftpdlib,
  'inetutils-ftpd': inetutils,
};

/** Linux's ephemeral ports, for those that would otherwise choose passive ports among all. */
const passivePorts = { first: 32_768, last: 60_999 };

function vsftpd({ program, folder, root, options }: Ingredients): Recipe {
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  const log = path.join(folder, 'vsftpd.log');
  const promiscuous = options.thirdParty ? 'YES' : 'NO';
  const configuration = write(folder, 'vsftpd.conf', [
    'listen=NO',
    'anonymous_enable=NO',
    'local_enable=YES',
    'write_enable=YES',
    'local_umask=022',
    'force_dot_files=YES',
    'connect_from_port_20=NO',
    `pasv_min_port=${passivePorts.first}`,
    `pasv_max_port=${passivePorts.last}`,
    `pasv_promiscuous=${promiscuous}`,
    `port_promiscuous=${promiscuous}`,
    // No file in /etc/pam.d: PAM falls back to the service "other", which is pam_unix.
    'pam_service_name=other',
    `secure_chroot_dir=${empty}`,
    // Namespaces and seccomp are refused in many containers.
    'isolate=NO',
    'isolate_network=NO',
    'seccomp_sandbox=NO',
    'log_ftp_protocol=YES',
    'xferlog_enable=YES',
    'xferlog_std_format=NO',
    `vsftpd_log_file=${log}`,
    ...(options.tls ? vsftpdTls(folder, options.tls) : []),
  ]);
  const service = serviceOf(program, folder, 'vsftpd', [configuration]);
  const env = { ...service.env, ...accountEnvironment(program, folder, root) };
  return { service: { ...service, env, logs: [log] }, home: root };
}

function proftpd({ program, folder, root, options }: Ingredients): Recipe {
  const users = write(folder, 'users', [passwdLine(root)], 0o600);
  const groups = write(folder, 'groups', [groupLine()], 0o600);
  const log = path.join(folder, 'proftpd.log');
  const tlsLog = path.join(folder, 'tls.log');
  const configuration = write(folder, 'proftpd.conf', [
    'ServerType inetd',
    'ServerName Portside',
    'DefaultServer on',
    `UseIPv6 ${options.ipv6 ? 'on' : 'off'}`,
    `ModulePath ${path.join(program, 'usr/lib/proftpd')}`,
    'LoadModule mod_site_misc.c',
    'LoadModule mod_copy.c',
    ...(options.deflate ? ['LoadModule mod_deflate.c', 'DeflateEngine on'] : []),
    'User nobody',
    'Group nogroup',
    'Umask 022 022',
    'AuthOrder mod_auth_file.c',
    `AuthUserFile ${users}`,
    `AuthGroupFile ${groups}`,
    'RequireValidShell off',
    'DefaultRoot ~',
    'UseReverseDNS off',
    'DelayEngine off', // it slows logins down and keeps a table in /var
    'ListOptions -a',
    'AllowOverwrite on',
    'AllowStoreRestart on',
    `AllowForeignAddress ${options.thirdParty ? 'on' : 'off'}`,
    'ScoreboardFile none',
    'WtmpLog off',
    'TransferLog none',
    `SystemLog ${log}`,
    ...(options.tls ? proftpdTls(folder, tlsLog, options.tls) : []),
  ]);
  const service = serviceOf(program, folder, 'proftpd', ['-c', configuration]);
  return { service: { ...service, logs: [log, tlsLog] }, home: '/' };
}

function pureFtpd({ program, folder, root, options }: Ingredients): Recipe {
  const { name, hash, uid, gid } = account;
  // Login, hash, ids, remark, home (`/./`: jailed there), then limits, none of which are set.
  const users = write(folder, 'users', [`${name}:${hash}:${uid}:${gid}::${root}/./::::::::::::`], 0o600);
  const database = path.join(folder, 'users.pdb');
  const env = environment(program);
  execFileSync(path.join(program, 'usr/bin/pure-pw'), ['mkdb', database, '-f', users], { env });
  const log = path.join(folder, 'pure-ftpd.log');
  const service = serviceOf(program, folder, 'pure-ftpd', [
    ...['--login', `puredb:${database}`, '--noanonymous', '--chrooteveryone', '--dontresolve'],
    ...['--displaydotfiles', '--altlog', `clf:${log}`, '--syslogfacility', 'none'],
    ...['--passiveportrange', `${passivePorts.first}:${passivePorts.last}`],
    ...(options.thirdParty ? ['--allowuserfxp'] : []),
    ...(options.tls ? pureFtpdTls(folder, options.tls) : []),
  ]);
  return { service: { ...service, logs: [log] }, home: '/' };
}

function pyftpdlib({ program, folder, root, options }: Ingredients): Recipe {
  const settings = JSON.stringify({
    ...account,
    root,
    thirdParty: options.thirdParty ?? false,
    tls: options.tls && { ...options.tls, file: certificateFile(folder), authority },
  });
  const service = {
    command: pythonOf(program),
    args: ['-W', 'ignore', path.join(__dirname, 'pyftpdlibSession.py'), settings],
    env: environment(program),
    cwd: folder,
    logs: [],
  };
  return { service, home: '/' };
}

function inetutils({ program, folder, root }: Ingredients): Recipe {
  const service = serviceOf(program, folder, 'ftpd', ['--auth=default']);
  const env = { ...service.env, ...accountEnvironment(program, folder, root) };
  return { service: { ...service, env }, home: root };
}

function serviceOf(program: string, folder: string, command: string, args: readonly string[]): Service {
  return {
    command: path.join(program, 'usr/sbin', command),
    args,
    env: environment(program),
    cwd: folder,
    logs: [],
  };
}

function environment(program: string): Record<string, string> {
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', LC_ALL: 'C', ...libraryEnvironment(program) };
}

/**
 * An account of this machine that exists for one program only: nss_wrapper answers getpwnam(3) from our file.
 * The wrapper is copied, since `ls`, started by inetutils-ftpd as the user, loads it as well.
 */
function accountEnvironment(program: string, folder: string, root: string): Record<string, string> {
  const [wrapper] = expand(program, 'usr/lib/*/libnss_wrapper.so');
  if (wrapper === undefined) throw new Error(`no libnss_wrapper.so below ${program}`);
  const copy = path.join(folder, 'libnss_wrapper.so');
  copyFileSync(wrapper, copy);
  return {
    LD_PRELOAD: copy,
    NSS_WRAPPER_PASSWD: write(folder, 'passwd', [...linesOf('/etc/passwd'), passwdLine(root)]),
    NSS_WRAPPER_GROUP: write(folder, 'group', [...linesOf('/etc/group'), groupLine()]),
  };
}

function passwdLine(home: string): string {
  // The shell must be one of /etc/shells.
  return `${account.name}:${account.hash}:${account.uid}:${account.gid}::${home}:/bin/sh`;
}

function groupLine(): string {
  return `${account.name}:x:${account.gid}:`;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function write(folder: string, name: string, lines: readonly string[], mode = 0o644): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode });
  return file;
}
