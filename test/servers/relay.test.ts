import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { connect, nodeEnvironment, type FtpSession, type WireEvent } from '../../src/ftp';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { MemoryFiles } from '../support/server/memoryFiles';
import { ReferenceServer } from '../support/server/referenceServer';
import { startDaemon, type DaemonName } from './daemon';
import { note } from '../support/note';

/** `reference`: the server of test/support, on real sockets. */
const names = ['reference', 'vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] as const;
type Name = (typeof names)[number];

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const time = 1_700_000_000_000;

/** One server that runs, and a session with it. */
interface Party {
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
interface Circumstances {
  readonly thirdParty: boolean;
  readonly other: boolean;
}

async function start(name: Name, { thirdParty, other }: Circumstances): Promise<Party> {
  const served =
    name === 'reference' ? await startReference(thirdParty, other) : await serve(name, thirdParty, other);
  const events: WireEvent[] = [];
  try {
    const { address } = served;
    const session = await connect({
      ...{ ...address, name: `${name}${other ? '.2' : '.1'}` },
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

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

type Served = Omit<Party, 'session' | 'events'> & { readonly address: Address };

async function startReference(thirdHosts: boolean, other: boolean): Promise<Served> {
  const files = new MemoryFiles();
  const { clock, network } = nodeEnvironment();
  const host = other ? '127.0.0.2' : '127.0.0.1';
  const server = await ReferenceServer.start({ network, clock, files, host, thirdHosts });
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

async function serve(name: DaemonName, thirdParty: boolean, other: boolean): Promise<Served> {
  const daemon = await startDaemon(name, { options: { thirdParty, other } });
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

async function withPair(
  [first, second]: readonly [Name, Name],
  thirdParty: boolean,
  work: (source: Party, target: Party) => Promise<void>,
): Promise<void> {
  const started: Party[] = [];
  try {
    for (const [name, other] of [
      [first, false],
      [second, true],
    ] as const) {
      started.push(await start(name, { thirdParty, other }));
    }
    const [source, target] = started;
    assert.ok(source && target);
    await work(source, target);
  } finally {
    for (const party of started) await party.stop();
  }
}

const said = ({ events }: Party, kind: 'trouble' | 'operation'): string[] =>
  events.flatMap((event) => (event.kind === kind ? [event.text] : []));

const sent = ({ events }: Party): string[] =>
  events.flatMap((event) => (event.kind === 'sent' ? [event.line] : []));

/** `proftpd.2 passive (PASV, PORT), directly`. */
function how(source: Party, target: Party): string {
  const end = said(source, 'operation').at(-1) ?? '';
  if (!end.includes('directly')) return 'through this computer';
  const arranged = [source, target].map((party) => sent(party).filter(isArrangement).at(-1) ?? '');
  const listened = /^(PASV|EPSV)/.test(arranged[1] ?? '') ? 'target' : 'source';
  return `${listened} passive (${arranged.map((line) => line.split(' ')[0]).join(', ')}), directly`;
}

function isArrangement(line: string): boolean {
  return /^(PASV|EPSV|PORT|EPRT)/.test(line);
}

async function copy(pair: readonly [Name, Name], thirdParty: boolean, expected: string): Promise<void> {
  await withPair(pair, thirdParty, async (source, target) => {
    source.put('a.iso', bytes);
    const from = source.at('a.iso');
    const result = await source.session.copyTo(from, target.session, target.at('b.iso'), { route: 'auto' });
    const whole = Buffer.from(bytes).equals(target.get('b.iso') ?? Buffer.alloc(0));
    const refusals = said(source, 'trouble').map((text) => `; ${text}`);
    note(
      `${pair.join(' to ')}: ${how(source, target)}, bytes ${whole ? 'equal' : 'differ'}${refusals.join('')}`,
    );
    assert.ok(whole);
    assert.equal(result.route, expected);
    assert.deepEqual(target.names(), ['b.iso'], 'no temporary file is left');
    assert.equal(await target.modified('b.iso'), time);
    // Both are usable afterwards, and in step.
    assert.equal((await source.session.list(source.at('.'))).length, 1);
    assert.equal((await target.session.read(target.at('b.iso'))).length, bytes.length);
    assert.deepEqual(
      [source, target].map(({ session }) => session.inspect().openSlots),
      [0, 0],
    );
  });
}

describe('server to server on real daemons', function () {
  this.timeout(60_000);
  after(() => assert.deepEqual(nodeRegister.list(), []));
  const pairs = names.flatMap((first) =>
    names.filter((second) => second !== first).map((second) => [first, second] as const),
  );
  for (const [thirdParty, expected] of [
    [true, 'direct'],
    [false, 'relay'],
  ] as const) {
    for (const pair of pairs) {
      it(`${pair.join(' to ')}, third parties ${thirdParty ? 'allowed' : 'refused'}`, () =>
        copy(pair, thirdParty, expected));
    }
  }

  for (const [name, expected] of [
    ['proftpd', 'direct'],
    ['vsftpd', 'relay'],
    ['pure-ftpd', 'relay'],
    ['pyftpdlib', 'relay'],
  ] as const) {
    it(`${name} to itself: ${expected === 'direct' ? 'SITE CPFR and CPTO' : 'through this computer'}`, async () => {
      const party = await start(name, { thirdParty: false, other: false });
      try {
        party.put('a b.iso', bytes);
        const [from, to] = [party.at('a b.iso'), party.at('c d.iso')];
        const result = await party.session.copyTo(from, party.session, to, { route: 'auto' });
        assert.equal(result.route, expected);
        assert.ok(Buffer.from(bytes).equals(party.get('c d.iso') ?? Buffer.alloc(0)));
        assert.equal(await party.modified('c d.iso'), time);
        assert.deepEqual(party.names().sort(), ['a b.iso', 'c d.iso']);
        assert.equal(
          sent(party).some((line) => line.startsWith('RETR')),
          expected === 'relay',
        );
      } finally {
        await party.stop();
      }
    });
  }
});
