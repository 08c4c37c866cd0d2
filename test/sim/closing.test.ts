import assert from 'node:assert/strict';
import { FtpError, type ConnectOptions, type FtpSession } from '../../src/ftp';
import { FaultScript } from '../support/server/faultScript';
import type { ServerOptions } from '../support/server/referenceServer';
import { simulate, type Simulation } from '../support/simSession';
import { betweenServers } from './relayStage';

/** Milliseconds one way. */
const delay = 25;
const big = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 255);

/** The first FIN or RST of each side of a data connection: when it left. */
interface Close {
  readonly by: 'client' | 'server';
  readonly how: 'FIN' | 'RST';
  readonly at: number;
}

interface Stage extends Simulation {
  readonly session: FtpSession;
  /** Closes of data connections since the last call. */
  closes(): Close[];
}

/** Afterwards nothing is open on either side, and the session has read one more file. */
function onStage(
  client: Partial<ConnectOptions>,
  server: Partial<ServerOptions>,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  return simulate({ delay, client, server }, async (simulation) => {
    const { kernel, world, files, client: host, far } = simulation;
    files.put('/one', 'first').put('/big', big);
    const seen: Close[] = [];
    const ends = new Set<string>();
    world.rule(({ from, to, fin, rst }) => {
      const isData = from.port !== simulation.server.port && to.port !== simulation.server.port;
      const end = `${from.host}:${from.port} ${to.port}`;
      if (isData && (fin || rst) && !ends.has(end)) {
        ends.add(end);
        const by = from.host === simulation.server.host ? 'server' : 'client';
        seen.push({ by, how: rst ? 'RST' : 'FIN', at: kernel.now });
      }
      return 'pass';
    });
    const session = await simulation.connect();
    await work({ ...simulation, session, closes: () => seen.splice(0) });
    assert.equal(new TextDecoder().decode(await session.read('/one')), 'first');
    // A read is handed over before the last reply has come.
    await kernel.idle();
    assert.equal(session.inspect().openSlots, 0);
    await session.close();
    await kernel.idle();
    assert.deepEqual([host.connections, host.listeners], [[], []], 'nothing is open here');
    assert.deepEqual(far.connections, [], 'nor there');
  });
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof FtpError ? error.code : String(error)),
  );

const sides = (closes: readonly Close[]): string[] => closes.map(({ by, how }) => `${by} ${how}`);

