import assert from 'node:assert/strict';
import {
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  existsSync,
  readdirSync,
} from 'node:fs';
import path from 'node:path';
import { connect, FtpError, type FtpSession, type RendezvousMethod, type WireEvent } from '../../src/ftp';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { daemonNames, startDaemon, type Daemon, type DaemonName } from './daemon';
import { atRest } from '../support/atRest';
import { skip } from '../support/skip';

/** Every way that a daemon was seen to serve (default port: RFC 959 §3.2; the other four answer 425 or nothing). */
const ways: Readonly<Record<DaemonName, readonly RendezvousMethod[]>> = {
  vsftpd: ['EPSV', 'PASV', 'EPRT', 'PORT'],
  proftpd: ['EPSV', 'PASV', 'EPRT', 'PORT'],
  'pure-ftpd': ['EPSV', 'PASV', 'EPRT', 'PORT'],
  pyftpdlib: ['EPSV', 'PASV', 'EPRT', 'PORT'],
  'inetutils-ftpd': ['EPSV', 'PASV', 'EPRT', 'PORT', 'default-port'],
};

/** Everything but the one way counts as having failed before. */
const others = (way: RendezvousMethod): Partial<Record<RendezvousMethod, 'refused'>> =>
  Object.fromEntries(
    (['EPSV', 'PASV', 'EPRT', 'PORT'] as const)
      .filter((name) => name !== way)
      .map((name) => [name, 'refused']),
  );

const names = [
  'plain.txt',
  'with blanks .txt',
  '#hash',
  'per%20cent',
  'Grüße.txt',
  '日本語.md',
  "quo'te",
  'semi;colon',
];

interface Stage {
  readonly daemon: Daemon;
  readonly session: FtpSession;
  readonly events: WireEvent[];
  /** The FTP path of a name in the daemon's folder, and its place on disk. */
  at(name: string): string;
  disk(name: string): string;
}

