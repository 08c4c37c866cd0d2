import type { Connection, Listener, NetError, Network } from '../../src/ftp/net/network';

/** One network under test, seen from two computers (or from one, over loopback). */
export interface ContractWorld {
  readonly client: Network;
  readonly server: Network;
  /** An address of the server. */
  readonly serverHost: string;
  /** Where nobody can be reached; absent where the network cannot show that. */
  readonly unreachableHost?: string;
  /** Lets whatever is under way get on a little. */
  breathe(): Promise<void>;
  /** Connections and listeners that are open on either side, one line each. */
  held(): string[];
  run(main: () => Promise<void>): Promise<void>;
}

/** Seconds on any computer: enough for everything that is going to happen at all. */
const mostBreaths = 1_000_000;

export const anyPort = { first: 0, last: 0 };

/** Writes down what a connection says. */
export class Heard {
  readonly calls: string[] = [];
  length = 0;
  error: NetError | undefined;
  private readonly chunks: Uint8Array[] = [];

  constructor(connection: Connection, data?: (bytes: Uint8Array) => void) {
    connection.receive({
      data: (bytes) => {
        this.calls.push('data');
        this.chunks.push(Uint8Array.from(bytes));
        this.length += bytes.length;
        data?.(bytes);
      },
      end: () => this.calls.push('end'),
      fault: (error) => {
        this.error = error;
        this.calls.push(`fault ${error.fault}`);
      },
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** The last call, when it was the end or a fault. */
  get ending(): string | undefined {
    const last = this.calls.at(-1);
    return last === 'data' ? undefined : last;
  }
}

/** What one case opens; all of it is closed afterwards, also when the case fails. */
export class Stage {
  private readonly connections: Connection[] = [];
  private readonly listeners: Listener[] = [];

  constructor(readonly world: ContractWorld) {}

  async listen(
    accepted: (connection: Connection) => void = () => undefined,
    at: { network?: Network; host?: string; ports?: { first: number; last: number } } = {},
  ): Promise<Listener> {
    const { network = this.world.server, host = this.world.serverHost, ports = anyPort } = at;
    const listener = await network.listen({ host, ports, backlog: 511 }, (connection) => {
      this.connections.push(connection);
      accepted(connection);
    });
    this.listeners.push(listener);
    return listener;
  }

  async dial(
    to: { host?: string; port: number },
    how: { network?: Network; from?: { host?: string; port?: number }; signal?: AbortSignal } = {},
  ): Promise<Connection> {
    const { network = this.world.client, from, signal = new AbortController().signal } = how;
    const target = { host: to.host ?? this.world.serverHost, port: to.port };
    const connection = await network.connect(target, { noDelay: true, signal, ...(from && { from }) });
    this.connections.push(connection);
    return connection;
  }

  /** Both ends of a new connection, the client's first. */
  async pair(from?: { port?: number }): Promise<[Connection, Connection]> {
    const met: Connection[] = [];
    const listener = await this.listen((connection) => met.push(connection));
    const near = await this.dial({ port: listener.local.port }, from && { from });
    await this.until(() => met.length > 0);
    listener.dispose();
    const [far] = met;
    if (!far) throw new Error('Nobody was met.');
    return [near, far];
  }

  /** A new listener, and the first connection that it meets. */
  async meeting(): Promise<[Promise<Connection>, Listener]> {
    let meet: (connection: Connection) => void = () => undefined;
    const met = new Promise<Connection>((resolve) => (meet = resolve));
    return [met, await this.listen((connection) => meet(connection))];
  }

  /** A port on which nobody listens. */
  async freePort(): Promise<number> {
    const listener = await this.listen();
    listener.dispose();
    return listener.local.port;
  }

  /** Waits for a condition, not for a time. */
  async until(condition: () => boolean): Promise<void> {
    for (let breaths = 0; !condition(); breaths++) {
      if (breaths > mostBreaths) throw new Error(`Never came: ${condition.toString()}`);
      await this.world.breathe();
    }
  }

  async clear(): Promise<void> {
    for (const listener of this.listeners) listener.dispose();
    for (const connection of this.connections) connection.reset();
    await this.until(() => this.world.held().length === 0);
  }
}

/** Bytes that show if some are lost, doubled or swapped. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >> 8)) & 0xff;
  return bytes;
}

export type Check = (title: string, body: (stage: Stage) => Promise<void>) => void;
