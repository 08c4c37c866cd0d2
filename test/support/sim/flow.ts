import type { Kernel } from './kernel';
import type { Segment } from './segment';
import type { SimHost } from './simHost';

/** Bytes of headers that a link of limited rate carries with every segment. */
const headerLength = 52;

/** Linux: a SYN is sent again after 1, 3, 7, 15, 31, 63 s (tcp_syn_retries). */
const openingRepeats = { first: 1_000, count: 6 };

/** Linux: 15 repeats, from 200 ms doubled up to 120 s, 924.6 s in all (tcp_retries2). */
const repeats = { first: 200, count: 15 };
const longestRepeat = 120_000;

/** One direction of a link. */
export interface Lane {
  readonly delay: number;
  readonly rate: number | undefined;
  /** When its sender has got rid of all bytes so far. */
  free: number;
}

/**
 * One direction of one connection: first in, first out. A segment that is dropped holds up those behind it
 * until one of its repeats gets through, which is what the receiver of a real TCP would see.
 */
export class Flow {
  private latest = 0;
  private waiting: Segment[] = [];
  private held = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly from: SimHost,
    private readonly to: SimHost,
    private readonly lane: number,
    private readonly gaveUp: () => void,
  ) {}

  send(segment: Segment): void {
    if (this.held) this.waiting.push(segment);
    else this.attempt(segment, 0);
  }

  private attempt(segment: Segment, tried: number): void {
    const sentAt = this.kernel.now;
    const verdict = this.from.world.verdict(segment, this.from, this.to);
    if (verdict === 'drop') return this.dropped(segment, tried, sentAt);
    const arrival = this.arrivalTime(segment, verdict === 'pass' ? 0 : verdict.after);
    this.kernel.schedule({
      after: arrival - sentAt,
      lane: this.lane,
      what: segment,
      fire: () => this.arrive(segment, tried, sentAt),
    });
  }

  private arrivalTime(segment: Segment, extra: number): number {
    const link = this.from.world.laneBetween(this.from, this.to);
    const size = segment.bytes.length + headerLength;
    const left = link.rate ? Math.max(this.kernel.now, link.free) + size / link.rate : this.kernel.now;
    if (link.rate) link.free = left;
    this.latest = Math.max(this.latest, left + link.delay + extra);
    return this.latest;
  }

  private arrive(segment: Segment, tried: number, sentAt: number): void {
    if (this.held) this.waiting.push(segment);
    else if (this.to.vanished) this.dropped(segment, tried, sentAt);
    else {
      record(this.kernel, segment);
      if (!this.to.arrived(segment)) this.dropped(segment, tried, sentAt);
    }
  }

  private dropped(segment: Segment, tried: number, sentAt: number): void {
    if (segment.rst) return;
    const plan = segment.syn ? openingRepeats : repeats;
    const last = tried === plan.count;
    const again = sentAt + Math.min(plan.first * 2 ** tried, longestRepeat);
    this.held = true;
    this.kernel.schedule({
      after: Math.max(0, again - this.kernel.now),
      lane: this.lane,
      what: `${last ? 'last wait for' : 'repeat of'} ${segment.toString()}`,
      fire: () => (last ? this.gaveUp() : this.again(segment, tried + 1)),
    });
  }

  private again(segment: Segment, tried: number): void {
    this.held = false;
    const behind = this.waiting.splice(0);
    this.attempt(segment, tried);
    for (const next of behind) this.send(next);
  }
}

function record({ hash }: Kernel, segment: Segment): void {
  for (const flag of [segment.syn, segment.fin, segment.rst]) hash.addNumber(flag ? 1 : 0);
  hash.addNumber(segment.bytes.length);
  if (!segment.secret) hash.addBytes(segment.bytes);
}
