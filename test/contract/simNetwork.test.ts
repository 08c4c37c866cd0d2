import { Kernel } from '../support/sim/kernel';
import { SimWorld } from '../support/sim/simWorld';
import type { SimHost } from '../support/sim/simHost';
import { networkContract } from './networkContract';
import type { ContractWorld } from './stage';

type Knobs = Partial<Pick<SimHost, 'resetShape' | 'cut' | 'merge' | 'delayedAcknowledgement' | 'noDelay'>>;

networkContract('simulated network', () => simulated(1, {}));
networkContract('simulated network, resets as ends', () =>
  simulated(2, { resetShape: 'as-end', cut: 'seeded', delayedAcknowledgement: true }),
);
networkContract('simulated network, resets lose data', () =>
  simulated(3, { resetShape: 'error-losing-data', merge: true, noDelay: false }),
);

function simulated(seed: number, knobs: Knobs): ContractWorld {
  const kernel = new Kernel({ seed });
  const world = new SimWorld(kernel);
  const client = world.host('client', ['10.0.0.1']);
  const server = world.host('server', ['10.0.0.2']);
  world.host('island', ['10.0.0.3']);
  world.link('client', 'server');
  Object.assign(client, knobs);
  Object.assign(server, knobs);
  return {
    client: client.network,
    server: server.network,
    serverHost: '10.0.0.2',
    unreachableHost: '10.0.0.3',
    breathe: () => kernel.sleep(1),
    held: () => [client, server].flatMap(openOn),
    run: (main) => kernel.run(main),
  };
}

function openOn(host: SimHost): string[] {
  return [...host.listeners, ...host.connections].map(
    ({ local }) => `${host.name} ${local.host}:${local.port}`,
  );
}
