import type { Outside } from '../../../src/base/outside';

/**
 * Real work (compression, the disk), declared: the kernel stops time until it is done. One at a time, in
 * order of start, so that threads which finish in another order do not make runs differ.
 */
export class SimOutside implements Outside {
  private last: Promise<unknown> = Promise.resolve();
  private running: string[] = [];

  get busy(): boolean {
    return this.running.length > 0;
  }

  run<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.running.push(what);
    const result = this.last.then(work).finally(() => this.running.shift());
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Until all that is running now has ended. */
  async next(): Promise<void> {
    await this.last;
  }

  list(): string[] {
    return [...this.running];
  }
}
