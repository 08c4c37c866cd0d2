import assert from 'node:assert/strict';
import { connect, FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../../src/ftp';
import { MemoryFiles } from '../support/server/memoryFiles';
import { ReferenceServer, type ServerOptions } from '../support/server/referenceServer';
import { Kernel } from '../support/sim/kernel';
import type { SimHost } from '../support/sim/simHost';
import { SimWorld } from '../support/sim/simWorld';

export interface RelayOptions {
  readonly seed?: number;
  /** Of the server that has the file, and of the one that gets it. */
  readonly shop?: Partial<ServerOptions>;
  readonly mirror?: Partial<ServerOptions>;
  readonly client?: Partial<ConnectOptions>;
  readonly family?: 4 | 6;
}

/** One of the two servers, and our session with it. */
export interface End {
  readonly host: SimHost;
  readonly server: ReferenceServer;
  readonly files: MemoryFiles;
  readonly session: FtpSession;
  readonly events: WireEvent[];
  /** Lines of its log that make the given mark. */
  said(kind: 'data' | 'trouble' | 'operation'): string[];
  /** Commands since signing in. */
  commands(): string[];
}

export interface RelayStage {
  readonly kernel: Kernel;
  readonly world: SimWorld;
  readonly client: SimHost;
  readonly shop: End;
  readonly mirror: End;
}

/**
 * Three hosts, each linked to the others: the client, `shop` with `/a.iso`, and `mirror`. Afterwards nothing is open
 * any more on any of them.
 */
export async function betweenServers<T>(
  options: RelayOptions,
  work: (stage: RelayStage) => Promise<T>,
): Promise<T> {
  const kernel = new Kernel({ seed: options.seed ?? 1 });
  return kernel.run(async () => {
    const world = new SimWorld(kernel);
    const client = world.host('client', ['10.0.0.1', 'fd00::1']);
    const hosts = {
      shop: world.host('shop', ['10.0.0.2', 'fd00::2']),
      mirror: world.host('mirror', ['10.0.0.3', 'fd00::3']),
    };
    world.link('client', 'shop', { delay: 25 });
    world.link('client', 'mirror', { delay: 25 });
    world.link('shop', 'mirror', { delay: 5 });
    const [shop, mirror] = [
      await endOf('shop', hosts.shop, kernel, client, options),
      await endOf('mirror', hosts.mirror, kernel, client, options),
    ];
    const result = await work({ kernel, world, client, shop, mirror });
    // A read is handed over before its 226.
    await kernel.idle();
    for (const { session } of [shop, mirror]) {
      assert.equal(session.inspect().openSlots, 0, 'no slot stays open');
      await session.close();
    }
    await Promise.all([shop.server.stop(), mirror.server.stop()]);
    await kernel.idle();
    for (const host of [client, shop.host, mirror.host]) {
      assert.deepEqual(host.connections, [], `no connection is left on ${host.name}`);
      assert.deepEqual(host.listeners, [], `no listener is left on ${host.name}`);
    }
    return result;
  });
}

export const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
export const modified = 1_700_000_000_000;

export async function errorOf(work: Promise<unknown>): Promise<FtpError> {
  const error: unknown = await work.then(
    () => assert.fail('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FtpError, String(error));
  return error;
}

/** Commands of a server about data connections, file names left out. */
export function words(end: End): string[] {
  return end
    .commands()
    .map((line) => line.replace(/ .*portside.*/, ' …'))
    .filter((line) => /^(PASV|EPSV|PORT|EPRT|LSTN|SOCK|STOR|RETR|ABOR)/.test(line));
}

export function assertWhole(mirror: End, path = '/b.iso'): void {
  assert.ok(Buffer.from(content).equals(mirror.files.at(path) ?? Buffer.alloc(0)), 'every byte is there');
  assert.deepEqual(
    mirror.files.names('/').filter((name) => name.includes('portside')),
    [],
    'no temporary file is left',
  );
}

async function endOf(
  name: 'shop' | 'mirror',
  host: SimHost,
  kernel: Kernel,
  client: SimHost,
  options: RelayOptions,
): Promise<End> {
  const files = new MemoryFiles();
  if (name === 'shop') files.put('/a.iso', content, { modified });
  const address = host.addresses[options.family === 6 ? 1 : 0] ?? '';
  const server = await ReferenceServer.start({
    network: host.network,
    clock: kernel.clock(name),
    files,
    host: address,
    thirdHosts: true,
    ...options[name],
  });
  const events: WireEvent[] = [];
  const session = await connect(
    {
      ...{ host: address, port: server.port, user: 'web', password: 'secret', name },
      // Roles and dialects are looked at here, command by command.
      warm: false,
      trace: (event) => events.push(event),
      ...options.client,
    },
    kernel.environment(client),
  );
  const signedIn = server.commands().length;
  return {
    ...{ host, server, files, session, events },
    said: (kind) => events.flatMap((event) => (event.kind === kind ? [event.text] : [])),
    commands: () => server.commands().slice(signedIn),
  };
}
