import type { Clock } from '../../src/base/clock';
import type { Outside } from '../../src/base/outside';
import type { Network } from '../../src/ftp/net/network';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import { ReferenceServer, type ServerOptions } from '../support/server/referenceServer';
import { Kernel } from '../support/sim/kernel';
import { simClock } from '../support/sim/simClock';
import { SimWorld } from '../support/sim/simWorld';
import { sampleFiles } from './dialogue';
import { SeamClient } from './seamClient';

interface Seams {
  readonly network: Network;
  readonly clock: Clock;
  readonly outside: Outside;
}

/** Two servers and a client, somewhere. Whatever is started through it is stopped in the end. */
export class Place {
  private readonly ends: (() => unknown)[] = [];

  constructor(
    private readonly hosts: readonly string[],
    /** Where clients dial from. */
    readonly client: Seams,
    private readonly servers: readonly Seams[],
  ) {}

  /** Server 0 or 1, with the sample files. */
  async server(number: 0 | 1, options: Partial<ServerOptions> = {}): Promise<ReferenceServer> {
    const seams = this.servers[number] as Seams;
    const host = this.hosts[number] as string;
    const server = await ReferenceServer.start({ ...seams, files: sampleFiles(), host, ...options });
    this.ends.push(() => server.stop());
    return server;
  }

  async logIn(server: ReferenceServer): Promise<SeamClient> {
    const client = await SeamClient.loggedIn(this.client.network, server.host, server.port);
    this.ends.push(() => client.close());
    return client;
  }

  /** Done in the end, last first. */
  later(end: () => unknown): void {
    this.ends.push(end);
  }

  async leave(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }
}

/** The places in which a test of the server runs. */
export const places: readonly { name: string; run(main: (place: Place) => Promise<void>): Promise<void> }[] =
  [
    {
      name: 'in simulation',
      run: (main) => {
        const kernel = new Kernel({ seed: 1 });
        const world = new SimWorld(kernel);
        const [first, second, client] = (['first', 'second', 'client'] as const).map((name, index): Seams => {
          const { network } = world.host(name, [`10.0.0.${index + 1}`]);
          return { network, clock: simClock(kernel, name), outside: kernel.outside };
        }) as [Seams, Seams, Seams];
        world.link('first', 'second');
        world.link('first', 'client');
        world.link('second', 'client');
        return kernel.run(() => visit(new Place(['10.0.0.1', '10.0.0.2'], client, [first, second]), main));
      },
    },
    {
      name: 'on real sockets',
      run: (main) => {
        const seams = nodeEnvironment();
        return visit(new Place(['127.0.0.2', '127.0.0.3'], seams, [seams, seams]), main);
      },
    },
  ];

async function visit(place: Place, main: (place: Place) => Promise<void>): Promise<void> {
  try {
    await main(place);
  } finally {
    await place.leave();
  }
}
