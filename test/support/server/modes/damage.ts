import type { Mode } from './mode';
import { descriptors, type ModeWriter, type Piece } from './piece';

/** How the server lies on data connections, for tests of the other side. */
export type Damage =
  /** The last thing sent announces bytes that never come; then it closes. */
  | 'long-count'
  /** Begins with a descriptor (in stream mode: a control code) that means nothing. */
  | 'unknown-descriptor'
  /** Closes without the end of the file. */
  | 'no-end'
  /** Says that all is well, keeps the connection, and never sends the end of the file. */
  | 'no-end-open'
  /** The same in compressed mode, but for an escape without the string that it is about (RFC 959 §3.4.3). */
  | 'bare-end-open'
  /** Goes on with fillers, or blocks of nothing, for as long as the client takes it. */
  | 'endless-filler'
  /** In MODE Z: what follows the header is no deflate data. */
  | 'garbage';

/** A writer that spoils what another one writes. */
export class DamagedWriter implements ModeWriter {
  private begun = false;

  constructor(
    private readonly whole: ModeWriter,
    private readonly mode: Mode,
    private readonly damage: Damage,
  ) {}

  write(piece: Piece): Uint8Array {
    const before = this.damage === 'unknown-descriptor' && !this.begun ? lies[this.mode].unknown : [];
    this.begun = true;
    const endless = this.damage !== 'unknown-descriptor' && this.damage !== 'garbage';
    const written = this.whole.write(endless ? { ...piece, endOfFile: false } : piece);
    return Uint8Array.from([...before, ...written, ...(piece.endOfFile ? this.falseEnd() : [])]);
  }

  private falseEnd(): readonly number[] {
    if (this.damage === 'bare-end-open') return [0, descriptors.endOfFile];
    return this.damage === 'long-count' ? lies[this.mode].longCount : [];
  }
}

/** Whether the data connection stays open after a file. */
export function keepsOpen(damage: Damage | undefined): boolean {
  return damage === undefined || damage === 'no-end-open' || damage === 'bare-end-open';
}

/** A thousand bytes or so of nothing. */
export function fillers(mode: Mode): Uint8Array {
  return Uint8Array.from(Array.from({ length: 300 }, () => lies[mode].filler).flat());
}

/** A zlib stream is spoilt behind its header of two bytes (RFC 1950 §2.2), and cut before its checksum. */
export function damagedDeflate(bytes: Uint8Array, first: boolean, last: boolean, damage: Damage): Uint8Array {
  const begin = first ? 2 : 0;
  if (damage === 'garbage') return bytes.map((byte, at) => (at < begin ? byte : ~byte));
  return last && damage === 'no-end' ? bytes.subarray(0, Math.max(0, bytes.length - 4)) : bytes;
}

const stream = { longCount: [255], unknown: [255, 7], filler: [0] };

const lies = {
  S: stream,
  Z: stream,
  B: { longCount: [0, 1, 0, 120], unknown: [15, 0, 1, 120], filler: [0, 0, 0] },
  C: { longCount: [127, 120], unknown: [0, 15, 1, 120], filler: [255] },
} as const;