for (const dataConnection of ['passive', 'active'] as const) {
  describe(`when a data connection is closed (RFC 959 §3.2, §5.2), seen by the client, ${dataConnection}`, () => {
    it('condition 1, end of file in stream mode: the server closes, and we do promptly', () =>
      onStage({ dataConnection }, {}, async ({ session, closes, kernel }) => {
        await session.read('/big');
        await kernel.idle();
        const [first, second, ...more] = closes();
        assert.deepEqual(sides([first, second] as Close[]), ['server FIN', 'client FIN']);
        assert.equal(second!.at - first!.at, delay, 'ours leaves in the moment in which theirs arrives');
        assert.deepEqual(more, []);
      }));

    it('condition 1, end of file of an upload in stream mode: we close, and the server does', () =>
      onStage({ dataConnection }, {}, async ({ session, closes, files }) => {
        await session.write('/new', big);
        assert.deepEqual(sides(closes()), ['client FIN', 'server FIN']);
        assert.deepEqual(files.at('/new'), big);
      }));

    it('condition 2, ABOR: sent when our close does not end the transfer; then the server closes', async () => {
      // A server that waits for its disk, behind a firewall that swallows our close.
      const script = new FaultScript({ point: 'in(data,3)', kind: 'stall' });
      await onStage({ dataConnection }, { script }, async (stage) => {
        const { session, closes, kernel, world, server, commandsSince } = stage;
        const controller = new AbortController();
        const reading = codeOf(session.read('/big', { signal: controller.signal }));
        await kernel.sleep(600);
        const ports = [server.port];
        const wall = world.rule(({ from, to }) =>
          from.host === server.host || ports.includes(to.port) ? 'pass' : 'drop',
        );
        commandsSince();
        const began = kernel.now;
        controller.abort();
        assert.equal(await reading, 'aborted');
        wall.dispose();
        assert.deepEqual(commandsSince(), ['ABOR']);
        assert.ok(kernel.now - began < 3000, `${kernel.now - began} ms`);
        const [first, second] = closes();
        assert.deepEqual([first?.by, first?.at], ['client', began], 'at once');
        assert.equal(second?.by, 'server');
      });
    });

    // Pure-FTPd in TLS says nothing about a RETR whose data connection we close before its first byte.
    it('condition 2, ABOR: its reply is the only one, and a NOOP tells', async () => {
      const script = new FaultScript({ point: 'reply(RETR,2)', kind: 'silence' });
      await onStage({ dataConnection }, { script }, async ({ session, kernel, commandsSince, closes }) => {
        const controller = new AbortController();
        const reading = codeOf(session.read('/big', { signal: controller.signal }));
        await kernel.sleep(600);
        commandsSince();
        const began = kernel.now;
        controller.abort();
        assert.equal(await reading, 'aborted');
        assert.deepEqual(commandsSince(), ['ABOR', 'NOOP']);
        assert.ok(kernel.now - began < 5000, `${kernel.now - began} ms`);
        closes();
      });
    });

    it('condition 3, another port: what ends with 226 is closed by both, and the next transfer names a new one', () =>
      onStage({ dataConnection, mode: 'block' }, {}, async ({ session, closes, kernel, server, files }) => {
        await session.read('/one');
        await kernel.sleep(500);
        assert.deepEqual(closes(), [], 'kept open by 250');
        Object.assign(server.settings, { wire: { ...server.settings.wire, keeps: false } });
        await session.write('/new', new Uint8Array([1]));
        assert.deepEqual(sides(closes()).sort(), ['client FIN', 'server FIN']);
        await session.write('/new', new Uint8Array([1, 2]));
        assert.equal(files.at('/new')?.length, 2);
        assert.deepEqual(sides(closes()).sort(), ['client FIN', 'server FIN']);
      }));

    it('condition 4, the control connection closes between two files: the data connection goes with it', () =>
      onStage({ dataConnection, mode: 'block' }, {}, async ({ session, closes, server, kernel, client }) => {
        await session.read('/one');
        await server.dropSessions();
        await kernel.sleep(2 * delay);
        assert.deepEqual(
          closes()
            .map(({ by }) => by)
            .slice(0, 1),
          ['server'],
        );
        assert.deepEqual(client.connections, [], 'ours are closed, too');
      }));

    it('condition 4, the control connection closes in mid-file: we close, and begin again on a new one', async () => {
      const script = new FaultScript({ point: 'in(data,3)', kind: 'stall' });
      await onStage({ dataConnection }, { script }, async ({ session, closes, server, kernel }) => {
        const reading = codeOf(session.read('/big'));
        await kernel.sleep(600);
        assert.deepEqual(closes(), []);
        script.heal();
        await server.dropSessions();
        await kernel.sleep(2 * delay);
        assert.ok(closes().length > 0);
        assert.equal(await reading, 'done');
        assert.equal(server.sessions, 2);
      });
    });

    it('condition 4, QUIT: whoever says it closes what was kept', () =>
      onStage({ dataConnection, mode: 'block' }, {}, async ({ session, connect, closes, kernel, client }) => {
        const other = await connect();
        await other.read('/one');
        const began = kernel.now;
        await other.close();
        assert.ok(kernel.now - began <= 4 * delay, `${kernel.now - began} ms`);
        await kernel.sleep(2 * delay);
        assert.deepEqual(sides(closes()).sort(), ['client FIN', 'server FIN']);
        assert.equal(client.connections.length, 1, 'the control connection of the first session');
        assert.equal(session.state, 'ready');
      }));

    it('condition 5, an irrecoverable error of the server: it closes, and we stop sending', () =>
      onStage({ dataConnection }, {}, async ({ session, closes, files, kernel }) => {
        files.freeBytes = 100_000;
        const began = kernel.now;
        assert.equal(await codeOf(session.write('/full', big)), 'no-space');
        assert.ok(kernel.now - began < 2000, `${kernel.now - began} ms`);
        assert.equal(closes()[0]?.by, 'server');
      }));

    it('condition 5, an irrecoverable error of ours: what came is no block, and we close at once', () =>
      onStage({ dataConnection, mode: 'block' }, {}, async ({ session, closes, server, kernel }) => {
        Object.assign(server.settings, { damage: 'unknown-descriptor' });
        const began = kernel.now;
        assert.equal(await codeOf(session.read('/big')), 'protocol-violation');
        assert.ok(kernel.now - began < 1000, `${kernel.now - began} ms`);
        assert.equal(closes()[0]?.by, 'client');
        Object.assign(server.settings, { damage: undefined });
      }));

    it('§5.2, a close by the server between two files: ours leaves in the moment in which it arrives', async () => {
      const script = new FaultScript({ point: 'keep(data,1)', kind: 'close', milliseconds: 300 });
      await onStage({ dataConnection, mode: 'block' }, { script }, async ({ session, closes, kernel }) => {
        await session.read('/one');
        await kernel.sleep(1000);
        const [first, second] = closes();
        assert.deepEqual(sides([first, second] as Close[]), ['server FIN', 'client FIN']);
        assert.equal(second!.at - first!.at, delay);
      });
    });

    it('§5.2, a server that holds its 226 back until we have closed does not wait', () =>
      onStage({ dataConnection }, {}, async ({ session, server, kernel }) => {
        const persona = { ...server.settings.persona, finalReply: 'peer-closed' };
        Object.assign(server.settings, { persona });
        const began = kernel.now;
        await session.read('/one');
        assert.ok(kernel.now - began < 12 * delay, `${kernel.now - began} ms`);
      }));
  });
}

describe('condition 3 between two servers', () => {
  it('a data connection that was kept is closed before PASV or PORT go to its server', () =>
    betweenServers({ client: { mode: 'block' } }, async ({ shop, mirror, client, kernel }) => {
      await shop.session.read('/a.iso');
      await mirror.session.list('/');
      assert.equal(client.connections.length, 4);
      const copying = shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
      await kernel.sleep(1000);
      assert.equal((await copying).route, 'direct');
      assert.equal(client.connections.length, 2, 'the two control connections');
    }));
});
