import assert from 'node:assert/strict';
import { connect, restTimers, type ConnectOptions, type FtpSession, type WireEvent } from '../../src/ftp';
import { otherAddress } from './matrix/faultsAt';
import { MemoryFiles } from './server/memoryFiles';
import { ReferenceServer, type ServerOptions } from './server/referenceServer';
import { Kernel } from './sim/kernel';
import type { SimHost } from './sim/simHost';
import { SimWorld } from './sim/simWorld';

export interface SimulationOptions {
  readonly seed?: number;
  readonly server?: Partial<Omit<ServerOptions, 'network' | 'clock' | 'files'>>;
  readonly client?: Partial<ConnectOptions>;
  /** Milliseconds one way. */
  readonly delay?: number;
  readonly family?: 4 | 6;
}

/** A client host and a reference server, 50 ms apart, with the engine ready to sign in. */
export interface Simulation {
  readonly kernel: Kernel;
  readonly world: SimWorld;
  readonly client: SimHost;
  readonly far: SimHost;
  readonly server: ReferenceServer;
  readonly files: MemoryFiles;
  readonly events: WireEvent[];
  readonly clientOptions: ConnectOptions;
  /** Signs in. */
  connect(more?: Partial<ConnectOptions>): Promise<FtpSession>;
  /** Command lines the server received since `mark` was called last. */
  commandsSince(): string[];
  /** Runs `work` and tells how many round trips of the link it took. */
  roundTrips(work: () => Promise<unknown>): Promise<number>;
}

/** Runs `main` in virtual time; afterwards nothing of the client may be left on its host. */
export async function simulate<T>(
  options: SimulationOptions,
  main: (simulation: Simulation) => Promise<T>,
): Promise<T> {
  const kernel = new Kernel({ seed: options.seed ?? 1 });
  return kernel.run(async () => main(await setUp(kernel, options)));
}

/** One session from signing in to its good-bye; afterwards no reply is owed, and no connection of ours is open. */
export async function inSession(
  simulation: Simulation,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
): Promise<void> {
  const session = await simulation.connect();
  simulation.commandsSince();
  await work(session, simulation);
  // A read is handed over before the last reply has come.
  await simulation.kernel.idle();
  assert.equal(session.inspect().openSlots, 0);
  await session.close();
  await simulation.kernel.idle();
  const { connections, listeners } = simulation.client;
  assert.deepEqual([connections, listeners], [[], []]);
}

async function setUp(kernel: Kernel, options: SimulationOptions): Promise<Simulation> {
  kernel.addRestTimers(restTimers);
  const world = new SimWorld(kernel);
  const client = world.host('client', ['10.0.0.1', 'fd00::1']);
  const far = world.host('server', ['10.0.0.2', 'fd00::2', otherAddress]);
  const delay = options.delay ?? 25;
  world.link('client', 'server', { delay });
  const files = new MemoryFiles();
  const host = options.family === 6 ? 'fd00::2' : '10.0.0.2';
  const clock = kernel.clock('server');
  const { outside } = kernel;
  const served = { network: far.network, clock, files, host, outside };
  const server = await ReferenceServer.start({ ...served, ...options.server });
  const events: WireEvent[] = [];
  const clientOptions: ConnectOptions = {
    host,
    port: server.port,
    user: 'web',
    password: 'secret',
    // Clear text can be read in traces and on the wire; what is about TLS asks for it.
    security: 'none',
    trace: (event) => events.push(event),
    // What an operation costs by itself; warm.test.ts, roundTrips.test.ts and the matrix have it on.
    warm: false,
    ...options.client,
  };
  const environment = kernel.environment(client);
  let mark = 0;
  return {
    kernel,
    world,
    client,
    far,
    server,
    files,
    events,
    clientOptions,
    connect: (more = {}) => connect({ ...clientOptions, ...more }, environment),
    commandsSince: () => {
      const commands = server.commands();
      const since = commands.slice(mark);
      mark = commands.length;
      return since;
    },
    roundTrips: async (work) => {
      const began = kernel.now;
      await work();
      return (kernel.now - began) / (2 * delay);
    },
  };
}
