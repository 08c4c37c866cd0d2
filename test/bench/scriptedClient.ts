import type { Connection, Network } from '../../src/ftp/net/network';

/** Where a scripted client plays: the simulated network with its clock, or real sockets and real time. */
export interface Stage {
  readonly network: Network;
  /** Milliseconds. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** A final reply was read. */
  heard?(code: string): void;
}

/** An active data connection that is awaited: `|1|10.0.0.1|40000|` is what EPRT says of it. */
interface Awaited {
  readonly extended: string;
  readonly ended: Promise<void>;
}

/**
 * A user-PI that sends what it is told, when it is told, and shares no code with the engine: it shows what servers
 * and the network do. It closes each data connection as soon as the server has.
 */
export class ScriptedClient {
  private rest = '';
  private readonly finals: string[] = [];
  private expected = 0;
  private wake: () => void = () => undefined;

  private constructor(
    readonly stage: Stage,
    private readonly host: string,
    private readonly control: Connection,
  ) {
    control.receive({
      data: (bytes) => this.take(Buffer.from(bytes).toString('latin1')),
      end: () => this.wake(),
      fault: () => this.wake(),
    });
  }

  /** Connects, logs in, and is ready for binary transfers. */
  static async open(
    stage: Stage,
    server: { host: string; port: number; user: string; password: string },
  ): Promise<ScriptedClient> {
    const control = await stage.network.connect(server, { noDelay: true, signal });
    const client = new ScriptedClient(stage, server.host, control);
    await client.replies(1);
    for (const line of [`USER ${server.user}`, `PASS ${server.password}`, 'TYPE I']) {
      client.send(line);
      await client.replies(1);
    }
    return client;
  }

  /** Several lines leave in one segment. */
  send(...lines: string[]): void {
    this.control.write(Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1'));
  }

  /** Waits for `count` more final replies, and answers the last one; one that is not 2xx or 3xx is an error. */
  async replies(count: number): Promise<string> {
    this.expected += count;
    while (this.finals.length < this.expected) await this.more();
    const bad = this.finals.slice(this.expected - count).find((line) => line >= '4');
    if (bad !== undefined) throw new Error(`The server says: ${bad}`);
    return this.finals[this.expected - 1] ?? '';
  }

  /** Dials where a 229 says. */
  async dial(offer: string): Promise<Connection> {
    const port = Number(/\(\|\|\|(\d+)\|\)/.exec(offer)?.[1]);
    return this.stage.network.connect({ host: this.host, port }, { noDelay: true, signal });
  }

  /** EPSV, and the data connection made: from then on it is warm. */
  async passive(): Promise<Connection> {
    this.send('EPSV');
    return this.dial(await this.replies(1));
  }

  async listen(): Promise<Awaited> {
    const { host, family } = this.control.local;
    let met: (connection: Connection) => void = () => undefined;
    const connection = new Promise<Connection>((resolve) => (met = resolve));
    const at = { host, ports: { first: 0, last: 0 }, backlog: 1 };
    const listener = await this.stage.network.listen(at, (accepted) => met(accepted));
    const extended = `|${family === 6 ? 2 : 1}|${host}|${listener.local.port}|`;
    const ended = connection.then((accepted) => {
      listener.dispose();
      return readToEnd(accepted);
    });
    return { extended, ended };
  }

  /** How many milliseconds `work` takes. */
  async timed(work: () => Promise<unknown>): Promise<number> {
    const began = this.stage.now();
    await work();
    return this.stage.now() - began;
  }

  close(): void {
    this.control.close();
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\r\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!/^[2-5]\d\d /.test(line)) continue;
      this.finals.push(line);
      this.stage.heard?.(line.slice(0, 3));
    }
    this.wake();
  }

  private more(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

/** Until the server's FIN, which is answered at once. */
export function readToEnd(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.receive({
      data: () => undefined,
      end: () => {
        connection.close();
        resolve();
      },
      fault: reject,
    });
  });
}

const { signal } = new AbortController();
