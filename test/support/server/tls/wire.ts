import type { Connection, Receiver } from '../../../../src/ftp/net/network';
import type { ConnectionStream } from '../../../../src/ftp/net/tlsStream';
import type { TrafficRecord } from './traffic';

/** What a simulated connection can do beyond a real one. */
export interface SimulatedAbilities {
  /** Resolves when the peer's kernel has acknowledged our FIN: what SO_LINGER waits for. */
  readonly finAcknowledged?: Promise<void> | undefined;
  /** What is written from now on is ciphertext. */
  cipher?(): void;
}

/** A TCP connection whose receiver may be another one later: TLS takes it over, and CCC gives it back. */
export class Wire implements Connection, SimulatedAbilities {
  private receiver: Receiver | undefined;
  private readonly held: ((receiver: Receiver) => void)[] = [];
  private reading = false;

  constructor(
    private readonly connection: Connection & SimulatedAbilities,
    private readonly traffic?: TrafficRecord,
  ) {}

  get local(): Connection['local'] {
    return this.connection.local;
  }

  get remote(): Connection['remote'] {
    return this.connection.remote;
  }

  // A getter, and not read before it is needed: a real socket has none.
  get finAcknowledged(): Promise<void> | undefined {
    return this.connection.finAcknowledged;
  }

  /** Whoever received before hears no more. What came while nobody received is handed over within the call. */
  receive(receiver: Receiver): void {
    this.receiver = receiver;
    for (let next = this.held.shift(); next && this.receiver; next = this.held.shift()) next(this.receiver);
    if (this.reading) return;
    this.reading = true;
    this.connection.receive({
      data: (bytes) => this.data(bytes),
      end: () => this.pass((next) => next.end()),
      fault: (error) => this.pass((next) => next.fault(error)),
    });
  }

  /** Keeps what comes for the next receiver; `unread` before all else. */
  hold(unread?: Uint8Array): void {
    this.receiver = undefined;
    if (unread) this.held.push((receiver) => receiver.data(unread));
  }

  cipher(): void {
    this.connection.cipher?.();
  }

  pause(): void {
    this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  write(bytes: Uint8Array): boolean {
    this.traffic?.note('sent', bytes);
    return this.connection.write(bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    for (const bytes of parts) this.traffic?.note('sent', bytes);
    return this.connection.writeAll(parts);
  }

  drained(): Promise<void> {
    return this.connection.drained();
  }

  end(): void {
    this.connection.end();
  }

  reset(): void {
    this.connection.reset();
  }

  close(): void {
    this.connection.close();
  }

  duplex(): ConnectionStream {
    return this.connection.duplex();
  }

  private data(bytes: Uint8Array): void {
    this.traffic?.note('received', bytes);
    if (this.receiver) return this.receiver.data(bytes);
    const kept = bytes.slice();
    this.held.push((receiver) => receiver.data(kept));
  }

  private pass(call: (receiver: Receiver) => void): void {
    if (this.receiver) call(this.receiver);
    else this.held.push(call);
  }
}
