import type { Clock } from '../../base/clock';
import type { Tracer } from '../trace/tracer';

export interface MeterOptions {
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly operation: number;
  readonly direction: 'down' | 'up';
  readonly path: string;
  /** Bytes of the whole transfer, where known. */
  readonly total: number | undefined;
  readonly onProgress: ((bytes: number, total: number | undefined) => void) | undefined;
}

/** Tells of a transfer's bytes: once at the start, at most four times a second, once at the end. */
export class Meter {
  private told = -Infinity;
  private most = 0;

  constructor(private readonly options: MeterOptions) {
    this.tell(0, false);
  }

  update(bytes: number): void {
    if (this.options.clock.now() - this.told >= interval) this.tell(bytes, false);
  }

  finish(bytes: number): void {
    this.tell(bytes, true);
  }

  /** An upload that begins again is not seen to go back. */
  private tell(now: number, done: boolean): void {
    const bytes = Math.max(now, this.most);
    this.most = bytes;
    const { clock, tracer, operation, direction, path, total, onProgress } = this.options;
    this.told = clock.now();
    tracer.transfer({ operation, direction, path, bytes, done, ...(total !== undefined && { total }) });
    onProgress?.(bytes, total);
  }
}

/** Milliseconds: the status bar renders twice a second. */
const interval = 250;
