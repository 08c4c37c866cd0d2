import type { Clock } from '../../../src/base/clock';
import type { Kernel } from './kernel';

/** 2026-01-01 00:00 UTC. */
const wallTimeAtStart = 1_767_225_600_000;

/** Virtual time. `name` stands before the timers' names in reports. */
export function simClock(kernel: Kernel, name: string): Clock {
  const lane = kernel.lane();
  return {
    now: () => kernel.now,
    wallTime: () => wallTimeAtStart + kernel.now,
    setTimer(milliseconds, fire, what) {
      const event = kernel.schedule({
        after: Math.max(0, milliseconds),
        lane,
        what: `timer ${name}: ${what}`,
        rest: kernel.isRest(what),
        fire: () => kernel.enter(fire),
      });
      return { dispose: () => kernel.cancel(event) };
    },
  };
}
