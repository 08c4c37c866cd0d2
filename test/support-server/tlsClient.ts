import assert from 'node:assert/strict';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Connection, Listener, Network } from '../../src/ftp/net/network';
import { authority } from '../support/server/tls/tlsSettings';
import { Wire } from '../support/server/tls/wire';
import { WireDuplex } from '../support/server/tls/wireDuplex';

/** An FTP client by hand with node:tls, over the seam `Network`: no code of the engine. */
export class TlsClient {
  /** What the server gave us to resume with, oldest first; of control and data connections. */
  readonly tickets: Buffer[] = [];
  socket: TLSSocket | undefined;
  private readonly wire: Wire;
  private readonly sockets = new Set<TLSSocket>();
  private clearing: TLSSocket | undefined;
  private text = '';
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly network: Network,
    control: Connection,
    private readonly options: ConnectionOptions,
  ) {
    this.wire = new Wire(control);
  }

  /** The greeting was read. */
  static async open(
    network: Network,
    at: { readonly host: string; readonly port: number },
    options: ConnectionOptions = {},
  ): Promise<TlsClient> {
    const client = new TlsClient(network, await dial(network, at.host, at.port), options);
    client.hearClear();
    await client.expect(220);
    return client;
  }

  /** TLS from the first byte on. */
  static async openImplicit(
    network: Network,
    at: { readonly host: string; readonly port: number },
    options: ConnectionOptions = {},
  ): Promise<TlsClient> {
    const client = new TlsClient(network, await dial(network, at.host, at.port), options);
    await client.shake();
    await client.expect(220);
    return client;
  }

  /** AUTH TLS, USER, PASS, PBSZ, PROT P, TYPE I. */
  static async loggedIn(
    network: Network,
    at: { readonly host: string; readonly port: number },
    options: ConnectionOptions = {},
  ): Promise<TlsClient> {
    const client = await TlsClient.open(network, at, options);
    await client.secure();
    await client.logIn();
    await client.protect();
    return client;
  }

  async secure(mechanism = 'TLS'): Promise<void> {
    await this.ask(`AUTH ${mechanism}`, 234);
    await this.shake();
  }

  async logIn(): Promise<void> {
    await this.ask('USER web', 331);
    await this.ask('PASS secret', 230);
    await this.ask('TYPE I', 200);
  }

  async protect(): Promise<void> {
    await this.ask('PBSZ 0', 200);
    await this.ask('PROT P', 200);
  }

  say(line: string): void {
    const bytes = Buffer.from(`${line}\r\n`);
    if (this.socket) this.socket.write(bytes);
    else this.wire.write(bytes);
  }

  async ask(line: string, code: number): Promise<string> {
    this.say(line);
    return this.expect(code);
  }

  async expect(code: number): Promise<string> {
    const reply = await this.reply();
    assert.equal(reply.slice(0, 3), String(code), reply);
    return reply;
  }

  /** The next whole reply, lines joined by LF; 'closed' when there is none to come. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:(\d{3})-[^]*?\r\n(?=\1 ))?\d{3} [^\r]*\r\n/.exec(this.text);
      if (match) {
        this.text = this.text.slice(match[0].length);
        return match[0].trimEnd().replaceAll('\r\n', '\n');
      }
      if (this.ended) return 'closed';
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** EPSV, the command, 150, and TLS on the data connection. */
  async transfer(command: string, how: ConnectionOptions = {}): Promise<TLSSocket> {
    const wire = await this.passive();
    await this.ask(command, 150);
    return this.dataTls(wire, how);
  }

  /** The bytes of RETR or a listing, to its 226. */
  async fetch(command: string, how: ConnectionOptions = {}): Promise<string> {
    const text = await readAll(await this.transfer(command, how));
    await this.expect(226);
    return text;
  }

  async store(command: string, text: string, how: ConnectionOptions = {}): Promise<void> {
    const socket = await this.transfer(command, how);
    socket.end(text);
    await readAll(socket);
    await this.expect(226);
  }

  /** An upload that ends in FIN alone. */
  async storeBare(command: string, text: string, code: number): Promise<void> {
    const wire = await this.passive();
    await this.ask(command, 150);
    const socket = await this.dataTls(wire);
    await new Promise<void>((resolve) => socket.write(text, () => resolve()));
    wire.end();
    await this.expect(code);
    socket.destroy();
  }

  async fetchActive(command: string): Promise<string> {
    const text = await readAll(await this.transferActive(command));
    await this.expect(226);
    return text;
  }

  async storeActive(command: string, text: string): Promise<void> {
    const socket = await this.transferActive(command);
    socket.end(text);
    await readAll(socket);
    await this.expect(226);
  }

  private async transferActive(command: string): Promise<TLSSocket> {
    const arrived = await this.active();
    this.say(command);
    const wire = await arrived();
    await this.expect(150);
    return this.dataTls(wire);
  }

  /** EPSV, and the connection. */
  async passive(): Promise<Wire> {
    const port = /\|(\d+)\|/.exec(await this.ask('EPSV', 229))?.[1];
    return new Wire(await dial(this.network, this.wire.remote.host, Number(port)));
  }

  /** EPRT, and the connection that comes; ask for it after the transfer command. */
  async active(): Promise<() => Promise<Wire>> {
    const { host } = this.wire.local;
    let meet: (wire: Wire) => void = () => undefined;
    const met = new Promise<Wire>((resolve) => (meet = resolve));
    const ports = { first: 0, last: 0 };
    const listener: Listener = await this.network.listen({ host, ports, backlog: 1 }, (connection) =>
      meet(new Wire(connection)),
    );
    await this.ask(`EPRT |1|${host}|${listener.local.port}|`, 200);
    return async () => {
      const wire = await met;
      listener.dispose();
      return wire;
    };
  }

  /** Resumes the newest session, unless `how` says something else. */
  async dataTls(wire: Wire, how: ConnectionOptions = {}): Promise<TLSSocket> {
    const session = 'session' in how ? {} : { session: this.tickets.at(-1) };
    return this.handshake(wire, { ...session, ...how });
  }

  /** CCC, and close_notify from both sides. */
  async clear(): Promise<void> {
    const { socket } = this;
    assert.ok(socket);
    this.clearing = socket;
    await this.ask('CCC', 200);
    this.socket = undefined;
    await new Promise<void>((resolve) => {
      if (socket.readableEnded) resolve();
      socket.once('end', resolve);
    });
    await new Promise<void>((resolve) => socket.end(resolve));
    this.hearClear();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.wire.close();
  }

  private async shake(): Promise<void> {
    const { options } = this;
    const socket = await this.handshake(this.wire, options, true);
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.hear(bytes));
    socket.on('end', () => this.over(socket));
    socket.on('close', () => this.over(socket));
  }

  private async handshake(wire: Wire, how: ConnectionOptions, control = false): Promise<TLSSocket> {
    wire.cipher();
    const nothing = (): undefined => undefined;
    let failed: (error: Error) => void = nothing;
    const stream = new WireDuplex(
      wire,
      { ended: nothing, failed: (error) => socket.destroy(error) },
      undefined,
    );
    stream.on('error', nothing);
    // After CCC the connection goes on without TLS.
    stream.keepsOpen = control;
    const { ca = authority(), ...rest } = { ...this.options, ...how };
    const socket = tls.connect({ socket: stream, servername: 'ftp.example.test', ca, ...rest });
    this.sockets.add(socket);
    // What a data connection brings that resumed nothing does not lead back to the control connection.
    socket.on('session', (session: Buffer) => {
      if (control || socket.isSessionReused()) this.tickets.push(session);
    });
    socket.on('error', (error: Error) => failed(error));
    const secured = new Promise<void>((resolve, reject) => {
      failed = reject;
      socket.once('secureConnect', resolve).once('close', () => reject(new Error('closed')));
    });
    stream.startReading();
    await secured;
    return socket;
  }

  private hearClear(): void {
    this.wire.receive({ data: (bytes) => this.hear(bytes), end: () => this.end(), fault: () => this.end() });
  }

  private hear(bytes: Uint8Array): void {
    this.text += Buffer.from(bytes).toString();
    this.wake();
  }

  private over(socket: TLSSocket): void {
    if (this.clearing !== socket) this.end();
  }

  private end(): void {
    this.ended = true;
    this.wake();
  }
}

/** Everything until the server's close_notify; then we end, too. */
export async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => chunks.push(bytes));
  await new Promise<void>((resolve, reject) => {
    if (socket.readableEnded) resolve();
    socket
      .once('end', resolve)
      .once('error', reject)
      .once('close', () => resolve());
  });
  socket.end();
  return Buffer.concat(chunks).toString();
}

async function dial(network: Network, host: string, port: number): Promise<Connection> {
  return network.connect({ host, port }, { noDelay: true, signal: new AbortController().signal });
}
