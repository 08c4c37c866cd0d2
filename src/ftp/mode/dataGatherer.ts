import type { Decoded, Emit } from './decoder';

/** Joins data that comes in many small pieces, and keeps its place among everything else. */
export class DataGatherer {
  private readonly store = new Uint8Array(storeBytes);
  private length = 0;

  /** No piece of data may be longer than `storeBytes`. */
  put(decoded: Decoded, emit: Emit): void {
    if (decoded.kind !== 'data') {
      this.flush(emit);
      emit(decoded);
      return;
    }
    if (this.length + decoded.bytes.length > storeBytes) this.flush(emit);
    this.store.set(decoded.bytes, this.length);
    this.length += decoded.bytes.length;
  }

  /** Emits what was put. */
  flush(emit: Emit): void {
    const bytes = this.store.slice(0, this.length);
    this.length = 0;
    if (bytes.length > 0) emit({ kind: 'data', bytes });
  }
}

/** What arrives at once is 64 KiB at most; fillers may make 63 times that, which must not all lie in memory. */
export const storeBytes = 32 * 1024;
