import { performance } from 'node:perf_hooks';
import type { Clock } from '../../base/clock';
import { toDisposable } from '../../base/disposable';
import { nodeRegister } from './nodeRegister';

/** Node turns a longer delay into 1 ms; 24 days are as good as never. */
const longestDelay = 2 ** 31 - 1;

/**
 * The clock of this computer.
 *
 * Its timers keep the process alive: an unref'd deadline would let Node exit, with code 0, while
 * somebody still waits for it. Every wait is disposed by its owner, so closing a session is enough.
 */
export const nodeClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimer(milliseconds, fire, what) {
    const held = nodeRegister.opened('timer', what);
    const timer = setTimeout(
      () => {
        held.dispose();
        fire();
      },
      Math.min(milliseconds, longestDelay),
    );
    return toDisposable(() => {
      clearTimeout(timer);
      held.dispose();
    });
  },
};
