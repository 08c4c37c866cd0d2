import type { Environment } from './environment';
import { nodeClock } from './nodeClock';
import { NodeNetwork } from './nodeNetwork';
import { nodeOutside } from './nodeOutside';
import { nodeRandom } from './nodeRandom';

/** The real computer: its clock, sockets, chance and threads. */
export function nodeEnvironment(): Environment {
  return {
    clock: nodeClock,
    network: new NodeNetwork(nodeRandom),
    random: nodeRandom,
    outside: nodeOutside,
  };
}
