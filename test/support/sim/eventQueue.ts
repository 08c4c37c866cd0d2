/** Something that will happen. `what` names it in reports; it is turned into text only there. */
export interface SimEvent {
  readonly time: number;
  readonly tie: number;
  readonly sequence: number;
  readonly lane: number;
  readonly what: string | { toString(): string };
  /** Queued also when nobody waits for anything: keep-alive, idle limits. */
  readonly rest: boolean;
  /** The event that brought this one about, where the kernel keeps track of causes. */
  readonly parent: SimEvent | undefined;
  /** Absent: cancelled, or it has happened. */
  fire: (() => void) | undefined;
}

/** A binary heap: first by time, then by tie, then by sequence. */
export class EventQueue {
  private readonly heap: SimEvent[] = [];
  private essential = 0;

  push(event: SimEvent): void {
    if (!event.rest) this.essential++;
    let index = this.heap.length;
    this.heap.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.at(above);
      if (!before(event, parent)) break;
      this.heap[index] = parent;
      index = above;
    }
    this.heap[index] = event;
  }

  cancel(event: SimEvent): void {
    if (event.fire && !event.rest) this.essential--;
    event.fire = undefined;
  }

  /** The next event that was not cancelled; its `fire` is for the caller to call. */
  shift(): { event: SimEvent; fire: () => void } | undefined {
    while (this.heap.length > 0) {
      const event = this.pop();
      const { fire } = event;
      if (!fire) continue;
      this.cancel(event);
      return { event, fire };
    }
    return undefined;
  }

  /** Nothing is queued but what may be queued at rest. */
  onlyRest(): boolean {
    return this.essential === 0;
  }

  list(): SimEvent[] {
    return this.heap.filter((event) => event.fire).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  private pop(): SimEvent {
    const first = this.at(0);
    const last = this.heap.pop();
    if (last && last !== first) this.sink(last);
    return first;
  }

  private sink(event: SimEvent): void {
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= this.heap.length) break;
      if (below + 1 < this.heap.length && before(this.at(below + 1), this.at(below))) below++;
      const child = this.at(below);
      if (!before(child, event)) break;
      this.heap[index] = child;
      index = below;
    }
    this.heap[index] = event;
  }

  private at(index: number): SimEvent {
    const event = this.heap[index];
    if (!event) throw new RangeError(`No event at ${index}.`);
    return event;
  }
}

function before(a: SimEvent, b: SimEvent): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.sequence < b.sequence;
}
