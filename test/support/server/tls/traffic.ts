import { concatBytes } from '../../../../src/base/bytes';
import type { Endpoint } from '../../../../src/ftp/net/network';

/** The raw bytes of one TCP connection, below TLS. */
export interface Traffic {
  /** Counts the control connections from 1; data connections bear the number of theirs. */
  readonly session: number;
  readonly kind: 'control' | 'data';
  readonly remote: Endpoint;
  readonly received: Uint8Array;
  readonly sent: Uint8Array;
}

/** `Traffic` as it grows. */
export class TrafficRecord {
  private readonly chunks = { received: [] as Uint8Array[], sent: [] as Uint8Array[] };

  constructor(
    private readonly session: number,
    private readonly kind: 'control' | 'data',
    private readonly remote: Endpoint,
  ) {}

  note(direction: 'received' | 'sent', bytes: Uint8Array): void {
    this.chunks[direction].push(bytes.slice());
  }

  read(): Traffic {
    const { session, kind, remote, chunks } = this;
    return { session, kind, remote, received: concatBytes(chunks.received), sent: concatBytes(chunks.sent) };
  }
}

/** What is left of a stream of bytes when all whole TLS records (RFC 8446 §5.1) are taken out: what went in clear. */
export function clearBytes(stream: Uint8Array): Uint8Array {
  const clear: number[] = [];
  for (let at = 0; at < stream.length;) {
    const length = recordLength(stream, at);
    if (length === undefined) clear.push(stream[at++] ?? 0);
    else at += length;
  }
  return Uint8Array.from(clear);
}

/** Watches one direction of a connection for its last TLS record. */
export class LastRecord {
  private last = { type: 0, length: 0 };
  private header: number[] = [];
  private missing = 0;

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.missing > 0) {
        const skipped = Math.min(this.missing, bytes.length - at);
        this.missing -= skipped;
        at += skipped;
        continue;
      }
      this.header.push(bytes[at++] ?? 0);
      if (this.header.length === HEADER) this.begin();
    }
  }

  /** In TLS 1.3 an alert looks like any record of its length, and only files of two bytes are as short. */
  get isCloseNotify(): boolean {
    const { type, length } = this.last;
    return type === ALERT || (type === APPLICATION_DATA && length === ALERT_IN_TLS_1_3);
  }

  private begin(): void {
    const [type = 0, , , high = 0, low = 0] = this.header;
    this.header = [];
    this.missing = high * 256 + low;
    this.last = { type, length: this.missing };
  }
}

const ALERT = 21;
/** Level, description, content type, and the 16 bytes of an AEAD tag. */
const ALERT_IN_TLS_1_3 = 19;

/** Header and content; undefined: no TLS record begins here. A record that was cut off counts to the stream's end. */
export function recordLength(stream: Uint8Array, at: number): number | undefined {
  const [type = 0, major = 3, minor = 3, high = 0, low = 0] = stream.subarray(at, at + HEADER);
  const length = high * 256 + low;
  const fits = type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA && major === 3 && minor <= 4;
  return fits && length <= LONGEST ? HEADER + length : undefined;
}

/** Content type, version, length. */
export const HEADER = 5;
const CHANGE_CIPHER_SPEC = 20;
const APPLICATION_DATA = 23;
/** RFC 5246 §6.2.3: 2^14 bytes and what ciphers add. */
const LONGEST = 16_384 + 2_048;
