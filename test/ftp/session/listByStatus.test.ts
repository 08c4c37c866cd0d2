import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { FtpError, type Entry, type FtpSession } from '../../../src/ftp';
import { FaultScript } from '../../support/server/faultScript';
import type { Persona } from '../../support/server/persona';
import { inetutils } from '../../support/server/personas/inetutils';
import { vsftpd } from '../../support/server/personas/vsftpd';
import { SimConnection } from '../../support/sim/tcp';
import { simulate, type Simulation, type SimulationOptions } from '../../support/simSession';

type Served = NonNullable<SimulationOptions['server']>;
type Work = (session: FtpSession, simulation: Simulation) => Promise<void>;

function withSession(work: Work, server: Served = {}, warm = false): Promise<void> {
  return simulate({ server: { persona: vsftpd, ...server }, client: { warm } }, async (simulation) => {
    simulation.files
      .put('/www/.hidden', '1')
      .put('/www/a -> b', '22')
      .putFolder('/www/folder')
      .putFolder('/empty');
    const session = await simulation.connect();
    await simulation.kernel.idle();
    simulation.commandsSince();
    await work(session, simulation);
    await simulation.kernel.idle();
    assert.equal(session.inspect().openSlots, 0);
    await session.close();
  });
}

const namesOf = (entries: readonly Entry[]): string[] => entries.map(({ name }) => name).sort();
const inWww = ['.hidden', 'a -> b', 'folder'];
const verbsOf = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ')[0] ?? '');
const connectionsOf = ({ events }: Simulation): number =>
  Math.max(...events.map(({ connection }) => connection));

