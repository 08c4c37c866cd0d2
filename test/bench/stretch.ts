import { processorTime } from './processorTime';

/**
 * The longest time, in milliseconds, for which `work` kept the event loop from everything else. What other processes
 * took of the processor meanwhile is not counted: a stretch is no longer than what this one used in it.
 */
export async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  let [longest, last, used, running] = [0, performance.now(), processorTime(), true];
  const look = (): void => {
    const [now, usedNow] = [performance.now(), processorTime()];
    longest = Math.max(longest, Math.min(now - last, usedNow - used));
    [last, used] = [now, usedNow];
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work();
  running = false;
  look();
  return longest;
}
