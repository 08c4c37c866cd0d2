import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../src/ftp';
import { inSession, simulate, type Simulation } from '../support/simSession';
import { note } from '../support/note';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i % 1000 < 400 ? 0 : (i * 31) & 255));

type Work = (session: FtpSession, simulation: Simulation) => Promise<void>;

function inMode(mode: 'block' | 'compressed' | 'deflate', work: Work, server = {}): Promise<void> {
  return simulate({ client: { mode }, server }, async (simulation) => {
    simulation.files
      .put('/one', 'first')
      .put('/two', 'second')
      .put('/empty', '')
      .put('/big', pattern(300_000));
    await inSession(simulation, work);
  });
}

for (const mode of ['block', 'compressed', 'deflate'] as const) {
  describe(`${mode} mode, on the reference server`, () => {
    it('reads, writes, lists and appends', () =>
      inMode(mode, async (session, { files }) => {
        assert.equal(string(await session.read('/one')), 'first');
        assert.deepEqual(await session.read('/big'), pattern(300_000));
        assert.equal((await session.read('/empty')).length, 0);
        await session.write('/new', pattern(200_001));
        assert.deepEqual(files.at('/new'), pattern(200_001));
        await session.write('/new', text('more'), { append: true });
        assert.equal(files.at('/new')?.length, 200_005);
        await session.write('/none', new Uint8Array());
        assert.equal(files.at('/none')?.length, 0);
        const names = (await session.list('/')).map(({ name }) => name);
        assert.deepEqual(names.sort(), ['big', 'empty', 'new', 'none', 'one', 'two']);
      }));

    it('checks an append that is the first transfer, though MODE goes before its SIZE', () =>
      inMode(mode, async (session, { commandsSince }) => {
        // The reply to MODE was read for the reply to SIZE, and the append was never checked.
        await session.write('/one', text(' more'), { append: true });
        assert.equal(commandsSince().filter((line) => line === 'SIZE /one').length, 2);
      }));

    it('asks for the mode once', () =>
      inMode(mode, async (session, { commandsSince }) => {
        await session.read('/one');
        await session.read('/two');
        const asked = commandsSince().filter((line) => line.startsWith('MODE'));
        assert.deepEqual(asked, [`MODE ${{ block: 'B', compressed: 'C', deflate: 'Z' }[mode]}`]);
      }));

    it('reads a part', () =>
      inMode(mode, async (session) => {
        const part = await session.read('/big', { offset: 1000, length: 5000 });
        assert.deepEqual(part, pattern(300_000).subarray(1000, 6000));
        assert.equal(string(await session.read('/one')), 'first');
      }));

    it('says what is missing, and goes on', () =>
      inMode(mode, async (session) => {
        await session.read('/one');
        await assert.rejects(session.read('/absent'), (error) => FtpError.is(error, 'not-found'));
        await assert.rejects(session.list('/absent'), (error) => FtpError.is(error, 'not-found'));
        assert.equal(string(await session.read('/two')), 'second');
      }));
  });
}

for (const mode of ['block', 'compressed'] as const) {
  describe(`${mode} mode: one data connection for many files`, () => {
    it('is left open by 250, whatever goes over it', () =>
      inMode(mode, async (session, simulation) => {
        await session.read('/one');
        await session.write('/new', text('new'));
        await session.list('/');
        await session.read('/two');
        assert.equal(simulation.commandsSince().filter((line) => line.startsWith('EPSV')).length, 1);
      }));

    it('serves a hundred files of 4 KiB in 1 + 100/32 round trips beyond their data', async () => {
      const bytes = (index: number): Uint8Array => pattern(4096).map((byte) => byte ^ index);
      /** Round trips of `work`, with one data connection open and its windows as small as at first. */
      const measure = async (chosen: 'stream' | typeof mode, work: Work): Promise<number> => {
        let trips = 0;
        await simulate({ client: { mode: chosen, warm: true } }, async (simulation) => {
          for (let i = 0; i < 100; i++) simulation.files.put(`/many/${i}`, bytes(i));
          simulation.files.put('/one', 'one').put(
            '/whole',
            Uint8Array.from({ length: 409_600 }, (_, i) => i * 7),
          );
          const session = await simulation.connect();
          await session.read('/one');
          simulation.commandsSince();
          trips = await simulation.roundTrips(() => work(session, simulation));
          await session.close();
        });
        return trips;
      };
      const readAll: Work = async (session, { commandsSince, clientOptions }) => {
        const all = await Promise.all(Array.from({ length: 100 }, (_, i) => session.read(`/many/${i}`)));
        all.forEach((file, i) => assert.deepEqual(file, bytes(i)));
        const verbs = new Set(commandsSince().map((line) => line.split(' ')[0]));
        assert.deepEqual([...verbs], clientOptions.mode === 'stream' ? ['SIZE', 'EPSV', 'RETR'] : ['RETR']);
      };
      const dataAlone = await measure(mode, async (session) => {
        await session.read('/whole');
      });
      const trips = await measure(mode, readAll);
      const inStream = await measure('stream', readAll);
      note(
        `100 files in ${mode} mode: ${trips.toFixed(1)} round trips, ${dataAlone.toFixed(1)} of them for data; stream: ${inStream.toFixed(1)}`,
      );
      assert.ok(trips - dataAlone <= 1 + 100 / 32, `${trips} against ${dataAlone}`);
      assert.ok(inStream > 250);
    });

    it('ends every queued read when the session is closed', () =>
      simulate({ client: { mode } }, async ({ connect, files, kernel }) => {
        for (let i = 0; i < 5; i++) files.put(`/many/${i}`, pattern(500_000));
        const session = await connect();
        const codes = Array.from({ length: 5 }, (_, i) =>
          session.read(`/many/${i}`).then(
            () => 'read',
            (error: unknown) => (error as FtpError).code,
          ),
        );
        await kernel.sleep(300);
        await session.close();
        assert.deepEqual(
          await Promise.all(codes),
          Array.from({ length: 5 }, () => 'session-closed'),
        );
      }));

    it('keeps files apart when some are refused', () =>
      inMode(mode, async (session, { files }) => {
        for (let i = 0; i < 40; i++) if (i % 3) files.put(`/many/${i}`, `file ${i}`);
        const all = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            session.read(`/many/${i}`).then(string, (error: unknown) => (error as FtpError).code),
          ),
        );
        assert.deepEqual(
          all,
          Array.from({ length: 40 }, (_, i) => (i % 3 ? `file ${i}` : 'not-found')),
        );
      }));
  });
}
