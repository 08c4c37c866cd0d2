// Theory of operation
//
//   Receiver  <-  SecureConnection  <-  TLSSocket  <-  ConnectionStream  <-  Connection
//
// node:tls does the cryptography over a stream that is ours, on a real socket as on a simulated one. Node is told to
// accept any certificate: what is wrong with it goes into `certificate.problems`, and the caller judges before it
// writes a byte. The peer's FIN never reaches node:tls. When it comes, all bytes before it have been deciphered; if
// node:tls has not seen a close_notify by then, there was none, and the receiver hears a fault, 'truncated'.
import { isIP } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { onAbort } from '../../base/abort';
import { Deferred } from '../../base/deferred';
import type { Certificate } from '../protocol/certificate';
import type { TlsDetails } from '../trace/wireEvent';
import { NetError, type Connection, type Receiver } from './network';
import { Outlet } from './outlet';
import { certificateOf } from './tlsCertificate';
import type { TlsContext } from './tlsContext';
import { handshakeFault, recordFault } from './tlsFault';
import { ConnectionStream } from './tlsStream';

export interface SecureHow {
  readonly context: TlsContext;
  /** Whom the certificate must name, and where. */
  readonly host: string;
  readonly port: number;
  /** A session to take up. */
  readonly ticket: Uint8Array | undefined;
  /** A session that can be taken up later; may come any time. `resumed`: this connection itself took one up. */
  onTicket(ticket: Uint8Array, protocol: string, resumed: boolean): void;
  readonly signal: AbortSignal;
}

export interface SecureConnection extends Connection {
  readonly tls: TlsDetails;
  /** Absent when a session was resumed: then it is that of the connection which the session comes from. */
  readonly certificate: Certificate | undefined;
  /** Ends TLS in both directions and answers the connection beneath, which goes on in clear text (RFC 4217 §6, CCC). */
  unwrap(signal: AbortSignal): Promise<Connection>;
}

/**
 * Shakes hands as the client; `connection` belongs to the result from then on, and is closed when it fails. Rejects
 * with `NetError`: 'handshake-failed' with a short reason, 'certificate-refused', 'aborted', or what broke below.
 */
export function secure(connection: Connection, how: SecureHow): Promise<SecureConnection> {
  if (how.signal.aborted) {
    connection.close();
    return Promise.reject(aborted());
  }
  return new Promise((fulfil, reject) => {
    const stream = connection.duplex();
    const socket = tls.connect({ socket: stream, ...optionsOf(how) });
    const fail = (error: Error): void => {
      watch.dispose();
      reject(handshakeFault(error, socket));
      connection.close();
      socket.destroy();
    };
    const close = (): void => fail(closedEarly());
    const watch = onAbort(how.signal, () => fail(aborted()));
    stream.watcher = { finished: close, failed: fail };
    // Stays for good: the last words of a socket that was given up are no error of the process.
    stream.on('error', () => undefined);
    socket.on('session', (ticket) => how.onTicket(ticket, protocolOf(socket), socket.isSessionReused()));
    socket.on('error', fail).on('close', close);
    socket.once('secureConnect', () => {
      watch.dispose();
      const certificate = certificateOf(socket, how, how.context);
      fulfil(new TlsConnection(connection, stream, socket, certificate));
      socket.off('error', fail).off('close', close);
    });
  });
}

