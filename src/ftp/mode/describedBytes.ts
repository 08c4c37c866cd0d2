import { endOfFileCode, endOfRecordCode, restartMarkerCode, suspectCode } from './descriptor';
import { receivedMarker, roomForMarker } from './restartMarker';
import type { Emit } from './decoder';

/** The bytes that one descriptor is about: a block, or a string of compressed mode. They are data or a marker. */
export class DescribedBytes {
  /** Bytes still to come. */
  left: number;
  private readonly marker: Uint8Array | undefined;

  constructor(
    private readonly descriptor: number,
    count: number,
    emit: Emit,
  ) {
    this.left = count;
    this.marker = this.has(restartMarkerCode) ? roomForMarker(count) : undefined;
    if (this.has(suspectCode)) emit({ kind: 'suspect' });
  }

  get endsRecord(): boolean {
    return this.has(endOfRecordCode);
  }

  get endsFile(): boolean {
    return this.has(endOfFileCode);
  }

  /** Takes what is its own from `bytes`, beginning at `offset`, and returns the offset behind that. */
  take(bytes: Uint8Array, offset: number, emit: Emit): number {
    const own = bytes.subarray(offset, offset + this.left);
    if (this.marker) this.marker.set(own, this.marker.length - this.left);
    else emit({ kind: 'data', bytes: own });
    this.left -= own.length;
    return offset + own.length;
  }

  /** Once nothing is left: says what stands at the end of these bytes. */
  finish(emit: Emit): void {
    if (this.marker) emit({ kind: 'restart-marker', marker: receivedMarker(this.marker) });
    if (this.endsRecord) emit({ kind: 'end-of-record' });
    if (this.endsFile) emit({ kind: 'end-of-file' });
  }

  private has(code: number): boolean {
    return (this.descriptor & code) !== 0;
  }
}
