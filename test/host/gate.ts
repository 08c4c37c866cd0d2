import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';

export interface Gate {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Stands before the control port of a server and makes it one that has never heard of RFC 2428: `EPSV` and `EPRT`
 * arrive as words that no server knows, and it refuses them itself, in turn. Data connections do not pass here.
 */
export async function openGate(port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    socket.once('close', () => sockets.delete(socket));
    sockets.add(socket);
    // Nagle's algorithm would hold back what the two ends send at once.
    return socket.setNoDelay(true);
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = keep(connect({ host: '127.0.0.1', port, allowHalfOpen: true }));
    // An error of one side ends both; who waits on them hears of it.
    pipeline(keep(client), withoutExtended(), daemon, () => undefined);
    pipeline(daemon, client, () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function withoutExtended(): Transform {
  let rest = '';
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      // Latin-1 keeps every byte as it is.
      const lines = (rest + chunk.toString('latin1')).split(/(?<=\n)/);
      rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
      // EPSV → XPSV
      const told = lines.map((line) => line.replace(/^E(PSV|PRT)\b/i, 'X$1')).join('');
      done(null, Buffer.from(told, 'latin1'));
    },
    flush: (done) => done(null, Buffer.from(rest, 'latin1')),
  });
}