async function withSession(
  daemon: Daemon,
  way: RendezvousMethod,
  work: (stage: Stage) => Promise<void>,
  warm = false,
): Promise<void> {
  const events: WireEvent[] = [];
  const session = await connect({
    host: daemon.host,
    port: daemon.port,
    user: daemon.user,
    password: daemon.password,
    dataConnection: way === 'default-port' ? 'default-port' : 'auto',
    warm,
    trace: (event) => events.push(event),
  });
  try {
    Object.assign(session.profile.learned.rendezvous, others(way));
    const at = (name: string): string => path.posix.join(daemon.home, name);
    await work({ daemon, session, events, at, disk: (name) => path.join(daemon.root, name) });
    await atRest(session);
    const used = events.flatMap((event) => (event.kind === 'data' && event.method ? [event.method] : []));
    assert.deepEqual([...new Set(used)], used.length > 0 ? [way] : []);
    const lost = events.filter((event) => event.kind === 'state' && event.state === 'lost');
    assert.equal(lost.length, mayHangUp(daemon, events) ? lost.length : 0);
  } finally {
    await session.close();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => assert.fail('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FtpError, String(error));
  return error.code;
}

/** inetutils-ftpd dies of SIGPIPE when a data connection is closed before its first byte; a new one is made unseen. */
function mayHangUp(daemon: Daemon, events: readonly WireEvent[]): boolean {
  const cancelled = events.some((event) => event.kind === 'operation' && event.failed === 'aborted');
  return daemon.name === 'inetutils-ftpd' && cancelled;
}

const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
let count = 0;
const fresh = (): string => `t${++count}`;

const cases: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'lists names as they are': async ({ session, at, disk }) => {
    const folder = fresh();
    mkdirSync(disk(folder));
    for (const name of names) writeFileSync(path.join(disk(folder), name), name);
    mkdirSync(path.join(disk(folder), 'folder'));
    symlinkSync('plain.txt', path.join(disk(folder), 'to-file'));
    symlinkSync('folder', path.join(disk(folder), 'to-folder'));
    const entries = await session.list(at(folder));
    const expected = [...names, 'folder', 'to-file', 'to-folder'].sort();
    assert.deepEqual(entries.map(({ name }) => name).sort(), expected);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    assert.equal(byName.get('Grüße.txt')?.size, Buffer.byteLength('Grüße.txt'));
    const kind = (name: string): unknown => byName.get(name)?.targetType ?? byName.get(name)?.type;
    assert.deepEqual(
      [kind('folder'), kind('to-file'), kind('to-folder')],
      ['directory', 'file', 'directory'],
    );
  },
  'lists an empty directory, and says that a missing one is missing': async ({ session, at, disk }) => {
    const folder = fresh();
    mkdirSync(disk(folder));
    assert.deepEqual(await session.list(at(folder)), []);
    assert.equal(await codeOf(session.list(at('absent'))), 'not-found');
    writeFileSync(disk(`${folder}/file`), '');
    assert.equal(await codeOf(session.list(at(`${folder}/file`))), 'not-a-directory');
  },
  'writes and reads back, empty, small and large': async ({ session, at, disk }) => {
    for (const size of [0, 1, 1448, 65_537, 1_500_000]) {
      const name = fresh();
      await session.write(at(name), bytesOf(size));
      assert.ok(Buffer.from(bytesOf(size)).equals(readFileSync(disk(name))), `${size} bytes on disk`);
      assert.ok(Buffer.from(bytesOf(size)).equals(await session.read(at(name))), `${size} bytes read back`);
    }
  },
  'writes and reads every odd name': async ({ session, at, disk }) => {
    for (const odd of names) {
      const name = `${fresh()} ${odd}`;
      await session.write(at(name), bytesOf(10));
      assert.ok(existsSync(disk(name)), name);
      assert.equal((await session.read(at(name))).length, 10);
      assert.equal((await session.stat(at(name))).size, 10);
    }
  },
  'replaces a file, and appends': async ({ session, at, disk }) => {
    const name = fresh();
    await session.write(at(name), bytesOf(5000));
    await session.write(at(name), bytesOf(3));
    await session.write(at(name), bytesOf(4), { append: true });
    assert.deepEqual([...readFileSync(disk(name))], [...bytesOf(3), ...bytesOf(4)]);
  },
  'reads a part': async ({ session, at, disk }) => {
    const name = fresh();
    writeFileSync(disk(name), bytesOf(500_000));
    const part = await session.read(at(name), { offset: 1000, length: 2000 });
    assert.deepEqual([...part], [...bytesOf(500_000).subarray(1000, 3000)]);
    assert.equal((await session.read(at(name))).length, 500_000);
  },
  'tells sizes, times and kinds': async ({ session, at, disk }) => {
    const name = fresh();
    writeFileSync(disk(name), bytesOf(77));
    const entry = await session.stat(at(name));
    assert.equal(entry.type, 'file');
    assert.equal(entry.size, 77);
    assert.ok(Math.abs((entry.modified?.time ?? 0) - statSync(disk(name)).mtimeMs) < 60_000);
    assert.equal((await session.stat(at('.'))).type, 'directory');
    assert.equal(await codeOf(session.stat(at('absent'))), 'not-found');
  },
  'renames, also over a file, and deletes': async ({ session, at, disk }) => {
    const [one, two] = [fresh(), fresh()];
    writeFileSync(disk(one), 'one');
    writeFileSync(disk(two), 'two');
    await session.rename(at(one), at(two));
    assert.equal(readFileSync(disk(two), 'utf8'), 'one');
    await session.remove(at(two));
    assert.ok(!existsSync(disk(two)));
    assert.equal(await codeOf(session.remove(at(two))), 'not-found');
    assert.equal(await codeOf(session.rename(at(two), at(one))), 'not-found');
  },
  'makes and removes directories': async ({ session, at, disk }) => {
    const folder = fresh();
    await session.makeDirectory(at(folder));
    assert.ok(statSync(disk(folder)).isDirectory());
    assert.equal(await codeOf(session.makeDirectory(at(folder))), 'exists');
    await session.write(at(`${folder}/x`), bytesOf(1));
    assert.equal(await codeOf(session.removeDirectory(at(folder))), 'directory-not-empty');
    await session.remove(at(`${folder}/x`));
    await session.removeDirectory(at(folder));
    assert.ok(!existsSync(disk(folder)));
  },
  'explains what is refused': async ({ session, at }) => {
    const folder = fresh();
    await session.makeDirectory(at(folder));
    assert.equal(await codeOf(session.read(at(folder))), 'is-a-directory');
    assert.equal(await codeOf(session.read(at('absent'))), 'not-found');
    assert.equal(await codeOf(session.write(at('absent/file'), bytesOf(1))), 'not-found');
    assert.equal(await codeOf(session.makeDirectory(at('absent/folder'))), 'not-found');
  },
  'sets permissions': async ({ session, at, disk, daemon }) => {
    const name = fresh();
    await session.write(at(name), bytesOf(1));
    await session.setMode(at(name), 0o640);
    assert.equal(statSync(disk(name)).mode & 0o777, 0o640, daemon.name);
  },
  'sets times, or says that it cannot': async ({ session, at, disk, daemon }) => {
    const name = fresh();
    await session.write(at(name), bytesOf(1));
    const time = Date.UTC(2021, 4, 6, 7, 8, 10);
    if (daemon.name === 'inetutils-ftpd') {
      assert.equal(await codeOf(session.setModified(at(name), time)), 'not-supported');
    } else {
      await session.setModified(at(name), time);
      assert.equal(statSync(disk(name)).mtimeMs, time);
    }
  },
  'cancels a download and an upload, and goes on': async ({ session, at, disk }) => {
    const name = fresh();
    writeFileSync(disk(name), new Uint8Array(60_000_000));
    for (const start of [
      (signal: AbortSignal, began: () => void) => session.read(at(name), { signal, onProgress: began }),
      (signal: AbortSignal, began: () => void) =>
        session.write(at(`${name}up`), new Uint8Array(60_000_000), { signal, onProgress: began }),
    ]) {
      const controller = new AbortController();
      const code = codeOf(start(controller.signal, () => controller.abort()));
      assert.equal(await code, 'aborted');
      assert.equal((await session.stat(at(name))).size, 60_000_000);
    }
  },
};

/** Over IPv6 there is no PASV and no PORT. */
const overIpv6 = ['lists names as they are', 'writes and reads back, empty, small and large'] as const;

describe('operations on real daemons over IPv6', function () {
  this.timeout(60_000);
  for (const name of daemonNames) {
    for (const way of ['EPSV', 'EPRT'] as const) {
      it(`${name}, ${way}`, async function () {
        const daemon = await startDaemon(name, { options: { ipv6: true } }).catch((error: Error) => error);
        if (daemon instanceof Error) {
          return skip(this, `${name} over IPv6: ${daemon.message}`);
        }
        try {
          for (const title of overIpv6) {
            const run = cases[title];
            assert.ok(run);
            await withSession(daemon, way, run);
          }
        } finally {
          await daemon.stop();
        }
      });
    }
  }
});

describe('operations on real daemons', function () {
  this.timeout(120_000);
  for (const name of daemonNames) {
    describe(name, () => {
      let daemon: Daemon;
      before(async function () {
        try {
          daemon = await startDaemon(name);
        } catch (error) {
          skip(this, (error as Error).message);
        }
      });
      after(async () => {
        await daemon?.stop();
        assert.deepEqual(nodeRegister.list(), []);
      });
      for (const way of ways[name]) {
        for (const [title, run] of Object.entries(cases)) {
          it(`${way}: ${title}`, () => withSession(daemon, way, run));
        }
      }
      for (const [title, run] of Object.entries(cases)) {
        it(`EPSV, made ready before: ${title}`, () => withSession(daemon, 'EPSV', run, true));
      }
      it('leaves nothing but what was meant to be there', () => {
        assert.ok(readdirSync(daemon.root).every((entry) => /^t\d+/.test(entry)));
      });
    });
  }
});
