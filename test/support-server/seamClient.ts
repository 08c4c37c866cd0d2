import assert from 'node:assert/strict';
import { concatBytes } from '../../src/base/bytes';
import type { Connection, Network } from '../../src/ftp/net/network';

/** A client by hand over the seam `Network`: the same lines run in simulation and on real sockets. */
export class SeamClient {
  private text = '';
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly network: Network,
    private readonly control: Connection,
  ) {
    control.receive({
      data: (bytes) => {
        this.text += Buffer.from(bytes).toString();
        this.wake();
      },
      end: () => this.end(),
      fault: () => this.end(),
    });
  }

  static async loggedIn(network: Network, host: string, port: number): Promise<SeamClient> {
    const client = new SeamClient(network, await dial(network, host, port));
    assert.match(await client.reply(), /^220/);
    await client.ask('USER web', 331);
    await client.ask('PASS secret', 230);
    await client.ask('TYPE I', 200);
    return client;
  }

  say(line: string): void {
    this.control.write(Buffer.from(`${line}\r\n`));
  }

  /** Fails unless the reply has this code. */
  async ask(line: string, code: number): Promise<string> {
    this.say(line);
    return this.expect(code);
  }

  async expect(code: number): Promise<string> {
    const reply = await this.reply();
    assert.equal(reply.slice(0, 4), `${code} `, reply);
    return reply;
  }

  /** The next reply line; 'closed' when there is none to come. */
  async reply(): Promise<string> {
    for (;;) {
      const end = this.text.indexOf('\r\n');
      if (end >= 0) {
        const line = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        return line;
      }
      if (this.ended) return 'closed';
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async passive(): Promise<SeamData> {
    const port = /\|(\d+)\|/.exec(await this.ask('EPSV', 229))?.[1];
    return new SeamData(await dial(this.network, this.control.remote.host, Number(port)));
  }

  close(): void {
    this.control.close();
  }

  private end(): void {
    this.ended = true;
    this.wake();
  }
}

/** A data connection by hand. */
export class SeamData {
  ended = false;
  private chunks: Uint8Array[] = [];
  private wake: () => void = () => undefined;

  constructor(private readonly connection: Connection) {
    connection.receive({
      data: (bytes) => {
        this.chunks.push(bytes.slice());
        this.wake();
      },
      end: () => this.end(),
      fault: () => this.end(),
    });
  }

  /** Until `enough` says so. */
  async until(enough: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
    for (;;) {
      const bytes = concatBytes(this.chunks);
      if (enough(bytes)) {
        this.chunks = [];
        return bytes;
      }
      assert.ok(!this.ended, 'the data connection ended too early');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Everything until the server closes; then we do. */
  async all(): Promise<Uint8Array> {
    const bytes = await this.until(() => this.ended);
    this.connection.close();
    return bytes;
  }

  send(bytes: Uint8Array): void {
    this.connection.write(bytes);
  }

  close(): void {
    this.connection.close();
  }

  private end(): void {
    this.ended = true;
    this.wake();
  }
}

function dial(network: Network, host: string, port: number): Promise<Connection> {
  const { signal } = new AbortController();
  return network.connect({ host, port }, { noDelay: true, signal });
}
