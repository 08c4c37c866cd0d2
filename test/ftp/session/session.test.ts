import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../../src/ftp';
import { simulate, type Simulation } from '../../support/simSession';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function withSession<T>(
  work: (session: FtpSession, simulation: Simulation) => Promise<T>,
  options: Parameters<typeof simulate>[0] = {},
): Promise<T> {
  return simulate(options, async (simulation) => {
    simulation.files.put('/www/index.html', '<h1>Hello</h1>').put('/www/empty', '').putFolder('/www/img');
    const session = await simulation.connect();
    simulation.commandsSince();
    const result = await work(session, simulation);
    // A read is handed over before the last reply has come.
    await simulation.kernel.idle();
    assert.equal(session.inspect().openSlots, 0, 'no slot stays open');
    assert.equal(session.inspect().unparsedBytes, 0);
    await session.close();
    await simulation.kernel.idle();
    assert.deepEqual(simulation.client.connections, [], 'no connection is left');
    assert.deepEqual(simulation.client.listeners, [], 'no listener is left');
    return result;
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FtpError, String(error));
  return error.code;
}

describe('session, on the reference server', () => {
  it('signs in with USER and PASS, and one batch for the rest', () =>
    simulate({}, async ({ connect, commandsSince, kernel }) => {
      const session = await connect();
      assert.deepEqual(commandsSince(), [
        'USER web',
        'PASS secret',
        'TYPE I',
        'FEAT',
        'SYST',
        'PWD',
        'OPTS UTF8 ON',
      ]);
      // TCP, greeting (half of it travels with the last segment), USER, PASS, batch.
      assert.ok(kernel.now <= 5 * 50, `${kernel.now} ms`);
      assert.equal(session.profile.home, '/');
      await session.close();
    }));

  it('masks the password in the trace', () =>
    withSession(async (_session, { events }) => {
      assert.ok(events.some((event) => event.kind === 'sent' && event.line === 'PASS ******'));
      assert.ok(!JSON.stringify(events).includes('secret'));
      await Promise.resolve();
    }));

  it('lists a directory', () =>
    withSession(async (session, { commandsSince }) => {
      const entries = await session.list('/www');
      assert.deepEqual(
        entries.map(({ name, type, size }) => [name, type, type === 'file' ? size : undefined]),
        [
          ['empty', 'file', 0],
          ['img', 'directory', undefined],
          ['index.html', 'file', 14],
        ],
      );
      assert.deepEqual(commandsSince(), ['EPSV', 'MLSD /www']);
    }));

  it('reads a file with one RETR and its prelude', () =>
    withSession(async (session, { commandsSince }) => {
      assert.equal(string(await session.read('/www/index.html')), '<h1>Hello</h1>');
      assert.deepEqual(commandsSince(), ['SIZE /www/index.html', 'EPSV', 'RETR /www/index.html']);
    }));

  it('reads a part of a file', () =>
    withSession(async (session) => {
      assert.equal(string(await session.read('/www/index.html', { offset: 4, length: 5 })), 'Hello');
      assert.equal(string(await session.read('/www/index.html', { offset: 9 })), '</h1>');
      assert.equal(string(await session.read('/www/index.html')), '<h1>Hello</h1>');
    }));

  it('writes, appends, and checks the size', () =>
    withSession(async (session, { files, commandsSince }) => {
      await session.write('/www/new.txt', text('one'));
      assert.deepEqual(commandsSince(), ['EPSV', 'STOR /www/new.txt', 'SIZE /www/new.txt']);
      await session.write('/www/new.txt', text(' two'), { append: true });
      assert.equal(files.text('/www/new.txt'), 'one two');
      await session.write('/www/none', new Uint8Array());
      assert.equal(files.text('/www/none'), '');
    }));

  it('moves a megabyte each way, with progress', () =>
    withSession(async (session, { files, events }) => {
      const bytes = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 7) % 251);
      await session.write('/big', bytes);
      assert.deepEqual(files.at('/big'), bytes);
      const seen: number[] = [];
      const back = await session.read('/big', { onProgress: (count) => seen.push(count) });
      assert.deepEqual(back, bytes);
      assert.equal(seen.at(-1), bytes.length);
      assert.ok(events.some((event) => event.kind === 'transfer' && event.total === bytes.length));
    }));

  it('stats, renames, removes, makes and sets attributes', () =>
    withSession(async (session, { files }) => {
      assert.equal((await session.stat('/www/index.html')).size, 14);
      assert.equal((await session.stat('/www')).type, 'directory');
      assert.equal((await session.stat('/')).type, 'directory');
      await session.rename('/www/index.html', '/www/home.html');
      await session.makeDirectory('/www/deep');
      await session.removeDirectory('/www/img');
      await session.remove('/www/empty');
      await session.setMode('/www/home.html', 0o600);
      await session.setModified('/www/home.html', Date.UTC(2020, 1, 3, 4, 5, 6));
      const entry = await session.stat('/www/home.html');
      assert.equal(entry.modified?.time, Date.UTC(2020, 1, 3, 4, 5, 6));
      assert.equal(entry.mode, 0o600);
      assert.deepEqual(files.names('/www'), ['deep', 'home.html']);
    }));

  it('says what was wrong, by asking the server', () =>
    withSession(async (session, { files }) => {
      files.put('/www/img/one', '1');
      assert.equal(await codeOf(session.read('/www/absent')), 'not-found');
      assert.equal(await codeOf(session.read('/www')), 'is-a-directory');
      assert.equal(await codeOf(session.list('/absent')), 'not-found');
      assert.equal(await codeOf(session.list('/www/index.html')), 'not-a-directory');
      assert.equal(await codeOf(session.stat('/absent')), 'not-found');
      assert.equal(await codeOf(session.write('/absent/file', text('x'))), 'not-found');
      assert.equal(await codeOf(session.makeDirectory('/www')), 'exists');
      assert.equal(await codeOf(session.removeDirectory('/www/img')), 'directory-not-empty');
      assert.equal(await codeOf(session.remove('/absent')), 'not-found');
      assert.equal(await codeOf(session.rename('/absent', '/other')), 'not-found');
    }));

  it('types symbolic links by what they lead to', () =>
    withSession(async (session, { files }) => {
      files
        .putLink('/www/to-file', 'index.html')
        .putLink('/www/to-folder', 'img')
        .putLink('/www/nowhere', 'gone');
      const links = (await session.list('/www')).filter(({ type }) => type === 'symlink');
      assert.deepEqual(
        links.map(({ name, target, targetType }) => [name, target, targetType]),
        [
          ['nowhere', 'gone', undefined],
          ['to-file', 'index.html', 'file'],
          ['to-folder', 'img', 'directory'],
        ],
      );
    }));

  it('refuses CR, LF and NUL before anything is sent, without quoting them', () =>
    withSession(async (session, { commandsSince }) => {
      for (const path of ['/a\r\nDELE /b', '/a\nb', '/a\0b']) {
        const error = await session.read(path).catch((reason: unknown) => reason as Error);
        assert.ok(error instanceof FtpError);
        assert.equal(error.code, 'name-unsendable');
        assert.ok(!error.message.includes('DELE'));
      }
      assert.equal(await codeOf(session.send('NOOP\r\nDELE /b')), 'name-unsendable');
      assert.deepEqual(commandsSince(), []);
    }));

  it('answers raw commands, and forgets the connection after those that unsettle it', () =>
    withSession(async (session, { server }) => {
      assert.equal((await session.send('noop')).code, 200);
      assert.equal((await session.send('SITE CHMOD 999 /x')).code >= 500, true);
      assert.equal((await session.send('TYPE A')).code, 200);
      assert.equal(string(await session.read('/www/index.html')), '<h1>Hello</h1>');
      assert.equal(server.sessions, 2);
    }));

  it('runs operations one after another over one control connection', () =>
    withSession(async (session, { server }) => {
      const [entries, bytes, entry] = await Promise.all([
        session.list('/www'),
        session.read('/www/index.html'),
        session.stat('/www/empty'),
      ]);
      assert.equal(entries.length, 3);
      assert.equal(bytes.length, 14);
      assert.equal(entry.size, 0);
      assert.equal(server.sessions, 1);
    }));

  it('reconnects in silence after the server closed an idle connection', () =>
    withSession(async (session, { server, kernel }) => {
      await server.dropSessions();
      await kernel.idle();
      assert.equal(session.state, 'disconnected');
      assert.equal((await session.list('/www')).length, 3);
      assert.equal(server.sessions, 2);
    }));

  it('goes on with a download where it was when the connection was lost, and doubles no byte', () =>
    withSession(async (session, { server, files, kernel }) => {
      // The step began again from the start, into the same sink.
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 13) % 253);
      files.put('/big', bytes);
      const chunks: Uint8Array[] = [];
      const sink = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
      const done = session.download('/big', sink);
      await kernel.sleep(600);
      await server.dropSessions();
      await done;
      assert.equal(server.sessions, 2);
      assert.ok(Buffer.concat(chunks).equals(bytes), `${Buffer.concat(chunks).length} bytes`);
    }));

  it('closes while something waits and something runs', () =>
    simulate({}, async ({ connect, files }) => {
      files.put('/big', new Uint8Array(5_000_000));
      const session = await connect();
      const running = codeOf(session.read('/big'));
      const waiting = codeOf(session.list('/'));
      await session.close();
      assert.equal(await running, 'session-closed');
      assert.equal(await waiting, 'session-closed');
      assert.equal(await codeOf(session.list('/')), 'session-closed');
      assert.equal(session.state, 'closed');
    }));

  it('cancels a download and an upload, and goes on', () =>
    withSession(async (session, { files, kernel }) => {
      files.put('/big', new Uint8Array(8_000_000));
      for (const start of [
        (signal: AbortSignal) => session.read('/big', { signal }),
        (signal: AbortSignal) => session.write('/other', new Uint8Array(8_000_000), { signal }),
      ]) {
        const controller = new AbortController();
        const code = codeOf(start(controller.signal));
        await kernel.sleep(400);
        controller.abort();
        assert.equal(await code, 'aborted');
        assert.equal(string(await session.read('/www/index.html')), '<h1>Hello</h1>');
      }
    }));
});

describe('rendezvous, on the reference server', () => {
  const ways = [
    { dataConnection: 'passive', family: 4, method: 'EPSV' },
    { dataConnection: 'passive', family: 6, method: 'EPSV' },
    { dataConnection: 'active', family: 4, method: 'EPRT' },
    { dataConnection: 'active', family: 6, method: 'EPRT' },
    { dataConnection: 'default-port', family: 4, method: 'default-port' },
    { dataConnection: 'default-port', family: 6, method: 'default-port' },
  ] as const;
  for (const { dataConnection, family, method } of ways) {
    it(`${method} over IPv${family}`, () =>
      withSession(
        async (session, { events }) => {
          assert.equal((await session.list('/www')).length, 3);
          const opened = events.find((event) => event.kind === 'data' && event.phase === 'open');
          assert.equal(opened?.kind === 'data' && opened.method, method);
        },
        { client: { dataConnection }, family },
      ));
  }
});
