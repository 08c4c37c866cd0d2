import type { Socket } from 'node:net';
import type { Disposable } from '../../base/disposable';
import type { Connection, Endpoint, NetError, Receiver } from './network';
import { endpointText, nodeEndpoint } from './nodeEndpoint';
import { nodeFault } from './nodeFault';
import type { Inlet } from './nodeInlet';
import { nodeRegister } from './nodeRegister';
import { Outlet } from './outlet';
import { ConnectionStream } from './tlsStream';

/** A peer that takes nothing keeps our last bytes, and so our socket, for as long as it likes. */
const closeLimit = 10_000;

/**
 * A connected socket, and through which inlet it is read, if any: those that were accepted cannot have one. `undefined`
 * when the peer has gone already and the system forgot who it was.
 */
export function nodeConnection(socket: Socket, inlet?: Inlet): Connection | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress && localPort && remoteAddress && remotePort) {
    return new NodeConnection(
      socket,
      nodeEndpoint(localAddress, localPort),
      nodeEndpoint(remoteAddress, remotePort),
      inlet,
    );
  }
  // Without a listener, its error would be one of the process.
  socket.on('error', () => undefined);
  socket.destroy();
  return undefined;
}

class NodeConnection implements Connection {
  private readonly held: Disposable;
  private readonly outlet: Outlet;
  private receiver: Receiver | undefined;
  private failure: NetError | undefined;
  private paused = false;
  private closed = false;
  private reading = false;
  private ended = false;
  /** What an inlet brought before anybody read. */
  private early: Uint8Array | undefined;

  constructor(
    private readonly socket: Socket,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    private readonly inlet: Inlet | undefined,
  ) {
    this.held = nodeRegister.opened('connection', `${endpointText(local)} – ${endpointText(remote)}`);
    socket.on('error', (error) => this.fail(nodeFault(error, 'read')));
    socket.on('end', () => this.handleEnd());
    socket.on('close', () => this.held.dispose());
    this.outlet = new Outlet(socket);
    if (inlet) inlet.reader = (bytes) => this.handleRead(bytes);
  }

  receive(receiver: Receiver): void {
    if (this.closed) return;
    this.receiver = receiver;
    if (this.reading) return;
    this.reading = true;
    // Node's stream hands over nothing inside these calls: it flows from the next tick on.
    if (!this.inlet) this.socket.on('data', (bytes: Uint8Array) => this.receiver?.data(bytes));
    if (this.paused) this.socket.pause();
    else this.resume();
    if (this.ended) process.nextTick(() => this.receiver?.end());
    const { failure } = this;
    if (failure) process.nextTick(() => this.receiver?.fault(failure));
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.paused = false;
    if (this.early) process.nextTick(() => this.handOverEarly());
    else if (this.receiver) this.socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.outlet.write(bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return this.outlet.writeAll(parts);
  }

  drained(): Promise<void> {
    return this.outlet.drained();
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    this.detach();
    abandon(this.socket);
  }

  close(): void {
    const again = this.closed || this.socket.destroyed;
    this.detach();
    if (again) return;
    // Our FIN leaves before the next command does: a server that dials the default data port again finds the
    // pair free sooner (RFC 959 §3.3), and ProFTPD holds its 226 back until then. Node's end() takes a turn more.
    if (this.socket.readableEnded && this.socket.writableLength === 0) {
      this.socket.destroy();
      return;
    }
    // Sends what was written, then the FIN, then forgets the socket whatever the peer does.
    this.socket.destroySoon();
    const limit = setTimeout(() => abandon(this.socket), closeLimit);
    this.socket.once('close', () => clearTimeout(limit));
  }

  duplex(): ConnectionStream {
    return new ConnectionStream(this);
  }

  private handleEnd(): void {
    this.ended = true;
    if (this.reading) this.receiver?.end();
  }

  private handleRead(bytes: Uint8Array): boolean {
    const { receiver } = this;
    if (!this.reading) {
      this.early = bytes;
      this.socket.pause();
      return true;
    }
    receiver?.data(bytes);
    return receiver?.keeps === true;
  }

  private handOverEarly(): void {
    const { early, receiver } = this;
    if (!early || !receiver || this.paused) return;
    this.early = undefined;
    receiver.data(early);
    if (!this.paused) this.socket.resume();
  }

  private detach(): void {
    this.closed = true;
    this.receiver = undefined;
  }

  private fail(error: NetError): void {
    this.failure = error;
    this.outlet.fail(error);
    this.receiver?.fault(error);
  }
}

/**
 * RST, at once. Not while a FIN is still to leave: libuv refuses to reset then (EINVAL), and Node would never
 * close the handle; the system sends the RST itself when bytes arrive that nobody can read.
 */
function abandon(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