function optionsOf({ context, host, ticket }: SecureHow): tls.ConnectionOptions {
  return {
    secureContext: context.secureContext,
    // A session belongs to the host that was asked for (Node 22.23, 24.17); an address is no server name (RFC 6066 §3).
    host,
    ...(!isIP(host) && { servername: host }),
    ...(ticket && { session: Buffer.from(ticket) }),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
}

class TlsConnection implements SecureConnection {
  readonly tls: TlsDetails;
  private readonly outlet: Outlet;
  private receiver: Receiver | undefined;
  private failure: NetError | undefined;
  private unwrapping: Deferred<void> | undefined;
  private reading = false;
  private paused = false;
  /** The peer has said close_notify. */
  private ended = false;
  private finished = false;
  private closed = false;

  constructor(
    private readonly beneath: Connection,
    private readonly stream: ConnectionStream,
    private readonly socket: TLSSocket,
    readonly certificate: Certificate | undefined,
  ) {
    // Asked now: a closed socket answers null.
    const resumed = socket.isSessionReused();
    this.tls = { protocol: protocolOf(socket), cipher: socket.getCipher().name, resumed };
    stream.watcher = { finished: () => this.handleFin(), failed: (error) => this.fail(error) };
    socket.on('error', (error: Error) => this.fail(recordFault(error)));
    socket.on('end', () => this.handleEnd());
    this.outlet = new Outlet(socket);
  }

  get local(): Connection['local'] {
    return this.beneath.local;
  }

  get remote(): Connection['remote'] {
    return this.beneath.remote;
  }

  receive(receiver: Receiver): void {
    if (this.closed) return;
    this.receiver = receiver;
    if (this.reading) return;
    this.reading = true;
    this.socket.on('data', (bytes: Uint8Array) => this.handleData(bytes));
    if (this.paused) this.socket.pause();
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
    if (this.reading) this.socket.resume();
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

  /** close_notify, then FIN. */
  end(): void {
    this.socket.end();
  }

  /** Without close_notify: the peer must not take what came for the whole. */
  reset(): void {
    this.detach();
    this.beneath.reset();
    this.socket.destroy();
  }

  close(): void {
    if (this.closed) return;
    this.detach();
    if (this.socket.destroyed) return this.beneath.close();
    // Nothing waits to be written: close_notify leaves inside end(), and the FIN right behind it. ProFTPD holds its
    // 226 back until then.
    const leavesNow = this.socket.writableLength + this.stream.writableLength === 0;
    this.stream.hurry();
    this.socket.end();
    if (leavesNow) this.leave();
    else this.socket.once('finish', () => this.leave());
  }

  duplex(): ConnectionStream {
    return new ConnectionStream(this);
  }

  async unwrap(signal: AbortSignal): Promise<Connection> {
    this.receiver = undefined;
    this.stream.spareConnection();
    const unwrapping = new Deferred<void>();
    this.unwrapping = unwrapping;
    const watch = onAbort(signal, () => unwrapping.reject(aborted()));
    this.socket.end();
    this.socket.resume();
    if (this.ended) unwrapping.resolve();
    try {
      await unwrapping.promise;
      return this.beneath;
    } finally {
      watch.dispose();
      this.closed = true;
      this.socket.destroy();
    }
  }

  private handleData(bytes: Uint8Array): void {
    this.receiver?.data(bytes);
    if (this.finished) this.handleFin();
  }

  private handleEnd(): void {
    this.ended = true;
    this.unwrapping?.resolve();
    this.receiver?.end();
  }

  /** All that came before the FIN must be read first: close_notify may be among it. */
  private handleFin(): void {
    if (!this.finished) this.stream.on('data', () => this.handleFin());
    this.finished = true;
    // Node tells the end of a stream by a next tick.
    setImmediate(() => {
      if (this.ended || this.failure || this.closed) return;
      if (this.stream.readableLength + this.socket.readableLength > 0) return;
      this.fail(new NetError('truncated', 'read', 'The connection ended without close_notify.'));
    });
  }

  private fail(error: NetError): void {
    if (this.failure) return;
    this.failure = error;
    this.outlet.fail(error);
    this.unwrapping?.reject(error);
    this.receiver?.fault(error);
  }

  private leave(): void {
    this.beneath.close();
    this.socket.destroy();
  }

  private detach(): void {
    this.closed = true;
    this.receiver = undefined;
  }
}

function protocolOf(socket: TLSSocket): string {
  return socket.getProtocol() ?? 'unknown';
}

function aborted(): NetError {
  return new NetError('aborted', 'handshake', 'The TLS handshake was aborted.');
}

function closedEarly(): NetError {
  return new NetError('handshake-failed', 'handshake', 'the server closed the connection');
}
