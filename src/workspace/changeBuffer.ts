import type { Clock } from '../base/clock';
import { MutableDisposable, type Disposable } from '../base/disposable';
import type { Change } from './change';

// Long enough for all the changes of one operation or one poll, too short to be seen.
const milliseconds = 10;

/** Collects changes for a moment and hands them over together, one for each path. */
export class ChangeBuffer implements Disposable {
  private pending = new Map<string, Change['kind']>();
  private readonly timer = new MutableDisposable<Disposable>();

  constructor(
    private readonly clock: Clock,
    private readonly flushed: (changes: readonly Change[]) => void,
  ) {}

  add(changes: readonly Change[]): void {
    for (const { kind, path } of changes) this.pending.set(path, combine(this.pending.get(path), kind));
    this.timer.value ??= this.clock.setTimer(milliseconds, () => this.flush(), 'file change events');
  }

  dispose(): void {
    this.timer.dispose();
  }

  private flush(): void {
    const changes = [...this.pending].map(([path, kind]) => ({ kind, path }));
    this.pending = new Map();
    this.timer.value = undefined;
    this.flushed(changes);
  }
}

function combine(before: Change['kind'] | undefined, now: Change['kind']): Change['kind'] {
  if (before === 'created' && now === 'changed') return 'created';
  if (before === 'deleted' && now === 'created') return 'changed';
  return now;
}
