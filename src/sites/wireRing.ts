import type { WireEvent } from '../ftp/index';

/** The last wire events of this window, oldest first. */
export class WireRing {
  private events: WireEvent[] = [];
  /** Events before this index have been let go. */
  private start = 0;

  /** `limit` is asked each time: a person may change the setting. 0 keeps nothing. */
  constructor(private readonly limit: () => number) {}

  push(event: WireEvent): void {
    this.events.push(event);
    this.start = Math.max(this.start, this.events.length - Math.max(0, this.limit()));
    // Moving the rest down once per half costs next to nothing per event.
    if (this.start * 2 > this.events.length) {
      this.events = this.events.slice(this.start);
      this.start = 0;
    }
  }

  toArray(): WireEvent[] {
    return this.events.slice(this.start);
  }
}
