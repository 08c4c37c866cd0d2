import assert from 'node:assert/strict';
import { FtpError, RemoteProtocolError, type FtpSession } from '../../src/ftp';
import { personas } from '../support/server/personas/personas';
import { FaultScript } from '../support/server/faultScript';
import type { ServerOptions } from '../support/server/referenceServer';
import { inSession, simulate, type Simulation } from '../support/simSession';

const string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

interface Setting {
  readonly mode?: 'block' | 'compressed' | 'deflate';
  readonly server?: Partial<ServerOptions>;
  readonly way?: 'passive' | 'active';
}

function withSession(
  { mode = 'block', server = {}, way = 'passive' }: Setting,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
): Promise<void> {
  const timeouts = { stall: 3000 };
  return simulate({ client: { mode, dataConnection: way, timeouts }, server }, async (simulation) => {
    for (const name of ['one', 'two', 'three', 'four']) simulation.files.put(`/${name}`, `file ${name}`);
    await inSession(simulation, work);
  });
}

const count = (commands: readonly string[], verb: string): number =>
  commands.filter((line) => line === verb || line.startsWith(`${verb} `)).length;

describe('a data connection that is used again (RFC 959 §3.3)', () => {
  it('is negotiated anew after 226', () =>
    withSession({ server: { wire: { keeps: false } } }, async (session, { commandsSince }) => {
      for (const name of ['one', 'two', 'three']) {
        assert.equal(string(await session.read(`/${name}`)), `file ${name}`);
      }
      assert.equal(count(commandsSince(), 'EPSV'), 3);
    }));

  it('is negotiated anew when the server has closed it after so many files, also in a series', () =>
    withSession({ server: { wire: { keeps: 7 } } }, async (session, { files, commandsSince }) => {
      for (let i = 0; i < 50; i++) files.put(`/many/${i}`, `content ${i}`);
      const all = await Promise.all(Array.from({ length: 50 }, (_, i) => session.read(`/many/${i}`)));
      assert.deepEqual(
        all.map(string),
        Array.from({ length: 50 }, (_, i) => `content ${i}`),
      );
      assert.ok(count(commandsSince(), 'EPSV') >= 7);
    }));

  for (const kind of ['close', 'reset'] as const) {
    for (const milliseconds of [0, 400]) {
      it(`is negotiated anew after a ${kind} between two files, ${milliseconds} ms behind the 250`, async () => {
        const script = new FaultScript({ point: 'keep(data,1)', kind, milliseconds });
        await withSession({ server: { script } }, async (session, { kernel, commandsSince }) => {
          assert.equal(string(await session.read('/one')), 'file one');
          await kernel.sleep(1000);
          assert.equal(string(await session.read('/two')), 'file two');
          assert.equal(script.fired, 1);
          assert.equal(count(commandsSince(), 'EPSV'), 2);
        });
      });
    }
  }

  it('survives a close that crosses the next command', async () => {
    const script = new FaultScript({ point: 'keep(data,1)', kind: 'close', milliseconds: 60 });
    await withSession({ server: { script } }, async (session) => {
      assert.equal(string(await session.read('/one')), 'file one');
      assert.equal(string(await session.read('/two')), 'file two');
      assert.equal(string(await session.read('/three')), 'file three');
      assert.equal(script.fired, 1);
    });
  });

  it('is used in active mode, too', () =>
    withSession({ way: 'active' }, async (session, { commandsSince }) => {
      for (const name of ['one', 'two', 'three']) {
        assert.equal(string(await session.read(`/${name}`)), `file ${name}`);
      }
      assert.equal(count(commandsSince(), 'EPRT'), 1);
    }));

  it('is forgotten with the control connection', () =>
    withSession({}, async (session, { server, kernel }) => {
      await session.read('/one');
      await server.dropSessions();
      await kernel.idle();
      assert.equal(string(await session.read('/two')), 'file two');
      assert.equal(server.sessions, 2);
    }));

  it('does not outlive a cancelled transfer', () =>
    withSession({}, async (session, { files }) => {
      files.put('/big', new Uint8Array(5_000_000));
      const controller = new AbortController();
      const running = session.read('/big', {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      await assert.rejects(running, (error) => FtpError.is(error, 'aborted'));
      assert.equal(string(await session.read('/two')), 'file two');
    }));
});

describe('a mode that the server refuses', () => {
  for (const [name, mode] of [
    ['vsftpd', 'block'],
    ['proftpd', 'compressed'],
    ['pureftpd', 'deflate'],
    ['pyftpdlib', 'deflate'],
    ['inetutils', 'block'],
  ] as const) {
    it(`is asked for once: ${mode} on ${name}`, () =>
      withSession(
        { mode, server: { persona: personas[name] ?? assert.fail(name) } },
        async (session, { events, commandsSince }) => {
          for (const file of ['one', 'two']) {
            assert.equal(string(await session.read(`/${file}`)), `file ${file}`);
          }
          await session.write('/new', new Uint8Array(9));
          assert.equal(count(commandsSince(), 'MODE'), 1);
          const troubles = events.filter((event) => event.kind === 'trouble').map(({ text }) => text);
          assert.equal(troubles.filter((text) => text.startsWith('MODE')).length, 1, troubles.join());
        },
      ));
  }
});

describe('a server that lies on the data connection', () => {
  const table = [
    ['block', 'long-count'],
    ['block', 'unknown-descriptor'],
    ['block', 'no-end'],
    ['block', 'no-end-open'],
    ['block', 'endless-filler'],
    ['compressed', 'long-count'],
    ['compressed', 'unknown-descriptor'],
    ['compressed', 'no-end'],
    ['compressed', 'no-end-open'],
    ['deflate', 'garbage'],
    ['deflate', 'no-end'],
  ] as const;
  for (const [mode, damage] of table) {
    it(`gives an error in ${mode} mode for ${damage}, never wrong bytes, and the next file is right`, () =>
      withSession({ mode, server: { damage } }, async (session, { server }) => {
        const error: unknown = await session.read('/one').then(
          (bytes) => assert.fail(`It gave ${string(bytes)}`),
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof FtpError, String(error));
        const codes = ['protocol-violation', 'data-stalled', 'data-cut', 'data-unconfirmed'];
        assert.ok(codes.includes(error.code), error.code);
        if (damage === 'unknown-descriptor') assert.ok(error instanceof RemoteProtocolError);
        Object.assign(server.settings, { damage: undefined });
        assert.equal(string(await session.read('/two')), 'file two');
      }));
  }
});
