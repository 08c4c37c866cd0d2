import type { Connection, Endpoint, NetError, Receiver } from '../net/network';
import type { RendezvousMethod, TlsDetails } from '../trace/wireEvent';

/**
 * A data connection, which may serve one file after another (RFC 959 §3.3). Whoever uses it attaches, and detaches when
 * its file has ended; in between it is watched, so that a close by the server is noticed at once.
 */
export class DataConnection implements Receiver {
  private user: Receiver | undefined;
  private started = false;
  /** Our end is, or was, the first to close: its port rests in TIME-WAIT afterwards. */
  closedFirst = false;
  private over = false;
  private hasBrought = false;
  private orphaned = false;
  /** What came between the transfer command and its user, in order. */
  private early: ((user: Receiver) => void)[] | undefined;
  /** Told when it ends, or brings bytes, while nobody expects any. */
  private gone: (() => void) | undefined;

  constructor(
    private readonly connection: Connection,
    readonly method: RendezvousMethod,
  ) {}

  get local(): Endpoint {
    return this.connection.local;
  }

  get remote(): Endpoint {
    return this.connection.remote;
  }

  /** Absent in clear text. */
  get tls(): TlsDetails | undefined {
    return this.connection.tls;
  }

  get keeps(): boolean {
    return this.user?.keeps === true;
  }

  /** Fit for another file: open, and nothing came that belongs to none. */
  get isReusable(): boolean {
    return !this.over && !this.orphaned && !this.user;
  }

  /** It has ended without a byte. */
  get isBarren(): boolean {
    return this.over && !this.hasBrought;
  }

  /** Reads though nobody is attached, so that a close by the server is noticed. */
  watch(gone: () => void): void {
    this.gone = gone;
    this.started = true;
    this.connection.receive(this);
  }

  /** The transfer command goes out: what comes from now on is for whoever attaches. */
  expect(): void {
    this.gone = undefined;
    if (!this.started) return;
    this.early = [];
    this.connection.pause();
  }

  attach(user: Receiver): void {
    this.user = user;
    if (this.early) this.handOver(user, this.early);
    else if (this.started) this.connection.resume();
    else this.connection.receive(this);
    this.started = true;
  }

  /** The file has ended; the connection stays. */
  detach(): void {
    this.user = undefined;
  }

  data(bytes: Uint8Array): void {
    this.hasBrought = true;
    if (this.early) {
      const copy = Uint8Array.from(bytes);
      this.early.push((user) => user.data(copy));
      return;
    }
    if (this.user) return this.user.data(bytes);
    this.orphaned = true;
    this.gone?.();
  }

  end(): void {
    this.over = true;
    if (this.early) return void this.early.push((user) => user.end());
    if (this.user) return this.user.end();
    this.connection.close();
    this.gone?.();
  }

  fault(error: NetError): void {
    this.over = true;
    if (this.early) this.early.push((user) => user.fault(error));
    else if (this.user) this.user.fault(error);
    else this.gone?.();
  }

  pause(): void {
    this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.connection.write(bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return this.connection.writeAll(parts);
  }

  drained(): Promise<void> {
    return this.connection.drained();
  }

  /** FIN: in stream mode the end of the file. */
  finish(): void {
    this.closedFirst = !this.over;
    this.connection.end();
  }

  close(): void {
    this.closedFirst ||= !this.over;
    this.over = true;
    this.connection.close();
  }

  reset(): void {
    this.over = true;
    this.connection.reset();
  }

  /**
   * A reset does not wait for a reader, and of an empty file Node tells the end also while the socket is paused.
   * Receivers are never called from inside a call of theirs.
   */
  private handOver(user: Receiver, early: readonly ((user: Receiver) => void)[]): void {
    const tell = (): void => {
      this.early = undefined;
      if (!this.over) this.connection.resume();
      for (const event of early) if (this.user === user) event(user);
    };
    Promise.resolve().then(tell, () => undefined);
  }
}
