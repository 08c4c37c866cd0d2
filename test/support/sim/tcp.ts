import { Deferred } from '../../../src/base/deferred';
import { ConnectionStream } from '../../../src/ftp/net/tlsStream';
import { NetError, type Connection, type Endpoint, type Receiver } from '../../../src/ftp/net/network';
import { Acknowledger } from './acknowledger';
import type { SimEvent } from './eventQueue';
import { Flow } from './flow';
import { Inbox } from './inbox';
import { endpointKey, Segment, type SegmentParts } from './segment';
import { receiveBuffer, SendSide } from './sendSide';
import type { SimHost } from './simHost';

/** A closed socket that waits for the peer's FIN is forgotten after a minute (Linux, tcp_fin_timeout). */
export const orphanLimit = 60_000;

/** What the event is called in which a side learns it. */
export const finAcknowledged = 'FIN acknowledged';

export interface SimConnectionOptions {
  readonly host: SimHost;
  readonly peer: SimHost;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly noDelay: boolean;
  /** Bound before it connected: its port may be listened on. */
  readonly bound: boolean;
  readonly lane: number;
  /** The handshake is done; or it failed. */
  readonly opened: (connection: SimConnection) => void;
  readonly failed: (error: NetError) => void;
}

type Phase = 'opening' | 'open' | 'dead';

