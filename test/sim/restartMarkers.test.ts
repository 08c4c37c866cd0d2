import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import type { FtpSession } from '../../src/ftp';
import { simulate, type Simulation } from '../support/simSession';
import { betweenServers } from './relayStage';

const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 255);
const markerEvery = 40_000;
type Mode = 'stream' | 'block' | 'compressed';

/** Collects what is written to it. */
function collector(): { sink: Writable; all: () => Buffer } {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { sink, all: () => Buffer.concat(chunks) };
}

/** With restart markers every 40,000 bytes where the mode has them. */
function onServer(
  mode: Mode,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
  every = markerEvery,
): Promise<void> {
  const server = { wire: { markerEvery: every } };
  return simulate({ client: { mode }, server }, async (simulation) => {
    // A link on which a megabyte takes three seconds.
    simulation.world.link('client', 'server', { delay: 25, rate: 333 });
    simulation.files.put('/big', bytes).put('/one', 'first');
    const session = await simulation.connect();
    await work(session, simulation);
    assert.equal(new TextDecoder().decode(await session.read('/one')), 'first');
    // A read is handed over before the last reply has come.
    await simulation.kernel.idle();
    assert.equal(session.inspect().openSlots, 0);
    await session.close();
    await simulation.kernel.idle();
    assert.deepEqual(simulation.client.connections, []);
  });
}

const restarts = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('REST'));
const sentOf = (events: Simulation['events']): number =>
  events.reduce((sum, event) => sum + (event.kind === 'data' && event.bytes ? event.bytes : 0), 0);

describe('restart markers (RFC 959 §3.5)', () => {
  for (const mode of ['block', 'compressed'] as const) {
    it(`lead a download in ${mode} mode on after the connection was lost`, () =>
      onServer(mode, async (session, { kernel, server, commandsSince, events }) => {
        commandsSince();
        const { sink, all } = collector();
        const downloading = session.download('/big', sink);
        await kernel.sleep(1500);
        await server.dropSessions();
        await downloading;
        assert.ok(all().equals(bytes), 'every byte, once');
        const [restart, ...more] = restarts(commandsSince());
        assert.match(restart ?? '', /^REST @[0-9a-z]+$/, 'with a marker of the server');
        assert.deepEqual(more, []);
        const marker = parseInt((restart ?? '').slice(6), 36);
        assert.ok(marker > 200_000 && marker % markerEvery === 0, `${marker}`);
        assert.ok(sentOf(events) < bytes.length + 2 * markerEvery, 'little was sent twice');
      }));

    it(`are not put into a file, read whole or in part, in ${mode} mode`, () =>
      onServer(mode, async (session) => {
        assert.deepEqual(await session.read('/big'), bytes);
        const part = await session.read('/big', { offset: 250_001, length: 300_000 });
        assert.deepEqual(part, bytes.subarray(250_001, 550_001));
        const [all, one] = await Promise.all([session.read('/big'), session.read('/one')]);
        assert.deepEqual(all, bytes);
        assert.equal(one.length, 5);
      }));

    it(`missing, or refused, in ${mode} mode: the beginning is sent again and left out`, async () => {
      for (const every of [0, markerEvery]) {
        await onServer(
          mode,
          async (session, { kernel, server, commandsSince }) => {
            commandsSince();
            const { sink, all } = collector();
            const downloading = session.download('/big', sink, { offset: 1234 });
            await kernel.sleep(1500);
            const { persona } = server.settings;
            const refuses = { REST: '502 Not implemented.' };
            Object.assign(server.settings, { persona: { ...persona, refuses } });
            await server.dropSessions();
            await downloading;
            assert.ok(all().equals(bytes.subarray(1234)));
            assert.equal(restarts(commandsSince()).length, every === 0 ? 0 : 1, 'and no count of bytes');
          },
          every,
        );
      }
    });
  }

  it('are a count of bytes in stream mode', () =>
    onServer('stream', async (session, { kernel, server, commandsSince }) => {
      commandsSince();
      const { sink, all } = collector();
      const downloading = session.download('/big', sink);
      await kernel.sleep(1500);
      await server.dropSessions();
      await downloading;
      assert.ok(all().equals(bytes));
      assert.match(restarts(commandsSince()).join(), /^REST \d{6}$/);
    }));

  it('lead a relayed copy on, too', () =>
    betweenServers(
      { client: { mode: 'block' }, shop: { wire: { markerEvery } } },
      async ({ shop, mirror, kernel, world }) => {
        world.link('client', 'shop', { delay: 25, rate: 333 });
        shop.files.put('/big', bytes);
        const copying = shop.session.copyTo('/big', mirror.session, '/b', { route: 'relay' });
        await kernel.sleep(2000);
        await shop.server.dropSessions();
        await copying;
        assert.deepEqual(mirror.files.at('/b'), bytes);
        assert.match(restarts(shop.commands()).join(), /^REST @\w+$/);
      },
    ));
});
