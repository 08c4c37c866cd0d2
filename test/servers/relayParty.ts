import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import {
  connect,
  nodeEnvironment,
  type ConnectOptions,
  type FtpSession,
  type WireEvent,
} from '../../src/ftp';
import { MemoryFiles } from '../support/server/memoryFiles';
import { ReferenceServer } from '../support/server/referenceServer';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import { startDaemon, type DaemonName } from './daemon';
import type { DaemonTls } from './daemonTls';

/** `reference`: the server of test/support, on real sockets. */
export const relayNames = ['reference', 'vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] as const;
export type RelayName = (typeof relayNames)[number];

export const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
export const time = 1_700_000_000_000;

/** One server that runs, and a session with it. */
export interface Party {
  readonly session: FtpSession;
  readonly events: WireEvent[];
  at(name: string): string;
  put(name: string, content: Uint8Array): void;
  get(name: string): Uint8Array | undefined;
  modified(name: string): Promise<number>;
  names(): string[];
  stop(): Promise<void>;
}

/**
 * Where: the first server of a pair is at 127.0.0.1, the second at 127.0.0.2. A socket bound to neither dials from
 * 127.0.0.1, the client's own address; so the first is a third host to the second, which is how refusals are seen.
 */
export interface Circumstances {
  readonly thirdParty: boolean;
  readonly other: boolean;
  /** Signs in over TLS; what the server makes of it, a daemon or the reference server. */
  readonly tls?: DaemonTls & TlsOptions;
}

export async function startParty(name: RelayName, circumstances: Circumstances): Promise<Party> {
  const served =
    name === 'reference' ? await startReference(circumstances) : await serve(name, circumstances);
  const events: WireEvent[] = [];
  try {
    const { address } = served;
    const session = await connect({
      ...{ ...address, name: `${name}${circumstances.other ? '.2' : '.1'}` },
      ...(circumstances.tls ? inTls : {}),
      trace: (event) => events.push(event),
    });
    const stop = async (): Promise<void> => {
      await session.close();
      await served.stop();
    };
    return { ...served, session, events, stop };
  } catch (error) {
    await served.stop();
    throw error;
  }
}

const inTls: Partial<ConnectOptions> = {
  security: 'explicit',
  tls: { authorities: [readFileSync(path.join(__dirname, '../fixtures/tls/authority.pem'), 'utf8')] },
};

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

type Served = Omit<Party, 'session' | 'events'> & { readonly address: Address };

async function startReference({ thirdParty, other, tls }: Circumstances): Promise<Served> {
  const files = new MemoryFiles();
  const { clock, network } = nodeEnvironment();
  const host = other ? '127.0.0.2' : '127.0.0.1';
  const server = await ReferenceServer.start({
    ...{ network, clock, files, host, thirdHosts: thirdParty },
    ...(tls && { tls }),
  });
  const at = (name: string): string => `/${name}`;
  return {
    at,
    address: { host, port: server.port, user: 'web', password: 'secret' },
    put: (name, content) => files.put(at(name), content, { modified: time }),
    get: (name) => files.at(at(name)),
    modified: async (name) => (await files.stat(at(name))).modified,
    names: () => files.names('/'),
    stop: () => server.stop(),
  };
}

async function serve(name: DaemonName, { thirdParty, other, tls }: Circumstances): Promise<Served> {
  const daemon = await startDaemon(name, { options: { thirdParty, other, ...(tls && { tls }) } });
  const { host, port, user, password, home, root } = daemon;
  const disk = (file: string): string => path.join(root, file);
  return {
    at: (file) => path.posix.join(home, file),
    address: { host, port, user, password },
    put: (file, content) => {
      writeFileSync(disk(file), content);
      utimesSync(disk(file), time / 1000, time / 1000);
    },
    get: (file) => (existsSync(disk(file)) ? readFileSync(disk(file)) : undefined),
    modified: (file) => Promise.resolve(statSync(disk(file)).mtimeMs),
    names: () => readdirSync(root),
    stop: () => daemon.stop(),
  };
}

export async function withPair(
  [first, second]: readonly [RelayName, RelayName],
  circumstances: Omit<Circumstances, 'other'>,
  work: (source: Party, target: Party) => Promise<void>,
): Promise<void> {
  const started: Party[] = [];
  try {
    for (const [name, other] of [
      [first, false],
      [second, true],
    ] as const) {
      started.push(await startParty(name, { ...circumstances, other }));
    }
    const [source, target] = started;
    assert.ok(source && target);
    await work(source, target);
  } finally {
    for (const party of started) await party.stop();
  }
}

export const said = ({ events }: Party, kind: 'trouble' | 'operation'): string[] =>
  events.flatMap((event) => (event.kind === kind ? [event.text] : []));

export const sent = ({ events }: Party): string[] =>
  events.flatMap((event) => (event.kind === 'sent' ? [event.line] : []));

/** `proftpd.2 passive (PASV, PORT), directly`. */
export function how(source: Party, target: Party): string {
  const end = said(source, 'operation').at(-1) ?? '';
  if (!end.includes('directly')) return 'through this computer';
  const arranged = [source, target].map((party) => sent(party).filter(isArrangement).at(-1) ?? '');
  const listened = /^(PASV|EPSV)/.test(arranged[1] ?? '') ? 'target' : 'source';
  return `${listened} passive (${arranged.map((line) => line.split(' ')[0]).join(', ')}), directly`;
}

function isArrangement(line: string): boolean {
  return /^(PASV|EPSV|PORT|EPRT)/.test(line);
}
