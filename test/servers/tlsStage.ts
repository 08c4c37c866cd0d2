import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectOptions, type TlsVersion, connect, nodeEnvironment } from '../../src/ftp';
import type { DataEvent, FtpSession, WireEvent } from '../../src/ftp';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { MemoryFiles } from '../support/server/memoryFiles';
import { ReferenceServer } from '../support/server/referenceServer';
import { skip } from '../support/skip';
import { type Daemon, DaemonMissing, type DaemonName, startDaemon } from './daemon';
import { type DaemonTls, authority } from './daemonTls';

/** The daemons that know TLS. */
export const secureDaemons = ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] as const;

/** `reference`: the server of test/support, on real sockets. */
export type SecureServerName = (typeof secureDaemons)[number] | 'reference';

/** A server that runs, its files on this machine's disk or in memory. */
export interface SecureServer {
  readonly address: Pick<ConnectOptions, 'host' | 'port' | 'user' | 'password'>;
  at(name: string): string;
  put(name: string, bytes: Uint8Array): void;
  get(name: string): Uint8Array | undefined;
  stop(): Promise<void>;
}

/** What we trust beside the system's own: it signed the certificates `server`, `otherName` and `expired`. */
export const authorities = [readFileSync(authority, 'utf8')];

export async function startSecureServer(
  context: Mocha.Context,
  name: SecureServerName,
  version: TlsVersion,
  implicit: boolean,
): Promise<SecureServer> {
  return name === 'reference'
    ? startReference(version, implicit)
    : onDisk(await startSecureDaemon(context, name, { version, implicit }));
}

/** Skips what the machine or the daemon cannot. */
export async function startSecureDaemon(
  context: Mocha.Context,
  name: DaemonName,
  tls?: DaemonTls,
): Promise<Daemon> {
  try {
    return await startDaemon(name, { options: { ...(tls && { tls }) } });
  } catch (error) {
    if (error instanceof DaemonMissing) skip(context, error.message);
    throw error;
  }
}

export function onDisk(daemon: Daemon): SecureServer {
  const { host, port, user, password, home, root } = daemon;
  return {
    address: { host, port, user, password },
    at: (name) => path.posix.join(home, name),
    put: (name, bytes) => writeFileSync(path.join(root, name), bytes),
    get: (name) => readFileSync(path.join(root, name)),
    stop: () => daemon.stop(),
  };
}

async function startReference(version: TlsVersion, implicit: boolean): Promise<SecureServer> {
  const files = new MemoryFiles();
  const { clock, network } = nodeEnvironment();
  const tls = { implicit, minVersion: version, maxVersion: version, requireReuse: true };
  const server = await ReferenceServer.start({ clock, network, files, tls });
  const at = (name: string): string => `/${name}`;
  return {
    address: { host: '127.0.0.1', port: server.port, user: 'web', password: 'secret' },
    at,
    put: (name, bytes) => files.put(at(name), bytes),
    get: (name) => files.at(at(name)),
    stop: () => server.stop(),
  };
}

/** A session, and what it said happened. */
export interface Visit {
  readonly session: FtpSession;
  readonly events: readonly WireEvent[];
  close(): Promise<void>;
}

/** @param events collects them also of a visit that is refused */
export async function visit(
  { address }: Pick<SecureServer, 'address'>,
  options: Partial<ConnectOptions>,
  events: WireEvent[] = [],
): Promise<Visit> {
  const session = await connect({ ...address, ...options, trace: (event) => events.push(event) });
  return { session, events, close: () => session.close() };
}

/** Every data connection that was used. */
export function dataConnections(events: readonly WireEvent[]): DataEvent[] {
  return events.filter((event) => event.kind === 'data' && event.phase === 'open') as DataEvent[];
}

/** TLS says goodbye before TCP does: the last socket may close a moment after its session. */
export async function nothingOpen(): Promise<void> {
  for (let waited = 0; waited < patience && nodeRegister.list().length > 0; waited += 10) await sleep(10);
  assert.deepEqual(nodeRegister.list(), []);
}

const patience = 2_000;

export function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);
}
