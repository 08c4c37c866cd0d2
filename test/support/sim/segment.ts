import type { Endpoint } from '../../../src/ftp/net/network';

export type SegmentParts = Partial<Pick<Segment, 'syn' | 'fin' | 'rst' | 'bytes' | 'until'>>;

/** The congestion or receive window is full; or Nagle's algorithm waits for an acknowledgement. */
export type Obstacle = 'window' | 'acknowledgement';

/** What travels. Streams are counted in bytes from 0; a FIN counts as one byte at the end. */
export class Segment {
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly bytes: Uint8Array;
  /** Count of the stream behind this segment. */
  readonly until: number;
  /** Set when a reset overtakes it: it arrives and does nothing (see `ResetShape`). */
  lost = false;
  /** What kept it from leaving at once. */
  waitedFor: Obstacle | undefined;

  constructor(
    readonly from: Endpoint,
    readonly to: Endpoint,
    parts: SegmentParts,
    /** So much of the other direction has arrived, in order. */
    readonly acknowledged = 0,
    /** The other side may send up to this count. */
    readonly edge = 0,
    /** Ciphertext: its content is no part of the event hash. */
    readonly secret = false,
  ) {
    this.syn = parts.syn ?? false;
    this.fin = parts.fin ?? false;
    this.rst = parts.rst ?? false;
    this.bytes = parts.bytes ?? nothing;
    this.until = parts.until ?? 0;
  }

  get flags(): string {
    return (this.syn ? 'S' : '') + (this.fin ? 'F' : '') + (this.rst ? 'R' : '') || '.';
  }

  toString(): string {
    return `${endpointKey(this.from)} > ${endpointKey(this.to)} [${this.flags}] ${this.bytes.length} bytes`;
  }
}

const nothing = new Uint8Array(0);

export function endpointKey({ host, port, family }: Endpoint): string {
  return family === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
