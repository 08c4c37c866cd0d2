import type { Duplex } from 'node:stream';
import tls, { type TLSSocket } from 'node:tls';
import { concatBytes } from '../../../../src/base/bytes';
import { Deferred } from '../../../../src/base/deferred';
import { NetError, type Connection, type Receiver } from '../../../../src/ftp/net/network';
import { ConnectionStream } from '../../../../src/ftp/net/tlsStream';
import { recordLength } from './traffic';
import type { Wire } from './wire';
import { WireDuplex, type HandshakeFault } from './wireDuplex';

/** What came of a handshake. */
export interface Handshake {
  /** `TLSv1.3`. */
  readonly protocol: string;
  readonly resumed: boolean;
  /** The peer's certificate, DER. */
  readonly certificate: Uint8Array | undefined;
}

export interface TlsHow {
  readonly role: 'server' | 'client';
  readonly context: tls.SecureContext;
  readonly clientCertificate?: 'asked' | 'required';
  readonly closeNotify: boolean;
  readonly fault?: HandshakeFault;
}

/** TLS over a wire, seen as a connection again. */
export class TlsConnection implements Connection {
  private readonly done = new Deferred<Handshake>();
  private readonly stream: WireDuplex;
  private readonly socket: TLSSocket;
  private receiver: Receiver | undefined;
  private room: Deferred<void> | undefined;
  private unwritten = 0;
  private ending = false;
  private endsBare = false;
  private closing = false;
  private dead = false;

  constructor(
    private readonly wire: Wire,
    private readonly how: TlsHow,
  ) {
    wire.cipher();
    this.stream = new WireDuplex(
      wire,
      { ended: () => this.fail('The peer closed in mid-handshake.'), failed: (error) => this.broken(error) },
      how.fault,
    );
    this.socket = how.role === 'server' ? serverSide(this.stream, how) : clientSide(this.stream, how);
    this.socket.once(how.role === 'server' ? 'secure' : 'secureConnect', () => this.shaken());
    this.socket.on('error', (error: Error) => this.failed(error));
    this.stream.on('error', () => undefined);
    this.socket.on('drain', () => this.room?.resolve());
    this.socket.on('close', () => {
      this.room?.reject(gone());
      this.fail('Closed in mid-handshake.');
    });
    this.stream.startReading();
  }

  /** Rejects with a `NetError`. */
  get handshake(): Promise<Handshake> {
    return this.done.promise;
  }

  /** The last that came was close_notify. */
  get endedProperly(): boolean {
    return this.stream.records.isCloseNotify;
  }

  get local(): Connection['local'] {
    return this.wire.local;
  }

  get remote(): Connection['remote'] {
    return this.wire.remote;
  }

  get finAcknowledged(): Promise<void> | undefined {
    return this.wire.finAcknowledged;
  }

  receive(receiver: Receiver): void {
    this.receiver = receiver;
    this.socket.on('data', (bytes: Uint8Array) => this.receiver?.data(bytes));
    this.socket.on('end', () => this.receiver?.end());
    // An empty upload: Node says 'end' also when nobody reads yet.
    if (this.socket.readableEnded) process.nextTick(() => this.receiver?.end());
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (!this.socket.writable) return false;
    this.unwritten++;
    return this.socket.write(bytes, () => {
      this.unwritten--;
      this.endBareNow();
    });
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return this.write(concatBytes(parts));
  }

  drained(): Promise<void> {
    if (!this.socket.writable) return Promise.reject(gone());
    if (!this.socket.writableNeedDrain) return Promise.resolve();
    if (!this.room || this.room.settled) this.room = new Deferred<void>();
    return this.room.promise;
  }

  end(): void {
    if (this.ending) return;
    this.ending = true;
    if (this.how.closeNotify) this.socket.end();
    else this.endBare();
  }

  /** FIN without close_notify: what an attacker can bring about, and what some servers do. */
  endBare(): void {
    this.ending = true;
    this.endsBare = true;
    this.endBareNow();
  }

  reset(): void {
    this.receiver = undefined;
    this.wire.reset();
    this.socket.destroy();
  }

  close(): void {
    this.receiver = undefined;
    if (this.closing) return;
    this.closing = true;
    this.end();
    const leave = (): void => {
      this.wire.close();
      this.socket.destroy();
    };
    if (this.socket.writableFinished || this.socket.destroyed || this.dead || !this.done.settled) leave();
    else if (!this.endsBare) this.socket.once('finish', leave);
  }

  /** close_notify, and no FIN: what comes in clear behind the peer's own goes to `clear` (RFC 4217 §6, CCC). */
  async leave(clear: Receiver): Promise<void> {
    this.receiver = undefined;
    this.stream.keepsOpen = true;
    this.wire.receive(new RecordsFirst(this.stream, this.wire, clear));
    await new Promise<void>((resolve) => this.socket.end(resolve));
  }

  duplex(): ConnectionStream {
    return new ConnectionStream(this);
  }

  private endBareNow(): void {
    if (!this.endsBare || this.unwritten > 0) return;
    this.wire.end();
    if (this.closing) {
      this.wire.close();
      this.socket.destroy();
    }
  }

  private shaken(): void {
    const { socket } = this;
    const certificate: Uint8Array | undefined = socket.getPeerCertificate().raw;
    this.done.resolve({
      protocol: socket.getProtocol() ?? '',
      resumed: socket.isSessionReused(),
      certificate,
    });
  }

  private failed(error: Error): void {
    this.broken(new NetError('handshake-failed', 'handshake', error.message, { cause: error }));
  }

  private fail(message: string): void {
    if (!this.done.settled) this.broken(new NetError('handshake-failed', 'handshake', message));
  }

  private broken(error: NetError): void {
    const { receiver } = this;
    this.receiver = undefined;
    this.dead = true;
    this.done.reject(error);
    receiver?.fault(error);
  }
}

/** Feeds whole TLS records to the stream that is about to end, and from the first other byte on somebody else. */
class RecordsFirst implements Receiver {
  private missing = 0;

  constructor(
    private readonly stream: WireDuplex,
    private readonly wire: Wire,
    private readonly clear: Receiver,
  ) {}

  data(bytes: Uint8Array): void {
    let at = Math.min(this.missing, bytes.length);
    this.missing -= at;
    while (at < bytes.length && this.missing === 0) {
      const length = recordLength(bytes, at);
      if (length === undefined) break;
      this.missing = Math.max(0, at + length - bytes.length);
      at = Math.min(bytes.length, at + length);
    }
    if (at > 0) this.stream.feed(bytes.subarray(0, at));
    if (at === bytes.length) return;
    this.wire.receive(this.clear);
    this.clear.data(bytes.subarray(at));
  }

  end(): void {
    this.clear.end();
  }

  fault(error: NetError): void {
    this.clear.fault(error);
  }
}

function serverSide(stream: Duplex, { context, clientCertificate }: TlsHow): TLSSocket {
  return new tls.TLSSocket(stream, {
    isServer: true,
    secureContext: context,
    requestCert: clientCertificate !== undefined,
    rejectUnauthorized: clientCertificate === 'required',
  });
}

/** CPSV and SSCN: the other server's certificate is not our business in a test. */
function clientSide(stream: Duplex, { context }: TlsHow): TLSSocket {
  return tls.connect({ socket: stream, secureContext: context, rejectUnauthorized: false });
}

function gone(): NetError {
  return new NetError('broken-pipe', 'write', 'The connection is closed for writing.');
}
