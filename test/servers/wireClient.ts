import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';

/** Daemons on this machine answer within milliseconds, a refused login after some three seconds. */
const replyTimeout = 10_000;

/**
 * A user-PI as small as can be, sharing no code with the engine: what it shows is what the server said.
 * Lines are Latin-1 and come without their line ends.
 */
export class WireClient {
  private readonly lines: string[] = [];
  private rest = '';
  private ended = false;
  private wake: () => void = () => undefined;
  private session: Buffer | undefined;

  private constructor(
    private control: Socket,
    /** The server's address, for data connections. */
    readonly host: string,
  ) {
    this.listenTo(control);
  }

  /** @param localPort our end's port, for a test that also listens on it (the default data port, U) */
  static async connect(host: string, port: number, localPort?: number): Promise<WireClient> {
    const control = connect({ host, port, noDelay: true, ...(localPort && { localPort }) });
    await once(control, 'connect');
    return new WireClient(control, host);
  }

  /** Puts the control connection into TLS, after AUTH or before the greeting; any certificate will do. */
  async secure(): Promise<TLSSocket> {
    this.control.removeAllListeners('data').removeAllListeners('close');
    const secured = tls.connect({ socket: this.control, rejectUnauthorized: false });
    secured.on('session', (session) => (this.session = session));
    this.listenTo(secured);
    this.control = secured;
    await Promise.race([once(secured, 'secureConnect'), once(secured, 'close')]);
    return secured;
  }

  /**
   * A data connection in TLS; the handshake has yet to happen.
   *
   * @param resume false: with a session of its own
   */
  secureData(data: Socket, resume = true): TLSSocket {
    const session = resume ? this.session : undefined;
    const secured = tls.connect({ socket: data, rejectUnauthorized: false, ...(session && { session }) });
    secured.on('session', (newer) => (this.session = newer));
    secured.on('error', () => undefined); // as of `dial`
    return secured;
  }

  /** Writes the commands in one segment. */
  send(...commands: string[]): void {
    this.control.write(commands.map((command) => `${command}\r\n`).join(''), 'latin1');
  }

  /** The next reply, preliminary or final, all of its lines; empty when the server has closed the connection. */
  async reply(): Promise<string[]> {
    const lines: string[] = [];
    let line = await this.line();
    const code = line?.slice(0, 3) ?? '';
    const several = line?.[3] === '-';
    while (line !== undefined) {
      lines.push(line);
      if (!several || line.startsWith(`${code} `)) break;
      line = await this.line();
    }
    return lines;
  }

  /** Sends one command and returns the lines of its replies up to the final one. */
  async command(command: string): Promise<string[]> {
    this.send(command);
    return this.finalReply();
  }

  /** The lines of the next replies up to a final one. */
  async finalReply(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const reply = await this.reply();
      lines.push(...reply);
      if (!reply[0]?.startsWith('1')) return lines;
    }
  }

  async logIn(user: string, password: string): Promise<void> {
    await this.finalReply(); // 220
    await this.command(`USER ${user}`);
    const answer = await this.command(`PASS ${password}`);
    if (!answer[0]?.startsWith('230')) throw new Error(`login refused: ${answer.join(' / ')}`);
  }

  /** EPSV, and the data connection to the port it names. */
  async openPassive(from?: string): Promise<Socket> {
    return this.dial(await this.command('EPSV'), from);
  }

  /**
   * The data connection a 229 or 227 offers.
   *
   * @param from the address of ours to dial from, for a test that plays a third host
   */
  async dial(offer: readonly string[], from?: string): Promise<Socket> {
    const port = offeredPort(offer.at(-1) ?? '');
    const data = connect({ host: this.host, port, noDelay: true, ...(from && { localAddress: from }) });
    await once(data, 'connect');
    data.on('error', () => undefined); // for whoever waits for its end; a reset while nobody does is no matter
    return data;
  }

  close(): void {
    this.control.destroy();
  }

  private listenTo(control: Socket): void {
    control.setEncoding('latin1');
    control.on('data', (text: string) => this.take(text));
    control.on('error', () => undefined); // 'close' follows
    control.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\r\n');
    this.rest = lines.pop() ?? '';
    this.lines.push(...lines);
    this.wake();
  }

  private async line(): Promise<string | undefined> {
    while (this.lines.length === 0 && !this.ended) await this.more();
    return this.lines.shift();
  }

  private more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no reply within ${replyTimeout} ms`));
      const timer = setTimeout(late, replyTimeout);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** `229 … (|||40000|)` or `227 … 127,0,0,1,156,64` → 40000 */
function offeredPort(line: string): number {
  const extended = /\(\|\|\|(\d+)\|\)/.exec(line);
  if (extended) return Number(extended[1]);
  const plain = /(?:\d+,){4}(\d+),(\d+)/.exec(line);
  if (!plain) throw new Error(`no port in: ${line}`);
  return Number(plain[1]) * 256 + Number(plain[2]);
}

/** All that the server sends on this data connection until it closes it; then closes our end too. */
export async function receiveAll(data: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  data.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(data, 'end');
  data.destroy();
  return Buffer.concat(chunks);
}

/** Sends the bytes and ends the data connection; resolves when both ends are closed. */
export async function sendAll(data: Socket, bytes: Uint8Array): Promise<void> {
  data.resume();
  data.end(bytes);
  await once(data, 'close');
}

/** A port of ours for one active data connection, `port` or a free one; `accepted` is that connection. */
export async function openActive(host: string, port = 0): Promise<ActiveEnd> {
  const listener = createServer({ noDelay: true });
  listener.listen({ host, port });
  await once(listener, 'listening');
  let data: Socket | undefined;
  const accepted = once(listener, 'connection').then(([socket]) => {
    data = socket as Socket;
    data.on('error', () => undefined);
    listener.close();
    return data;
  });
  const close = () => {
    listener.close();
    data?.destroy();
  };
  return { port: (listener.address() as AddressInfo).port, accepted, close };
}

export interface ActiveEnd {
  readonly port: number;
  readonly accepted: Promise<Socket>;
  /** Stops waiting for the connection, or ends it. */
  close(): void;
}
