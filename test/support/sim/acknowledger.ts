import type { SimEvent } from './eventQueue';
import { maximumSegment } from './sendSide';
import type { SimHost } from './simHost';

/** A delayed acknowledgement leaves after so many milliseconds, or with data, or with a second full segment. */
const acknowledgementDelay = 40;

/** Decides when one side of a connection acknowledges what has arrived. */
export class Acknowledger {
  private timer: SimEvent | undefined;
  private unacknowledgedLength = 0;
  private arrivedAt = -Infinity;
  private answering = false;

  constructor(
    private readonly host: SimHost,
    private readonly lane: number,
    private readonly name: string,
    private readonly acknowledge: () => void,
  ) {}

  /** Data or a FIN; of the latter the length is 0. */
  arrived(length: number): void {
    this.unacknowledgedLength += length;
    this.arrivedAt = this.host.world.kernel.now;
    if (!this.delays || this.unacknowledgedLength >= 2 * maximumSegment) return this.acknowledge();
    this.timer ??= this.host.world.kernel.schedule({
      after: acknowledgementDelay,
      lane: this.lane,
      what: `delayed acknowledgement ${this.name}`,
      fire: () => this.timeIsUp(),
    });
  }

  /** A segment leaves, and acknowledges all that has arrived. */
  left(length: number): void {
    const { kernel } = this.host.world;
    if (this.timer) kernel.cancel(this.timer);
    this.timer = undefined;
    this.unacknowledgedLength = 0;
    this.answering ||= length > 0 && kernel.now - this.arrivedAt < acknowledgementDelay;
  }

  /**
   * Linux acknowledges at once until it sends data soon after it got some ("pingpong mode"): from then on it expects
   * that an answer will carry the acknowledgement, until it once waited for one in vain.
   */
  private get delays(): boolean {
    const { delayedAcknowledgement } = this.host;
    return delayedAcknowledgement === 'when-answering' ? this.answering : delayedAcknowledgement;
  }

  private timeIsUp(): void {
    this.answering = false;
    this.acknowledge();
  }
}
