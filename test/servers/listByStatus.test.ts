import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../../src/ftp';
import { atRest } from '../support/atRest';
import { skip } from '../support/skip';
import { DaemonMissing, startDaemon, type Daemon } from './daemon';
import { authorities } from './tlsStage';

const folders = [
  'plain',
  'with blanks ',
  '-dash',
  'st*r',
  'br[a]cket',
  '{brace}',
  '~tilde',
  'Grüße',
  'empty',
  '.hidden',
];
const files = [
  '.dot',
  ' leading',
  'trailing ',
  '-rf',
  '213 End of status',
  '350 Restart position accepted (1).',
  'a -> b',
  'x .',
  '日本語.md',
  'quo\'te"s',
  'tab\tbell\u0007',
];

/** vsftpd alone lists by STAT: what that tells has to be what LIST tells. */
describe('a listing by STAT, on vsftpd', function () {
  this.timeout(60_000);
  let daemon: Daemon;
  let at: (name: string) => string;
  let disk: (name: string) => string;

  before(async function () {
    try {
      daemon = await startDaemon('vsftpd');
    } catch (error) {
      if (error instanceof DaemonMissing) skip(this, error.message);
      throw error;
    }
    at = (name) => path.posix.join(daemon.home, name);
    disk = (name) => path.join(daemon.root, name);
    fill(disk, 20_000);
  });
  after(() => daemon?.stop());

  for (const folder of [...folders, 'link to folder', 'unreadable']) {
    it(`shows the entries of LIST: '${folder}'`, async () => {
      const byStatus = await listed(daemon, at(folder));
      const byList = await listed(daemon, at(folder), { statListing: false });
      assert.deepEqual(byStatus.outcome, byList.outcome);
      assert.deepEqual(
        byList.verbs.filter((verb) => verb === 'STAT'),
        [],
      );
      const last = folder === 'unreadable' ? 'LIST' : 'STAT';
      assert.equal(byStatus.verbs.filter((verb) => verb === 'STAT' || verb === 'LIST').at(-1), last);
      assert.equal(byStatus.learned.statListing, undefined);
    });
  }

  it('shows the whole of what was put there', async () => {
    const { outcome } = await listed(daemon, at('plain'));
    assert.ok(Array.isArray(outcome));
    const expected = [...files, 'folder', 'to folder', 'to file', 'to nothing'];
    assert.deepEqual(outcome.map(({ name }) => name).sort(), expected.sort());
    assert.equal(outcome.find(({ name }) => name === 'to folder')?.targetType, 'directory');
  });

  for (const [name, code] of [
    ['absent', 'not-found'],
    ['absent/deeper', 'not-found'],
    ['file', 'not-a-directory'],
  ] as const) {
    it(`says of '${name}' that it is ${code}`, async () => {
      const byStatus = await listed(daemon, at(name));
      assert.equal(byStatus.outcome, code);
      assert.equal((await listed(daemon, at(name), { statListing: false })).outcome, code);
      assert.ok(!byStatus.verbs.includes('LIST'));
    });
  }

  it('takes names as the bytes that they are, those of Telnet commands too', async () => {
    const options = { encoding: 'windows-1251' };
    const byStatus = await listed(daemon, at('cyrillic'), {}, options);
    assert.ok(Array.isArray(byStatus.outcome));
    assert.deepEqual(byStatus.outcome.map(({ name }) => name).sort(), ['имя.txt', 'яы', 'яэя', 'яюя']);
    assert.deepEqual(
      byStatus.outcome,
      (await listed(daemon, at('cyrillic'), { statListing: false }, options)).outcome,
    );
    assert.equal(byStatus.learned.statListing, undefined);
  });

  for (const folder of ['line feed', 'forged']) {
    it(`does not believe a listing that a name has ended: '${folder}'`, async () => {
      const byStatus = await listed(daemon, at(folder));
      const byList = await listed(daemon, at(folder), { statListing: false });
      assert.deepEqual(byStatus.outcome, byList.outcome);
      assert.ok(Array.isArray(byStatus.outcome) && byStatus.outcome.some(({ name }) => name === 'z'));
      assert.equal(byStatus.learned.statListing, false);
    });
  }

  it('lists 20,000 files, tells no line of them in the trace, and keeps the connection', async () => {
    const { outcome, events, verbs } = await listed(daemon, at('large'));
    assert.equal(outcome.length, 20_000);
    assert.ok(!verbs.includes('LIST'));
    const told = events.filter(({ kind }) => kind === 'received');
    assert.ok(told.length < 30, `${told.length} lines`);
    const omitted = events.flatMap((event) => (event.kind === 'received' ? (event.omitted ?? []) : []));
    assert.deepEqual(omitted, [20_002]);
    assert.ok(!events.some((event) => event.kind === 'state' && event.state === 'lost'));
  });

  it('lets go of one that is cancelled, and goes on over the same connection', () =>
    withSession(daemon, {}, async (session, events) => {
      const controller = new AbortController();
      const listing = session.list(at('large'), { signal: controller.signal });
      const hasBegun = (): boolean =>
        events.some((event) => event.kind === 'received' && event.line.startsWith('213-'));
      while (!hasBegun()) await new Promise(setImmediate);
      controller.abort();
      await assert.rejects(listing, (error) => FtpError.is(error, 'aborted'));
      assert.equal((await session.list(at('plain'))).length, files.length + 4);
      assert.equal(new Set(events.map(({ connection }) => connection).filter(Boolean)).size, 1);
    }));
});

