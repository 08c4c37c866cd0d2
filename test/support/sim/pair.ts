import type { Connection, NetError } from '../../../src/ftp/net/network';
import { Kernel } from './kernel';
import type { SimHost } from './simHost';
import { SimWorld } from './simWorld';
import type { SimConnection } from './tcp';

/** A client and a server, 50 ms apart there and back. */
export interface Pair {
  readonly kernel: Kernel;
  readonly world: SimWorld;
  readonly client: SimHost;
  readonly server: SimHost;
}

export const roundTrip = 50;
export const anyPort = { first: 0, last: 0 };
export const neverAborted = new AbortController().signal;

export function pair(seed = 1): Pair {
  const kernel = new Kernel({ seed });
  const world = new SimWorld(kernel);
  const client = world.host('client', ['10.0.0.1', 'fd00::1']);
  const server = world.host('server', ['10.0.0.2', 'fd00::2']);
  world.link('client', 'server', { delay: roundTrip / 2 });
  return { kernel, world, client, server };
}

/** A connection from the client to the server: the client's end, and the server's. */
export async function meet(
  { client, server }: Pair,
  noDelay = true,
): Promise<[SimConnection, SimConnection]> {
  let meeting: ((connection: Connection) => void) | undefined;
  const accepted = new Promise<Connection>((resolve) => (meeting = resolve));
  const listener = await server.network.listen({ host: '0.0.0.0', ports: anyPort, backlog: 5 }, (met) =>
    meeting?.(met),
  );
  const to = { host: '10.0.0.2', port: listener.local.port };
  const near = await client.network.connect(to, { from: {}, noDelay, signal: neverAborted });
  const far = await accepted;
  listener.dispose();
  return [near as SimConnection, far as SimConnection];
}

/** What a connection receives, as text: bytes, then `|end` or `|fault`. */
export class Log {
  text = '';
  at: number[] = [];
  error: NetError | undefined;

  constructor(kernel: Kernel, connection: Connection, heard?: (bytes: Uint8Array) => void) {
    connection.receive({
      data: (bytes) => {
        this.text += Buffer.from(bytes).toString('latin1');
        this.at.push(kernel.now);
        heard?.(bytes);
      },
      end: () => (this.text += '|end'),
      fault: (error) => {
        this.error = error;
        this.text += `|${error.fault}`;
      },
    });
  }
}
