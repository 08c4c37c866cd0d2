import assert from 'node:assert/strict';
import { FtpError, type Entry, type FtpSession } from '../../../src/ftp';
import { inetutils } from '../../support/server/personas/inetutils';
import { personas } from '../../support/server/personas/personas';
import { vsftpd } from '../../support/server/personas/vsftpd';
import { simulate, type Simulation } from '../../support/simSession';

type Work = (session: FtpSession, simulation: Simulation) => Promise<void>;

function withSession(work: Work, options: Parameters<typeof simulate>[0] = {}): Promise<void> {
  return simulate(options, async (simulation) => {
    simulation.files.put('/one', '1').put('/two', '22').putFolder('/folder').putLink('/link', 'folder');
    const session = await simulation.connect();
    await simulation.kernel.idle();
    simulation.commandsSince();
    await work(session, simulation);
    assert.equal(session.inspect().openSlots, 0);
    await session.close();
  });
}

/** The outcome in a word. */
async function told(answer: Promise<Entry>): Promise<string> {
  return answer.then(
    ({ name, type, size, targetType }) => [name, type, targetType ?? size].join(' ').trimEnd(),
    (error: unknown) => (error as FtpError).code,
  );
}

const tell = (session: FtpSession, paths: readonly string[]): Promise<string[]> =>
  Promise.all(paths.map((path) => told(session.stat(path))));

describe('paths looked at together', () => {
  for (const [name, persona] of Object.entries(personas)) {
    it(`each gets its own answer, on ${name}`, () =>
      withSession(
        async (session) => {
          const answers = await tell(session, ['/one', '/absent', '/folder', '/two', '/away/x', '/']);
          assert.equal(answers[0], 'one file 1');
          assert.equal(answers[1], 'not-found');
          assert.match(answers[2] ?? '', /^folder directory/);
          assert.equal(answers[3], 'two file 2');
          assert.equal(answers[4], 'not-found');
          assert.match(answers[5] ?? '', /directory/);
        },
        { server: { persona } },
      ));
  }

  it('share one segment, and one operation', () =>
    withSession(async (session, { commandsSince, events, roundTrips }) => {
      const trips = await roundTrips(() => tell(session, ['/one', '/two', '/folder']));
      assert.equal(trips, 1);
      assert.deepEqual(commandsSince(), ['MLST /one', 'MLST /two', 'MLST /folder']);
      const begun = events.flatMap((event) =>
        event.kind === 'operation' && event.phase === 'begin' ? [event.text] : [],
      );
      assert.equal(begun.at(-1), 'Look at 3 paths');
    }));

  it('asks in one batch why several were refused', () =>
    withSession(async (session, { commandsSince, roundTrips }) => {
      const absent = Array.from({ length: 8 }, (_, index) => `/absent${index}`);
      const trips = await roundTrips(() => tell(session, absent));
      assert.equal(trips, 2);
      assert.equal(commandsSince().length, 3 * absent.length);
    }));

  it('asks only those without a size whether they are directories, where they are many', () =>
    withSession(
      async (session, { commandsSince, files }) => {
        const paths = Array.from({ length: 12 }, (_, index) => `/many/${index}`);
        for (const path of paths.slice(2)) files.put(path, 'text');
        files.putFolder('/many/0').putLink('/many/1', '0');
        const answers = await tell(session, paths);
        assert.match(answers[0] ?? '', /^0 directory/);
        assert.match(answers[1] ?? '', /^1 directory/);
        assert.equal(answers[11], '11 file 4');
        const entered = commandsSince().filter((line) => line.startsWith('CWD'));
        assert.deepEqual(entered, ['CWD /many/0', 'CWD /many/1']);
      },
      { server: { persona: vsftpd } },
    ));

  it('asks all of them where SIZE may answer for directories, too', () =>
    withSession(
      async (session, { commandsSince, files }) => {
        const paths = Array.from({ length: 12 }, (_, index) => `/many/${index}`);
        for (const path of paths) files.putFolder(path);
        const answers = await tell(session, paths);
        assert.match(answers.join(), /^0 directory.*11 directory/);
        assert.equal(commandsSince().length, 3 * paths.length);
      },
      { server: { persona: inetutils } },
    ));

  it('resolves the links among them together', () =>
    withSession(async (session) => {
      assert.deepEqual(await tell(session, ['/link', '/one']), ['link symlink directory', 'one file 1']);
    }));

  it('a name that cannot be sent spoils nobody else’s answer', () =>
    withSession(async (session, { commandsSince }) => {
      const answers = await tell(session, ['/one', '/a\r\nDELE /one', '/two']);
      assert.deepEqual(answers, ['one file 1', 'name-unsendable', 'two file 2']);
      assert.deepEqual(commandsSince(), ['MLST /one', 'MLST /two']);
    }));

  it('one that is cancelled is not asked for, and the others are', () =>
    withSession(async (session, { commandsSince }) => {
      const controller = new AbortController();
      const first = told(session.stat('/one', { signal: controller.signal }));
      const second = told(session.stat('/two'));
      controller.abort();
      assert.deepEqual(await Promise.all([first, second]), ['aborted', 'two file 2']);
      assert.deepEqual(commandsSince(), ['MLST /two']);
    }));

  it('when all are cancelled nothing is sent, and the next one is asked for', () =>
    withSession(async (session, { commandsSince }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const first = told(session.stat('/one', { signal }));
      const second = told(session.stat('/two', { signal }));
      controller.abort();
      const third = told(session.stat('/folder'));
      assert.deepEqual((await Promise.all([first, second, third])).slice(0, 2), ['aborted', 'aborted']);
      assert.match(await third, /^folder directory/);
      assert.deepEqual(commandsSince(), ['MLST /folder']);
      assert.equal(await told(session.stat('/one', { signal })), 'aborted');
    }));

  it('ends with the session', () =>
    withSession(async (session) => {
      const answers = tell(session, ['/one', '/two']);
      await session.close();
      assert.deepEqual(await answers, ['session-closed', 'session-closed']);
      assert.deepEqual(await tell(session, ['/one']), ['session-closed']);
    }));
});

