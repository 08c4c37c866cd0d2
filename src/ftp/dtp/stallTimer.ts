import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/**
 * Milliseconds of silence once the final reply is there and the mark of the end is not (RFC 959 §3.4.2): what is still
 * under way needs one lost packet's time, a second (RFC 6298 §2), and a round trip. Nobody waits longer for a mark
 * that some never send on a connection that they keep.
 */
export const markGrace = 2000;

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

  restart(milliseconds = this.milliseconds): void {
    this.stop();
    this.timer = this.clock.setTimer(milliseconds, this.fire, 'data stall');
  }

  stop(): void {
    this.timer?.dispose();
  }
}
