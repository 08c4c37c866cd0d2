import { Duplex } from 'node:stream';
import { NetError } from '../../../../src/ftp/net/network';
import { LastRecord } from './traffic';
import type { Wire } from './wire';

/** What goes wrong with a handshake. */
export type HandshakeFault =
  /** FIN in the middle of our first flight. */
  | 'close'
  | 'reset'
  /** The second half of our first flight never comes. */
  | 'stall'
  /** handshake_failure (RFC 8446 §6.2), then FIN. */
  | 'alert'
  /** Text in place of a ServerHello. */
  | 'plain'
  /** On a data connection: not the control connection's. On a control connection: not the one of the settings. */
  | 'other-certificate'
  /** Nothing is resumed, whatever is offered. */
  | 'forgotten-session';

interface Watch {
  ended(): void;
  failed(error: NetError): void;
}

/** A wire as a stream of Node, for node:tls; spoils the first flight if it has to. */
export class WireDuplex extends Duplex {
  /** FIN is left to somebody else: after CCC the connection goes on. */
  keepsOpen = false;
  /** What came, as records. */
  readonly records = new LastRecord();
  private silent = false;

  constructor(
    private readonly wire: Wire,
    private readonly watch: Watch,
    private fault: HandshakeFault | undefined,
  ) {
    super({ allowHalfOpen: true });
  }

  /** Ciphertext that came. */
  feed(bytes: Uint8Array): void {
    if (!this.destroyed && !this.push(Uint8Array.from(bytes))) this.wire.pause();
  }

  startReading(): void {
    this.wire.receive({
      data: (bytes) => {
        this.records.push(bytes);
        this.feed(bytes);
      },
      end: () => {
        if (!this.destroyed) this.push(null);
        this.watch.ended();
      },
      fault: (error) => this.watch.failed(error),
    });
  }

  override _read(): void {
    this.wire.resume();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault && isSpoiling(fault)) this.spoil(fault, bytes);
    else if (!this.silent && !this.wire.write(bytes)) {
      this.wire.drained().then(() => done(), done);
      return;
    }
    done();
  }

  override _final(done: () => void): void {
    if (!this.keepsOpen && !this.silent) this.wire.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.keepsOpen && !this.silent) this.wire.close();
    done(error);
  }

  private spoil(fault: HandshakeFault, flight: Uint8Array): void {
    this.silent = true;
    if (fault === 'plain') this.wire.write(PLAIN);
    else if (fault === 'alert') this.wire.write(ALERT);
    else this.wire.write(flight.subarray(0, flight.length >> 1));
    if (fault === 'reset') this.wire.reset();
    if (fault === 'close' || fault === 'alert') this.wire.end();
    if (fault !== 'stall') this.watch.failed(new NetError('aborted', 'handshake', `Told to fail: ${fault}`));
  }
}

/** The others are matters of the context. */
function isSpoiling(fault: HandshakeFault): boolean {
  return fault !== 'other-certificate' && fault !== 'forgotten-session';
}

const PLAIN = Buffer.from('220 No TLS here.\r\n');
const ALERT = Uint8Array.of(21, 3, 3, 0, 2, 2, 40);
