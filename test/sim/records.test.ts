import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../src/ftp';
import { FaultScript } from '../support/server/faultScript';
import { personas } from '../support/server/personas/personas';
import type { ServerOptions } from '../support/server/referenceServer';
import { inSession, simulate, type Simulation } from '../support/simSession';

const string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const member = '//JOB1\n\n// EXEC \xff\n';
const large = Array.from({ length: 5000 }, (_, i) => `record ${i}${' '.repeat(i % 90)}\n`).join('');

type Mode = 'stream' | 'block' | 'compressed' | 'deflate';

function inMode(
  mode: Mode,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
  server: Partial<ServerOptions> = {},
): Promise<void> {
  return simulate({ client: { mode }, server }, async (simulation) => {
    simulation.files
      .put('/MEMBER', new Uint8Array(Buffer.from(member, 'latin1')))
      .put('/UNENDED', 'one\ntwo')
      .put('/EMPTY', '')
      .put('/LARGE', large)
      .put('/plain.bin', 'file structure');
    await inSession(simulation, work);
  });
}

const structures = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('STRU') || line.startsWith('TYPE'));

describe('record structure (STRU R, RFC 959 §3.1.2)', () => {
  for (const mode of ['stream', 'block', 'compressed', 'deflate'] as const) {
    it(`gives the records of a file as they are, ${mode}`, () =>
      inMode(mode, async (session) => {
        const records = await session.readRecords('/MEMBER');
        assert.deepEqual(
          records.map((record) => Buffer.from(record).toString('latin1')),
          ['//JOB1', '', '// EXEC \xff'],
        );
        assert.deepEqual((await session.readRecords('/UNENDED')).map(string), ['one', 'two']);
        assert.deepEqual(await session.readRecords('/EMPTY'), []);
        assert.equal((await session.readRecords('/LARGE')).length, 5000);
      }));

    it(`gives a text with a line end for each record, ${mode}`, () =>
      inMode(mode, async (session) => {
        const structure = 'record';
        const bytes = await session.read('/MEMBER', { structure });
        assert.equal(Buffer.from(bytes).toString('latin1'), member);
        assert.equal(string(await session.read('/UNENDED', { structure })), 'one\ntwo');
        assert.equal(string(await session.read('/EMPTY', { structure })), '');
        assert.equal(string(await session.read('/LARGE', { structure })), large);
        const part = await session.read('/LARGE', { structure, offset: 1000, length: 50_000 });
        assert.equal(string(part), large.slice(1000, 51_000));
      }));

    it(`goes back to file structure and TYPE I at once, ${mode}`, () =>
      inMode(mode, async (session, { commandsSince }) => {
        await session.read('/MEMBER', { structure: 'record' });
        assert.deepEqual(structures(commandsSince()), ['TYPE A', 'STRU R', 'TYPE I', 'STRU F']);
        await session.readRecords('/MEMBER');
        assert.deepEqual(structures(commandsSince()), ['STRU R', 'STRU F']);
        assert.equal(string(await session.read('/plain.bin')), 'file structure');
        assert.equal((await session.stat('/plain.bin')).size, 14);
        assert.deepEqual(structures(commandsSince()), []);
      }));

    it(`goes back also after a refusal, ${mode}`, () =>
      inMode(mode, async (session) => {
        const structure = 'record';
        const missing = session.read('/absent', { structure });
        await assert.rejects(missing, (error) => FtpError.is(error, 'not-found'));
        await assert.rejects(session.readRecords('/absent'), (error) => FtpError.is(error, 'not-found'));
        assert.equal(string(await session.read('/plain.bin')), 'file structure');
      }));

    it(`goes back also after a cancellation, ${mode}`, () =>
      inMode(mode, async (session, { files }) => {
        files.put('/LARGE', large.repeat(10));
        const controller = new AbortController();
        const reading = session.read('/LARGE', {
          structure: 'record',
          signal: controller.signal,
          onProgress: (bytes) => bytes > 0 && controller.abort(),
        });
        await assert.rejects(reading, (error) => FtpError.is(error, 'aborted'));
        assert.equal(string(await session.read('/plain.bin')), 'file structure');
        assert.equal((await session.stat('/plain.bin')).size, 14);
      }));
  }

  it('is asked for again on a new connection, after the old one was lost in mid-file', () =>
    inMode('stream', async (session, { files, kernel, server, commandsSince }) => {
      files.put('/HUGE', large.repeat(20));
      const reading = session.read('/HUGE', { structure: 'record' });
      await kernel.sleep(300);
      await server.dropSessions();
      assert.equal(string(await reading), large.repeat(20));
      assert.deepEqual(structures(commandsSince()), [
        ...['TYPE A', 'STRU R'],
        ...['TYPE I', 'TYPE A', 'STRU R', 'TYPE I', 'STRU F'],
      ]);
    }));

  for (const name of ['vsftpd', 'proftpd', 'pureftpd', 'pyftpdlib', 'inetutils']) {
    it(`is not there on ${name}: says so, once by asking, and all else goes on`, () =>
      inMode(
        'stream',
        async (session, { commandsSince }) => {
          for (const read of [
            () => session.read('/MEMBER', { structure: 'record' }),
            () => session.readRecords('/MEMBER'),
          ]) {
            await assert.rejects(read(), (error) => FtpError.is(error, 'not-supported'));
          }
          const lines = commandsSince();
          assert.equal(lines.filter((line) => line === 'STRU R').length, 1);
          assert.ok(!lines.some((line) => line.startsWith('RETR')));
          assert.equal(string(await session.read('/plain.bin')), 'file structure');
        },
        { persona: personas[name] ?? assert.fail(name) },
      ));
  }

  it('that the server will not leave costs the connection, not the next file', async () => {
    const script = new FaultScript({ point: 'reply(STRU,2)', kind: 'code', code: 504 });
    await inMode(
      'stream',
      async (session, { server }) => {
        await session.readRecords('/MEMBER');
        assert.equal(string(await session.read('/plain.bin')), 'file structure');
        assert.equal(server.sessions, 2);
        assert.equal(script.fired, 1);
      },
      { script },
    );
  });

  it('with a cut in the middle of the file is an error, never half of it', () =>
    inMode(
      'stream',
      async (session, { server }) => {
        const codes = ['protocol-violation', 'data-cut'];
        for (const read of [
          () => session.read('/MEMBER', { structure: 'record' }),
          () => session.readRecords('/MEMBER'),
        ]) {
          await assert.rejects(read(), (error) => error instanceof FtpError && codes.includes(error.code));
        }
        Object.assign(server.settings, { damage: undefined });
        assert.equal((await session.readRecords('/MEMBER')).length, 3);
      },
      { damage: 'no-end' },
    ));
});
