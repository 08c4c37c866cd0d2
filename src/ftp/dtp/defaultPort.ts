import { listen } from './awaitedPeer';
import { withPrelude, type Meeting, type Rendezvous, type RendezvousContext } from './rendezvous';

/**
 * Neither PORT nor PASV: the user-DTP listens on U, the control connection's own local port, and the server
 * dials it from L-1 (RFC 959 §3.2). In stream mode the port pair cannot be used again at once (§3.3): the ladder
 * then goes on to a non-default port.
 */
export const defaultPort: Rendezvous = {
  method: 'default-port',
  async arrange(context, prelude) {
    const { port } = context.control.local;
    const peer = await listen('default-port', context, { first: port, last: port });
    return withPrelude(watched(peer, context), prelude);
  },
};

function watched(peer: Meeting, { line }: RendezvousContext): Meeting {
  return {
    method: 'default-port',
    get isMet() {
      return peer.isMet;
    },
    connection: async (answered, reached) => {
      const connection = await peer.connection(answered, reached);
      line.portRest.watch(connection);
      return connection;
    },
    dispose: () => peer.dispose(),
  };
}