it('a listing by STAT over TLS, on vsftpd: small and large', async function () {
  this.timeout(60_000);
  let daemon: Daemon;
  try {
    daemon = await startDaemon('vsftpd', { options: { tls: {} } });
  } catch (error) {
    if (error instanceof DaemonMissing) skip(this, error.message);
    throw error;
  }
  try {
    fill((name) => path.join(daemon.root, name), 2000);
    const secure = { security: 'explicit', tls: { authorities } } as const;
    for (const folder of ['plain', 'large']) {
      const place = path.posix.join(daemon.home, folder);
      const byStatus = await listed(daemon, place, {}, secure);
      assert.ok(!byStatus.verbs.includes('LIST'));
      const byList = await listed(daemon, place, { statListing: false }, secure);
      assert.deepEqual(byStatus.outcome, byList.outcome);
    }
  } finally {
    await daemon.stop();
  }
});

function fill(disk: (name: string) => string, large: number): void {
  const others = ['large', 'cyrillic', 'line feed', 'forged', 'unreadable'];
  for (const folder of [...folders, ...others]) mkdirSync(disk(folder));
  for (const folder of folders.filter((name) => name !== 'empty')) {
    for (const name of files) writeFileSync(disk(`${folder}/${name}`), name);
    utimesSync(disk(`${folder}/.dot`), 1e9, 1e9);
    mkdirSync(disk(`${folder}/folder`));
    symlinkSync('.dot', disk(`${folder}/to file`));
    symlinkSync('folder', disk(`${folder}/to folder`));
    symlinkSync('nowhere', disk(`${folder}/to nothing`));
  }
  writeFileSync(disk('file'), 'text');
  symlinkSync('plain', disk('link to folder'));
  writeFileSync(disk('unreadable/inside'), '');
  chmodSync(disk('unreadable'), 0o311);
  for (let n = 0; n < large; n++) writeFileSync(disk(`large/${n}`), '');
  for (const name of [
    [0xe8, 0xec, 0xff, 0x2e, 0x74, 0x78, 0x74],
    [0xff, 0xfb],
    [0xff, 0xfd, 0xff],
    [0xff, 0xfe, 0xff],
  ]) {
    writeFileSync(Buffer.concat([Buffer.from(disk('cyrillic/')), Buffer.from(name)]), '');
  }
  for (const name of ['a\n213 End of status', 'z']) writeFileSync(disk(`line feed/${name}`), '');
  const replies = [
    '213 End of status',
    '350 Restart position accepted (7).',
    '350 Restart position accepted (0).',
  ];
  for (const name of [['a', ...replies, '250 ok', '226 Directory send OK.'].join('\r\n'), 'z']) {
    writeFileSync(disk(`forged/${name}`), '');
  }
}

type Learned = FtpSession['profile']['learned'];

async function listed(
  daemon: Daemon,
  place: string,
  learned: Partial<Learned> = {},
  options: Partial<ConnectOptions> = {},
) {
  return withSession(daemon, options, async (session, events) => {
    Object.assign(session.profile.learned, learned);
    const began = events.length;
    const outcome = await session.list(place).catch((error: FtpError) => error.code);
    await atRest(session);
    const during = events.slice(began);
    const verbs = during.flatMap((event) => (event.kind === 'sent' ? [event.line.split(' ')[0]] : []));
    return { outcome, verbs, events: during, learned: session.profile.learned };
  });
}

async function withSession<T>(
  daemon: Daemon,
  options: Partial<ConnectOptions>,
  work: (session: FtpSession, events: WireEvent[]) => Promise<T>,
): Promise<T> {
  const events: WireEvent[] = [];
  const { host, port, user, password } = daemon;
  const trace = (event: WireEvent): unknown => events.push(event);
  const session = await connect({ host, port, user, password, security: 'none', ...options, trace });
  try {
    return await work(session, events);
  } finally {
    await session.close();
  }
}