describe('a listing by STAT', () => {
  it('takes one round trip, and no data connection', () =>
    withSession(async (session, simulation) => {
      const trips = await simulation.roundTrips(async () => {
        assert.deepEqual(namesOf(await session.list('/www')), inWww);
      });
      assert.equal(trips, 1);
      const commands = simulation.commandsSince();
      assert.deepEqual(verbsOf(commands), ['CWD', 'STAT', 'REST', 'REST']);
      assert.deepEqual([commands[1], commands[3]], ['STAT .', 'REST 0']);
      assert.ok(!simulation.events.some(({ kind }) => kind === 'data'));
      assert.deepEqual(await session.list('/empty'), []);
    }));

  it('shows what LIST shows', () =>
    withSession(async (session) => {
      const byStatus = await session.list('/www');
      session.profile.learned.statListing = false;
      assert.deepEqual(byStatus, await session.list('/www'));
    }));

  it('asks the next time with a number that nobody knows', () =>
    withSession(async (session, { commandsSince }) => {
      await session.list('/www');
      await session.list('/www');
      const marks = commandsSince().filter((line) => line.startsWith('REST'));
      assert.equal(new Set(marks).size, 3);
    }));

  it('leaves the data connection that was made ready to the next read', () =>
    withSession(
      async (session, simulation) => {
        await session.list('/www');
        await simulation.kernel.idle();
        const trips = await simulation.roundTrips(() => session.read('/www/.hidden'));
        assert.equal(trips, 1);
        // The one behind the read.
        assert.equal(simulation.commandsSince().filter((line) => line === 'EPSV').length, 1);
      },
      {},
      true,
    ));

  it('reads from the beginning afterwards', () =>
    withSession(async (session) => {
      await session.list('/www');
      assert.equal(Buffer.from(await session.read('/www/a -> b')).toString(), '22');
    }));

  it('says what is wrong as LIST does', () =>
    withSession(async (session, { commandsSince }) => {
      const codeOf = (path: string): Promise<unknown> =>
        session.list(path).then(String, (error: unknown) => (error as FtpError).code);
      assert.deepEqual(
        [await codeOf('/absent'), await codeOf('/www/.hidden')],
        ['not-found', 'not-a-directory'],
      );
      assert.ok(!verbsOf(commandsSince()).includes('LIST'));
    }));

  // 226 Transfer done (but failed to open directory).
  it('takes a directory that may not be read for no empty one', () => {
    const script = new FaultScript({ point: 'file(list,1)', kind: 'denied', once: false });
    return withSession(
      async (session, { commandsSince }) => {
        await assert.rejects(session.list('/www'), (error: FtpError) => error.code === 'no-permission');
        assert.equal(verbsOf(commandsSince()).filter((verb) => verb === 'LIST').length, 1);
        script.heal();
        assert.deepEqual(await session.list('/empty'), []);
      },
      { script },
    );
  });

  it('tells nothing of it in the trace but how long it was', () =>
    withSession(async (session, { events }) => {
      const began = events.length;
      await session.list('/www');
      const received = events.slice(began).flatMap((event) => (event.kind === 'received' ? [event] : []));
      assert.deepEqual(received.map(({ line, omitted }) => [line.slice(0, 4), omitted]).slice(0, 3), [
        ['250 ', undefined],
        ['213-', undefined],
        ['213 ', 5],
      ]);
      assert.equal(received.length, 5);
    }));

  // A listing of 100 000 entries kept the event loop for 160 ms: the control connection read on while it was parsed.
  it('reads a large one in slices', () =>
    withSession(async (session, { files }) => {
      for (let n = 0; n < 20_000; n++) files.put(`/many/some file number ${n}.txt`, '');
      const pause = mock.method(SimConnection.prototype, 'pause');
      try {
        assert.equal((await session.list('/many')).length, 20_000);
        assert.ok(pause.mock.callCount() >= 5, `${pause.mock.callCount()} pauses`);
      } finally {
        pause.mock.restore();
      }
    }));

  it('lets go at once when it is cancelled', () =>
    withSession(async (session, { kernel }) => {
      const controller = new AbortController();
      const listing = session.list('/www', { signal: controller.signal });
      await kernel.sleep(30);
      controller.abort();
      await assert.rejects(listing, (error) => FtpError.is(error, 'aborted'));
      assert.deepEqual(namesOf(await session.list('/www')), inWww);
    }));

  const replies = [
    '213 End of status',
    '350 Restart position accepted (7).',
    '350 Restart position accepted (0).',
  ];
  for (const name of ['a\n213 End of status', ['a', ...replies, '250 ok', '226 ok'].join('\r\n')]) {
    it(`is not believed when a name has ended it: ${JSON.stringify(name)}`, () =>
      withSession(async (session, simulation) => {
        simulation.files.put(`/forged/${name}`, '').put('/forged/z', '');
        assert.ok(namesOf(await session.list('/forged')).includes('z'));
        assert.equal(session.profile.learned.statListing, false);
        assert.equal(connectionsOf(simulation), 2);
        simulation.commandsSince();
        await session.list('/www');
        assert.ok(!verbsOf(simulation.commandsSince()).includes('STAT'));
      }));
  }

  it('gives way to LIST when it stops in the middle', async () => {
    const script = new FaultScript({ point: 'reply(STAT,1)', kind: 'cut', bytes: 100, milliseconds: 60_000 });
    await withSession(
      async (session, simulation) => {
        assert.deepEqual(namesOf(await session.list('/www')), inWww);
        assert.equal(script.fired, 1);
        assert.equal(session.profile.learned.statListing, false);
        assert.equal(connectionsOf(simulation), 2);
      },
      { script },
    );
  });

  it('begins again, once, when the connection is gone before it', async () => {
    const script = new FaultScript({ point: 'reply(STAT,1)', kind: 'close' });
    await withSession(
      async (session) => {
        assert.deepEqual(namesOf(await session.list('/www')), inWww);
        assert.equal(script.fired, 1);
        assert.equal(session.profile.learned.statListing, undefined);
      },
      { script },
    );
  });

  const withoutItself: Persona = { ...vsftpd, statPath: { ...vsftpd.statPath, dots: false } };
  const without: Persona = { ...vsftpd, refuses: { ...vsftpd.refuses, STAT: '502 STAT not implemented.' } };
  for (const [title, persona] of Object.entries({ withoutItself, without })) {
    it(`gives way to LIST for good where STAT is not what it should be: ${title}`, () =>
      withSession(
        async (session, simulation) => {
          assert.deepEqual(namesOf(await session.list('/www')), inWww);
          assert.equal(session.profile.learned.statListing, false);
          assert.equal(connectionsOf(simulation), 1);
        },
        { persona },
      ));
  }

  it('is not tried where nothing may be queued, nor on other servers', async () => {
    const noStatus: Work = async (session, { commandsSince }) => {
      session.profile.learned.fenced ||= session.profile.program === 'vsftpd';
      assert.ok((await session.list('/www')).length > 0);
      assert.ok(!verbsOf(commandsSince()).includes('STAT'));
    };
    await withSession(noStatus);
    await withSession(noStatus, { persona: inetutils });
  });
});
