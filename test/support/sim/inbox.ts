import { concatBytes } from '../../../src/base/bytes';
import type { NetError, Receiver } from '../../../src/ftp/net/network';
import type { Cut } from './rules';
import type { SeededRandom } from './seed';

type Item = { kind: 'data'; bytes: Uint8Array } | { kind: 'end' } | { kind: 'fault'; error: NetError };

/** All connections are read through one buffer: who keeps what it was handed, and does not say so, sees it change. */
const readBuffer = new Uint8Array(65_536);
const overwritten = 0xdb;

/** What has arrived and was not handed over yet. */
export class Inbox {
  /** Bytes handed over so far. */
  consumed = 0;
  private items: Item[] = [];

  constructor(
    private readonly cut: Cut,
    private readonly merge: boolean,
    private readonly random: SeededRandom,
  ) {}

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  get hasData(): boolean {
    return this.items.some(({ kind }) => kind === 'data');
  }

  add(item: Item): void {
    this.items.push(item);
  }

  dropData(): void {
    this.items = this.items.filter(({ kind }) => kind !== 'data');
  }

  /** A fault that does not wait for a paused reader. */
  get urgent(): boolean {
    return this.items[0]?.kind === 'fault';
  }

  /** Makes one call, if there is anything to tell. */
  handOver(receiver: Receiver): void {
    const item = this.items.shift();
    if (item?.kind === 'data') this.handOverData(receiver, this.next(item.bytes));
    if (item?.kind === 'end') receiver.end();
    if (item?.kind === 'fault') receiver.fault(item.error);
  }

  private handOverData(receiver: Receiver, bytes: Uint8Array): void {
    if (receiver.keeps) return receiver.data(Uint8Array.from(bytes));
    receiver.data(bytes);
    bytes.fill(overwritten);
  }

  private next(first: Uint8Array): Uint8Array {
    const bytes = this.merge ? this.joined(first) : first;
    const length = this.cutLength(bytes.length);
    if (length < bytes.length) this.items.unshift({ kind: 'data', bytes: bytes.subarray(length) });
    this.consumed += length;
    readBuffer.set(bytes.subarray(0, length));
    return readBuffer.subarray(0, length);
  }

  private joined(first: Uint8Array): Uint8Array {
    const parts = [first];
    for (let next = this.items[0]; next?.kind === 'data'; next = this.items[0]) {
      parts.push(next.bytes);
      this.items.shift();
    }
    return concatBytes(parts);
  }

  private cutLength(available: number): number {
    const { cut } = this;
    if (cut === 'whole') return available;
    if (cut === 'every-byte') return 1;
    if (cut === 'seeded') return 1 + this.random.below(available);
    const offset = cut.find((candidate) => candidate > this.consumed) ?? Infinity;
    return Math.min(available, offset - this.consumed);
  }
}
