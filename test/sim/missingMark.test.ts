import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../src/ftp';
import { markGrace } from '../../src/ftp/dtp/stallTimer';
import { FaultScript } from '../support/server/faultScript';
import type { Damage } from '../support/server/modes/damage';
import type { ServerOptions } from '../support/server/referenceServer';
import { inSession, simulate, type Simulation } from '../support/simSession';

const string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 9)) & 255);

/** The stall timer has its minute, so that whoever waits for it is found out. */
function onServer(
  mode: 'block' | 'compressed',
  damage: Damage | undefined,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
  server: Partial<ServerOptions> = {},
): Promise<void> {
  return simulate(
    { client: { mode }, server: { ...server, ...(damage && { damage }) } },
    async (simulation) => {
      for (const name of ['one', 'two', 'three', 'four']) simulation.files.put(`/${name}`, `file ${name}`);
      simulation.files.put('/big', bytes).put('/empty', '').put('/RECORDS', 'one\ntwo\n');
      await inSession(simulation, work);
    },
  );
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'read',
    (error: unknown) => (error instanceof FtpError ? error.code : String(error)),
  );

/** Two seconds of grace, and the dialogue around them. */
const soon = markGrace + 1500;

describe('a file whose end is not marked, on a data connection that stays open', () => {
  it('is whole in compressed mode when it ends with a bare escape, seconds after the 250', () =>
    onServer('compressed', 'bare-end-open', async (session, { kernel }) => {
      const began = kernel.now;
      assert.equal(string(await session.read('/one')), 'file one');
      assert.ok(kernel.now - began < soon, `${kernel.now - began} ms`);
      assert.deepEqual(await session.read('/big'), bytes);
      assert.equal((await session.read('/empty')).length, 0);
      assert.equal((await session.list('/')).length, 7);
    }));

  it('is never joined to the next one, though many are wanted at once', () =>
    onServer('compressed', 'bare-end-open', async (session, { server }) => {
      Object.assign(server.settings, { damage: undefined });
      await session.write('/new', new Uint8Array([1]));
      Object.assign(server.settings, { damage: 'bare-end-open' });
      const names = ['one', 'two', 'three', 'four'];
      const all = await Promise.all(names.map((name) => session.read(`/${name}`)));
      assert.deepEqual(
        all.map(string),
        names.map((name) => `file ${name}`),
      );
    }));

  it('is an error in record structure, where the bare escape has more than one meaning', () =>
    onServer('compressed', 'bare-end-open', async (session, { kernel }) => {
      const began = kernel.now;
      assert.equal(await codeOf(session.readRecords('/RECORDS')), 'protocol-violation');
      assert.ok(kernel.now - began < soon, `${kernel.now - began} ms`);
    }));

  for (const mode of ['block', 'compressed'] as const) {
    it(`is an error in ${mode} mode without any mark, seconds after the 250, and the next file is right`, () =>
      onServer(mode, 'no-end-open', async (session, { kernel, server }) => {
        for (const path of ['/one', '/big']) {
          const began = kernel.now;
          assert.equal(await codeOf(session.read(path)), 'protocol-violation');
          assert.ok(kernel.now - began < soon, `${kernel.now - began} ms`);
        }
        assert.equal(await codeOf(session.read('/empty')), 'data-cut');
        Object.assign(server.settings, { damage: undefined });
        assert.equal(string(await session.read('/two')), 'file two');
      }));

    it(`is an error in ${mode} mode also in the midst of many that are wanted at once`, () =>
      onServer(mode, undefined, async (session, { kernel, server }) => {
        await session.read('/one');
        Object.assign(server.settings, { damage: 'no-end-open' });
        const began = kernel.now;
        const codes = await Promise.all(
          ['/two', '/three', '/four'].map((path) => codeOf(session.read(path))),
        );
        assert.deepEqual(codes, ['protocol-violation', 'protocol-violation', 'protocol-violation']);
        assert.ok(kernel.now - began < 4 * soon, `${kernel.now - began} ms`);
      }));

    it(`has ended in ${mode} mode when the connection is closed before its first byte`, () =>
      onServer(mode, 'no-end', async (session, { kernel }) => {
        const began = kernel.now;
        assert.equal(await codeOf(session.read('/empty')), 'data-cut');
        assert.ok(kernel.now - began < 1000, `${kernel.now - began} ms`);
      }));

    it(`is not whole in ${mode} mode when the connection is reset and the server says 226`, async () => {
      const script = new FaultScript({ point: 'in(data,2)', kind: 'reset', code: 226 });
      await onServer(
        mode,
        undefined,
        async (session) => {
          assert.equal(await codeOf(session.read('/big')), 'data-cut');
          assert.equal(script.fired, 1);
        },
        { script },
      );
    });

    it(`waits in ${mode} mode as long as bytes arrive, however far behind the final reply`, () =>
      onServer(mode, undefined, async (session, { world, files, kernel, server, events }) => {
        files.put('/slow', bytes.subarray(0, 50_000));
        let count = 0;
        world.rule(({ from, bytes: { length } }) =>
          from.host === server.host && from.port !== server.port && length > 0
            ? { after: 200 * ++count }
            : 'pass',
        );
        const reading = session.read('/slow');
        await kernel.sleep(markGrace);
        assert.ok(events.some((event) => event.kind === 'received' && event.line.startsWith('250')));
        assert.deepEqual(await reading, bytes.subarray(0, 50_000));
        assert.ok(count > 20, `${count} segments`);
      }));
  }
});
