import { toDisposable, type Disposable } from './disposable';

/** Subscribes a listener; of the same shape as VS Code's events. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells listeners that something happened. Events broadcast; they never decide what happens next. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<{ call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener.call(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
