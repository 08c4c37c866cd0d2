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
  /** When the timer that runs will look. */
  private looksAt = Infinity;
  private deadline = Infinity;

  /** `milliseconds` without a sign of life. */
  constructor(
    private readonly clock: Clock,
    private readonly milliseconds: number,
    private readonly fire: () => void,
  ) {
    this.restart();
  }

  /** Only moves the deadline: this is called for each chunk, and a timer of its own would cost more than the chunk. */
  restart(milliseconds = this.milliseconds): void {
    this.deadline = this.clock.now() + milliseconds;
    if (this.deadline < this.looksAt) this.lookIn(milliseconds);
  }

  /** The other side is not to be heard at present; the timer stays, since this, too, may be for a moment only. */
  pause(): void {
    this.deadline = Infinity;
  }

  stop(): void {
    this.timer?.dispose();
    this.looksAt = Infinity;
    this.deadline = Infinity;
  }

  private lookIn(milliseconds: number): void {
    this.timer?.dispose();
    this.looksAt = this.clock.now() + milliseconds;
    this.timer = this.clock.setTimer(milliseconds, () => this.look(), 'data stall');
  }

  private look(): void {
    this.looksAt = Infinity;
    if (this.deadline === Infinity) return;
    const left = this.deadline - this.clock.now();
    if (left > 0) this.lookIn(left);
    else this.fire();
  }
}