/** One side of a simulated connection: a small TCP under the seam's interface. */
export class SimConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly bound: boolean;
  private phase: Phase = 'opening';
  private readonly sender: SendSide;
  private readonly inbox: Inbox;
  private readonly flow: Flow;
  private readonly acknowledger: Acknowledger;
  private receiver: Receiver | undefined;
  private ciphered = false;
  private paused = false;
  private closed = false;
  private failure: NetError | undefined;
  private room: Deferred<void> | undefined;
  private readonly fin = new Deferred<void>();
  private finReceived = false;
  private finSentFirst = false;
  private received = 0;
  private advertised = receiveBuffer;
  private delivery: SimEvent | undefined;
  private orphanedAt: number | undefined;

  constructor(private readonly options: SimConnectionOptions) {
    const { host, peer, lane } = options;
    this.local = options.local;
    this.remote = options.remote;
    this.bound = options.bound;
    this.sender = new SendSide(options.noDelay, (bytes, fin, until) => this.transmit({ bytes, fin, until }));
    this.inbox = new Inbox(host.cutFor(this), host.merge, host.random.fork(`cut ${this.toString()}`));
    this.acknowledger = new Acknowledger(host, lane, this.toString(), () => this.transmit({}));
    this.flow = new Flow(host.world.kernel, host, peer, lane, () => this.die('timed-out'));
  }

  /** Resolves when our FIN is acknowledged, which only a simulated socket can tell (SO_LINGER waits so). */
  get finAcknowledged(): Promise<void> {
    return this.fin.promise;
  }

  /** Somebody on this host still holds it. */
  get held(): boolean {
    return this.phase !== 'dead' && !this.closed && !(this.sender.finAcknowledged && this.finReceived);
  }

  /** Its port pair is taken. */
  get occupies(): boolean {
    return this.orphanedAt === undefined || this.kernel.now < this.orphanedAt + orphanLimit;
  }

  receive(receiver: Receiver): void {
    if (this.closed) return;
    this.receiver = receiver;
    this.deliverLater();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.deliverLater();
  }

  write(bytes: Uint8Array): boolean {
    return this.writeAll([bytes]);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    if (this.phase === 'dead') this.failWrite();
    if (!this.writable) return false;
    this.sender.write(parts);
    return this.sender.hasRoom;
  }

  drained(): Promise<void> {
    if (!this.writable) return Promise.reject(this.failure ?? this.error('broken-pipe', 'write'));
    if (this.sender.hasRoom) return Promise.resolve();
    this.room ??= new Deferred<void>();
    return this.room.promise;
  }

  end(): void {
    if (this.writable) this.sender.finish();
  }

  reset(): void {
    const wasOpen = this.phase !== 'dead';
    this.detach();
    if (!wasOpen) return;
    // On their way but not read yet: what a reset makes the other side lose is the seed's to choose.
    const keepsAll = this.options.peer.resetShape === 'error';
    this.sender.forget((inFlight) => (keepsAll ? 0 : this.options.host.random.below(inFlight + 1)));
    this.transmit({ rst: true });
    this.die('aborted');
  }

  close(): void {
    if (this.closed || this.phase === 'dead') return this.detach();
    // Unread bytes: the peer learns that they were not wanted (RFC 2525 §2.17).
    if (this.inbox.hasData) return this.reset();
    this.detach();
    if (!this.sender.finished) this.sender.finish();
    this.noteOrphan();
  }

  duplex(): ConnectionStream {
    const stream = new ConnectionStream(this);
    this.cipher();
    return stream;
  }

  /** What is written from now on is ciphertext: other bytes in each run, of the same length. */
  cipher(): void {
    this.ciphered = true;
  }

  /** Sends the SYN, or the SYN-ACK. */
  open(): void {
    this.transmit({ syn: true });
  }

  /** The host is gone or the attempt aborted: no word to anybody. */
  vanish(): void {
    this.detach();
    this.die('aborted');
  }

  arrived(segment: Segment): void {
    if (segment.rst) return this.wasReset();
    if (this.phase === 'opening') this.opened(segment);
    if (segment.syn) return;
    this.acknowledge(segment);
    if (!segment.lost) this.take(segment);
    this.leaveIfDone();
  }

  toString(): string {
    return `${endpointKey(this.local)} – ${endpointKey(this.remote)}`;
  }

  private get kernel(): SimHost['world']['kernel'] {
    return this.options.host.world.kernel;
  }

  private get writable(): boolean {
    return this.phase !== 'dead' && !this.sender.finished;
  }

  private opened(segment: Segment): void {
    this.phase = 'open';
    if (segment.syn) this.transmit({});
    this.kernel.enter(() => this.options.opened(this));
  }

  private acknowledge({ acknowledged, edge }: Segment): void {
    this.sender.acknowledge(acknowledged, edge);
    if (this.sender.finAcknowledged && !this.fin.settled) {
      this.later(finAcknowledged, () => this.fin.resolve());
    }
    const { room } = this;
    if (room && this.sender.hasRoom) {
      this.room = undefined;
      this.later('drained', () => room.resolve());
    }
    if (this.closed) this.noteOrphan();
  }

  private take(segment: Segment): void {
    const length = segment.bytes.length;
    if (length > 0 && this.closed) {
      // Nobody will read it.
      this.transmit({ rst: true });
      return this.die('aborted');
    }
    if (length === 0 && !segment.fin) return;
    this.received += length + (segment.fin ? 1 : 0);
    if (length > 0) this.inbox.add({ kind: 'data', bytes: segment.bytes });
    if (segment.fin) this.takeFin();
    this.acknowledger.arrived(length);
    if (!this.delivery) this.deliver();
  }

  private takeFin(): void {
    this.finReceived = true;
    this.finSentFirst = this.sender.finWasSent;
    this.inbox.add({ kind: 'end' });
  }

  /** Hands over one thing; the rest in events of their own, so that code runs once in each. */
  private deliver(): void {
    const { receiver } = this;
    if (!receiver || (this.paused && !this.inbox.urgent) || this.inbox.isEmpty) return;
    this.kernel.enter(() => this.inbox.handOver(receiver));
    this.openWindow();
    this.deliverLater();
  }

  private deliverLater(): void {
    if (this.delivery || !this.receiver || this.inbox.isEmpty) return;
    this.delivery = this.schedule('delivery', () => {
      this.delivery = undefined;
      this.deliver();
    });
  }

  /** Tells a sender that was stopped by our full buffer, as soon as half of it is free again. */
  private openWindow(): void {
    const edge = this.inbox.consumed + receiveBuffer;
    const stopped = this.phase === 'open' && !this.finReceived;
    if (stopped && edge - this.advertised >= receiveBuffer / 2) this.transmit({});
  }

  private transmit(parts: SegmentParts): Segment {
    this.acknowledger.left(parts.bytes?.length ?? 0);
    this.advertised = this.inbox.consumed + receiveBuffer;
    const { ciphered } = this;
    const segment = new Segment(this.local, this.remote, parts, this.received, this.advertised, ciphered);
    this.flow.send(segment);
    return segment;
  }

  private wasReset(): void {
    const opening = this.phase === 'opening';
    // Linux: a reset after the peer's FIN is EPIPE.
    const fault = opening ? 'refused' : this.finReceived ? 'broken-pipe' : 'reset';
    this.die(fault);
  }

  private die(fault: 'timed-out' | 'refused' | 'reset' | 'broken-pipe' | 'aborted'): void {
    if (this.phase === 'dead') return;
    const opening = this.phase === 'opening';
    this.phase = 'dead';
    this.options.host.forget(this);
    const failure = this.error(fault, opening ? 'connect' : 'read');
    this.failure = failure;
    if (opening) this.kernel.enter(() => this.options.failed(failure));
    this.later('failure', () => {
      this.room?.reject(failure);
      this.fin.reject(failure);
    });
    if (!opening && !this.closed) this.tell(failure);
  }

  private tell(failure: NetError): void {
    // Only behind data does a reset look like an end.
    const shown = failure.fault === 'reset' && this.received > 0;
    const shape = shown ? this.options.host.resetShape : 'error';
    if (shape === 'error-losing-data') this.inbox.dropData();
    if (shape === 'as-end') this.failure = undefined;
    this.inbox.add(shape === 'as-end' ? { kind: 'end' } : { kind: 'fault', error: failure });
    this.deliverLater();
  }

  /** A reset that looked like an end shows itself at the first write. */
  private failWrite(): void {
    if (this.failure || this.closed || this.sender.finished) return;
    this.failure = this.error('broken-pipe', 'write');
    this.inbox.add({ kind: 'fault', error: this.failure });
    this.deliverLater();
  }

  private leaveIfDone(): void {
    if (this.phase !== 'open' || !this.sender.finAcknowledged || !this.finReceived) return;
    this.phase = 'dead';
    this.options.host.leave(this, this.finSentFirst);
  }

  private detach(): void {
    this.closed = true;
    this.receiver = undefined;
  }

  private noteOrphan(): void {
    if (this.sender.finAcknowledged) this.orphanedAt ??= this.kernel.now;
  }

  private later(what: string, work: () => void): void {
    this.schedule(what, () => this.kernel.enter(work));
  }

  private schedule(what: string, fire: () => void): SimEvent {
    return this.kernel.schedule({
      after: 0,
      lane: this.options.lane,
      what: `${what} ${this.toString()}`,
      fire,
    });
  }

  private error(fault: NetError['fault'], during: NetError['during']): NetError {
    return new NetError(fault, during, `${this.toString()}: ${fault}`);
  }
}
