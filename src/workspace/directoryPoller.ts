import type { Clock } from '../base/clock';
import { MutableDisposable, toDisposable, type Disposable } from '../base/disposable';
import type { DirectoryCache } from './directoryCache';
import { isWithin, parentOf } from './remotePath';

// VS Code watches whole workspace folders; a person looks at a handful of directories.
const directoriesMax = 10;
// While polling is switched off: how soon it is noticed that it was switched on.
const sleepWhileOff = 15_000;
const backOffMax = 300_000;

export interface PollerOptions {
  readonly clock: Clock;
  /** Whether somebody is looking, and the server is connected. */
  readonly worthwhile: () => boolean;
  /** Milliseconds; 0 never polls. */
  readonly pollInterval: () => number;
}

interface Watch {
  readonly path: string;
  readonly recursive: boolean;
}

/**
 * Lists again, from time to time, what somebody watches *and* looked at lately; the cache tells what
 * changed. Nothing is sent while the window has no focus or the server is not connected, nor before an answer is an interval old.
 */
export class DirectoryPoller implements Disposable {
  private readonly watches = new Set<Watch>();
  private readonly timer = new MutableDisposable<Disposable>();
  /** Rounds in a row that ended in an error. */
  private failures = 0;

  constructor(
    private readonly cache: Pick<
      DirectoryCache,
      'recent' | 'peek' | 'revalidateDirectory' | 'revalidateFile'
    >,
    private readonly options: PollerOptions,
  ) {}

  watch(path: string, recursive: boolean): Disposable {
    const watch = { path, recursive };
    this.watches.add(watch);
    if (this.watches.size === 1) this.sleep();
    return toDisposable(() => this.unwatch(watch));
  }

  dispose(): void {
    this.watches.clear();
    this.timer.dispose();
  }

  private unwatch(watch: Watch): void {
    this.watches.delete(watch);
    if (this.watches.size === 0) this.timer.value = undefined;
  }

  private sleep(): void {
    const interval = this.options.pollInterval() || sleepWhileOff;
    const time = Math.min(interval * 2 ** this.failures, Math.max(interval, backOffMax));
    this.timer.value = this.options.clock.setTimer(time, () => this.wake(), 'poll for changes');
  }

  private wake(): void {
    const interval = this.options.pollInterval();
    const round = interval > 0 && this.options.worthwhile() ? this.poll(interval) : Promise.resolve();
    const sleep = () => this.watches.size > 0 && this.sleep();
    round.then(sleep, sleep);
  }

  private async poll(interval: number): Promise<void> {
    try {
      const directories = this.directories();
      for (const path of directories) await this.cache.revalidateDirectory(path, interval);
      for (const path of this.files(directories)) await this.cache.revalidateFile(path);
      this.failures = 0;
    } catch {
      // The session has told the person; here only the next round is put off.
      this.failures++;
    }
  }

  private directories(): string[] {
    const covers = ({ path, recursive }: Watch, directory: string) =>
      path === directory || (recursive && isWithin(directory, path));
    const watched = (directory: string) => [...this.watches].some((watch) => covers(watch, directory));
    return this.cache.recent(directoriesMax).filter(watched);
  }

  /** Files that are watched by themselves, and whose directory is not listed anyway. */
  private files(listed: readonly string[]): Set<string> {
    const paths = [...this.watches].map((watch) => watch.path);
    const isFile = (path: string) => (this.cache.peek(path)?.type ?? 'directory') !== 'directory';
    return new Set(paths.filter((path) => isFile(path) && !listed.includes(parentOf(path))));
  }
}
