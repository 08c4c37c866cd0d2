import type { DirectoryCache } from './directoryCache';
import { isWithin } from './remotePath';

interface Running {
  readonly paths: readonly string[];
  overlapped: boolean;
}

/** Keeps the cache true to what we do on the server ourselves. */
export class OwnChanges {
  private readonly running = new Set<Running>();

  constructor(private readonly cache: DirectoryCache) {}

  /**
   * Does `work`, which changes `paths` or something below them, and then `tell`s the cache. After an error
   * nothing is believed about the paths; nor when another change of them ran at the same time: which of
   * the two the server did last, the order of our promises does not tell.
   */
  async make(paths: readonly string[], work: () => Promise<void>, tell: () => void): Promise<void> {
    const change = this.begin(paths);
    try {
      await work();
      tell();
      if (change.overlapped) this.forget(paths);
    } catch (error) {
      this.forget(paths);
      throw error;
    } finally {
      this.running.delete(change);
    }
  }

  private begin(paths: readonly string[]): Running {
    const change = { paths, overlapped: false };
    for (const other of this.running) {
      if (overlap(paths, other.paths)) other.overlapped = change.overlapped = true;
    }
    this.running.add(change);
    return change;
  }

  private forget(paths: readonly string[]): void {
    for (const path of paths) this.cache.forget(path);
  }
}

function overlap(paths: readonly string[], others: readonly string[]): boolean {
  return paths.some((path) => others.some((other) => isWithin(path, other) || isWithin(other, path)));
}
