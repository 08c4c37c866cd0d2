import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A control connection by hand: no code of the engine. */
export class RawClient {
  readonly lines: string[] = [];
  private text = '';
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => this.take(bytes.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  /** `localPort` 0: from an address that is bound first, so that a listener may share its port (RFC 959's U). */
  static async open(port: number, host = '127.0.0.1', localPort?: number): Promise<RawClient> {
    const socket = connect(
      localPort === undefined ? { host, port } : { host, port, localAddress: host, localPort },
    );
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const client = new RawClient(socket);
    assert.match(await client.reply(), /^220/);
    return client;
  }

  static async loggedIn(port: number, host?: string, localPort?: number): Promise<RawClient> {
    const client = await RawClient.open(port, host, localPort);
    assert.match(await client.ask('USER web'), /^331/);
    assert.match(await client.ask('PASS secret'), /^230/);
    return client;
  }

  say(text: string): void {
    this.socket.write(text);
  }

  async ask(command: string): Promise<string> {
    this.say(`${command}\r\n`);
    return this.reply();
  }

  /** The next whole reply, lines joined by LF; 'closed' when the connection ended instead. */
  async reply(): Promise<string> {
    for (;;) {
      const end = this.lines.findIndex((line) => /^\d{3} /.test(line));
      if (end >= 0) return this.lines.splice(0, end + 1).join('\n');
      if (this.ended) return 'closed';
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** EPSV, and the data connection that it offers. */
  async passive(): Promise<Data> {
    const port = Number(/\|(\d+)\|/.exec(await this.ask('EPSV'))?.[1]);
    const host = this.socket.remoteAddress ?? '';
    const socket = connect({ host, port });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Data(socket);
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.text += text;
    const lines = this.text.split('\r\n');
    this.text = lines.pop() ?? '';
    this.lines.push(...lines);
    this.wake();
  }
}

/** A data connection by hand. */
export class Data {
  /** Everything until the peer's FIN, then our FIN; 'reset' in place of what a reset cut off. */
  readonly all: Promise<string>;

  constructor(readonly socket: Socket) {
    const chunks: Buffer[] = [];
    socket.on('data', (bytes) => chunks.push(bytes));
    this.all = new Promise((resolve) => {
      socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      socket.on('error', () => resolve('reset'));
    });
  }

  async send(text: string): Promise<void> {
    this.socket.end(text);
    await new Promise((resolve) => this.socket.once('close', resolve));
  }
}

/** The user-DTP's listening side: `port`, and the first connection that comes. */
export async function listenForData(
  port = 0,
): Promise<{ server: Server; port: number; arrived: Promise<Data> }> {
  const server = createServer();
  const arrived = new Promise<Data>((resolve) => {
    server.once('connection', (socket) => resolve(new Data(socket)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host: '127.0.0.1', port }, resolve);
  });
  const address = server.address();
  assert.ok(address && typeof address !== 'string');
  return { server, port: address.port, arrived };
}
