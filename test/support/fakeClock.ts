import type { Clock } from '../../src/base/clock';
import { toDisposable, type Disposable } from '../../src/base/disposable';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  readonly what: string;
}

/** Time that stands still until a test moves it. For code that only waits on timers and promises. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  wallTime(): number {
    return this.time;
  }

  setTimer(milliseconds: number, fire: () => void, what: string): Disposable {
    const timer = { at: this.time + milliseconds, fire, what };
    this.timers.add(timer);
    return toDisposable(() => this.timers.delete(timer));
  }

  /** The names of the timers that are set. */
  get waiting(): string[] {
    return [...this.timers].map((timer) => timer.what);
  }

  /** Moves time on, firing what falls due in order, and lets promises settle after each. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await this.settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.time = next.at;
      next.fire();
      await this.settle();
    }
    this.time = end;
  }

  /** Lets every promise that can settle do so; time stands still. */
  settle(): Promise<void> {
    return new Promise((resume) => setImmediate(resume));
  }

  private next(end: number): Timer | undefined {
    const due = [...this.timers].filter((timer) => timer.at <= end);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}