describe('signing in with a remembered profile', () => {
  it('asks for nothing else', () =>
    withSession(async (session, { connect, commandsSince }) => {
      const { profile } = session;
      await session.close();
      commandsSince();
      const again = await connect({ profile });
      assert.deepEqual(commandsSince(), ['USER web', 'PASS secret', 'TYPE I', 'OPTS UTF8 ON']);
      assert.equal(again.profile, profile);
      await again.close();
    }));

  it('says that the password is wrong, whatever was sent behind it', () =>
    withSession(async (session, { connect }) => {
      const { profile } = session;
      const refused = connect({ profile, password: 'wrong' });
      await assert.rejects(refused, (error) => FtpError.is(error, 'login-refused'));
    }));

  it('sends the rest again behind ACCT', () =>
    withSession(
      async (session, { connect, commandsSince }) => {
        const { profile } = session;
        commandsSince();
        const again = await connect({ profile, account: 'sales' });
        const sent = ['USER web', 'PASS secret', 'TYPE I', 'OPTS UTF8 ON', 'ACCT sales'];
        assert.deepEqual(commandsSince(), [...sent, 'TYPE I', 'OPTS UTF8 ON']);
        await again.close();
      },
      {
        server: { users: { web: { password: 'secret', account: 'sales' } } },
        client: { account: 'sales' },
      },
    ));

  it('asks everything of a server with another greeting', () =>
    withSession(async (session, { connect, commandsSince }) => {
      const profile = { ...session.profile, greeting: 'Another server' };
      commandsSince();
      const again = await connect({ profile });
      assert.ok(commandsSince().includes('FEAT'));
      await again.close();
    }));
});
