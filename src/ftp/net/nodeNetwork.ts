import { createServer, type Server } from 'node:net';
import type { Random } from '../../base/random';
import { toDisposable } from '../../base/disposable';
import type { Listener, Network } from './network';
import { nodeConnection } from './nodeConnection';
import { nodeDial } from './nodeDial';
import { endpointText, nodeEndpoint } from './nodeEndpoint';
import { nodeFault } from './nodeFault';
import { nodeRegister } from './nodeRegister';

type ListenAt = Parameters<Network['listen']>[0];
type Accepted = Parameters<Network['listen']>[1];

/** Real sockets. */
export class NodeNetwork implements Network {
  constructor(private readonly random: Random) {}

  readonly connect: Network['connect'] = nodeDial;

  /** Tries the ports of the range one after another, from a random one on. */
  async listen(at: ListenAt, accepted: Accepted): Promise<Listener> {
    const count = at.ports.last - at.ports.first + 1;
    const start = this.random.below(count);
    for (let tried = 0; ; tried++) {
      const port = at.ports.first + ((start + tried) % count);
      try {
        return await listenOn(at, port, accepted);
      } catch (error) {
        const fault = nodeFault(error as Error, 'listen');
        if (fault.fault !== 'address-in-use' || tried === count - 1) throw fault;
      }
    }
  }
}

function listenOn(at: ListenAt, port: number, accepted: Accepted): Promise<Listener> {
  return new Promise((fulfil, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.once('error', reject);
    // `exclusive`: no sharing of the port among the workers of a cluster.
    server.listen({ host: at.host, port, backlog: at.backlog, exclusive: true }, () => {
      server.off('error', reject);
      fulfil(nodeListener(server, accepted));
    });
  });
}

function nodeListener(server: Server, accepted: Accepted): Listener {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('A TCP server has an address.');
  const local = nodeEndpoint(address.address, address.port);
  const held = nodeRegister.opened('listener', endpointText(local));
  server.on('connection', (socket) => {
    const connection = nodeConnection(socket);
    if (connection) accepted(connection);
  });
  // Accepting failed, for want of file descriptors: the peer's connection is lost, not the listener.
  server.on('error', () => undefined);
  const { dispose } = toDisposable(() => {
    held.dispose();
    server.close();
  });
  return { local, dispose };
}
