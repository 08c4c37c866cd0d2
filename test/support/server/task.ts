/** A piece of a conversation: runs until it must wait, and yields what it waits for. Pure: no promise, no clock. */
export type Task<T = void> = Generator<() => boolean, T, void>;

/** Tasks side by side; `run` advances every one whose wait is over. */
export class Tasks {
  private readonly waiting = new Map<Task, () => boolean>();

  start(task: Task): void {
    this.advance(task);
  }

  /** True when anything moved. */
  run(): boolean {
    let moved = false;
    for (const [task, ready] of [...this.waiting]) {
      if (this.waiting.get(task) !== ready || !ready()) continue;
      moved = true;
      this.advance(task);
    }
    return moved;
  }

  drop(): void {
    this.waiting.clear();
  }

  private advance(task: Task): void {
    // A task may start others while it runs; it holds its place by a wait that is never over.
    this.waiting.set(task, () => false);
    const step = task.next();
    if (step.done) this.waiting.delete(task);
    else this.waiting.set(task, step.value);
  }
}
