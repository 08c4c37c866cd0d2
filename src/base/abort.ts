import { toDisposable, type Disposable } from './disposable';

/** Calls `fire` when `signal` is aborted, also when it already is. Dispose to leave no listener behind. */
export function onAbort(signal: AbortSignal | undefined, fire: () => void): Disposable {
  if (!signal) return toDisposable(() => undefined);
  if (signal.aborted) {
    fire();
    return toDisposable(() => undefined);
  }
  signal.addEventListener('abort', fire, { once: true });
  return toDisposable(() => signal.removeEventListener('abort', fire));
}
