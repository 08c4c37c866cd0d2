import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** Fires when nothing has happened for too long. */
export class StallTimer {
  private timer: Disposable | undefined;

  /** `milliseconds` without a sign of life. */
  constructor(
    private readonly clock: Clock,
    private readonly milliseconds: number,
    private readonly fire: () => void,
  ) {
    this.restart();
  }

  restart(): void {
    this.stop();
    this.timer = this.clock.setTimer(this.milliseconds, this.fire, 'data stall');
  }

  stop(): void {
    this.timer?.dispose();
  }
}
