import { onAbort } from './abort';
import type { Clock } from './clock';

/**
 * Runs `work` with a signal that fires when `signal` does or after `milliseconds`. `ranOut` tells the two
 * apart. Timer and listener are gone when the promise is settled.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  milliseconds: number,
  what: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, ranOut: () => boolean) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let late = false;
  const timer = clock.setTimer(
    milliseconds,
    () => {
      late = true;
      controller.abort();
    },
    what,
  );
  const listener = onAbort(signal, () => controller.abort());
  try {
    return await work(controller.signal, () => late);
  } finally {
    timer.dispose();
    listener.dispose();
  }
}
