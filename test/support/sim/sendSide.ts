import type { Obstacle, Segment } from './segment';

/** Ethernet's 1500 bytes less the headers with TCP timestamps. */
export const maximumSegment = 1448;

/** Segments in flight at first (RFC 6928). */
const initialCongestionWindow = 10;

/** What the other side's receive buffer takes. */
export const receiveBuffer = 65_536;

/** So much may be written and not acknowledged before `write` says false. */
const highWater = 65_536;

/** Cuts one direction into segments, within the windows. Knows no time and no peer. */
export class SendSide {
  finished = false;
  private unsent: Uint8Array[] = [];
  private unsentLength = 0;
  private flight: Segment[] = [];
  private sent = 0;
  private acknowledged = 0;
  private edge = receiveBuffer;
  private congestionWindow = initialCongestionWindow;
  /** Most segments in flight at once so far. */
  private busiest = 0;
  private finSent = false;
  /** Why what is unsent could not leave. */
  private waitsFor: Obstacle | undefined;
  /** Count behind the last segment that was not full. */
  private smallUntil = 0;

  constructor(
    private readonly noDelay: boolean,
    private readonly emit: (bytes: Uint8Array, fin: boolean, until: number) => Segment,
  ) {}

  get hasRoom(): boolean {
    return this.sent - this.acknowledged + this.unsentLength < highWater;
  }

  get finWasSent(): boolean {
    return this.finSent;
  }

  get finAcknowledged(): boolean {
    return this.finSent && this.acknowledged === this.sent;
  }

  /** In one call. Keeps references, as Node does: the bytes must not change until they are acknowledged. */
  write(parts: readonly Uint8Array[]): void {
    for (const bytes of parts) {
      if (bytes.length > 0) this.unsent.push(bytes);
      this.unsentLength += bytes.length;
    }
    this.pump();
  }

  finish(): void {
    this.finished = true;
    this.pump();
  }

  acknowledge(count: number, edge: number): void {
    this.edge = Math.max(this.edge, edge);
    this.acknowledged = Math.max(this.acknowledged, count);
    let gone = 0;
    while ((this.flight[gone]?.until ?? Infinity) <= count) gone++;
    this.flight.splice(0, gone);
    // As Linux in slow start: as long as more than half of the window was ever used.
    if (this.congestionWindow < 2 * this.busiest) this.congestionWindow += gone;
    this.pump();
  }

  /** For a reset: what was not sent is forgotten; so are, on their way, the last `count` segments. */
  forget(count: (inFlight: number) => number): void {
    this.unsent = [];
    this.unsentLength = 0;
    const lost = count(this.flight.length);
    for (const segment of this.flight.slice(this.flight.length - lost)) segment.lost = true;
  }

  private pump(): void {
    while (this.unsentLength > 0) {
      const size = Math.min(maximumSegment, this.unsentLength, this.edge - this.sent);
      const obstacle = this.obstacleTo(size);
      if (obstacle) return void (this.waitsFor = obstacle);
      const last = this.finished && size === this.unsentLength;
      if (size < maximumSegment) this.smallUntil = this.sent + size;
      this.launch(this.take(size), last);
    }
    if (this.finished && !this.finSent) this.launch(new Uint8Array(0), true);
  }

  private obstacleTo(size: number): Obstacle | undefined {
    if (size <= 0) return 'window';
    if (this.flight.length >= this.congestionWindow) return 'window';
    if (size === maximumSegment) return undefined;
    // Shut by the receiver in mid-segment: waiting gives a full one (RFC 9293 §3.8.6.2.1).
    if (size < this.unsentLength) return this.flight.length === 0 ? undefined : 'window';
    // Nagle as in Linux: a small segment waits for another small one, unless it ends the stream.
    const mayBeSmall = this.noDelay || this.finished || this.smallUntil <= this.acknowledged;
    return mayBeSmall ? undefined : 'acknowledgement';
  }

  private launch(bytes: Uint8Array, fin: boolean): void {
    this.sent += bytes.length + (fin ? 1 : 0);
    this.finSent ||= fin;
    const segment = this.emit(bytes, fin, this.sent);
    segment.waitedFor = this.waitsFor;
    this.waitsFor = undefined;
    this.flight.push(segment);
    this.busiest = Math.max(this.busiest, this.flight.length);
  }

  private take(size: number): Uint8Array {
    this.unsentLength -= size;
    const taken = new Uint8Array(size);
    for (let filled = 0; filled < size;) {
      const first = this.unsent[0] ?? new Uint8Array(0);
      const part = first.subarray(0, size - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.unsent.shift();
      else this.unsent[0] = first.subarray(part.length);
    }
    return taken;
  }
}
