import type { Disposable } from './disposable';

/** The only source of time. Tests hand in a virtual one. */
export interface Clock {
  /** Monotonic milliseconds: deadlines, durations, `at` of wire events. */
  now(): number;
  /** Milliseconds since 1970; may jump. Only for dates that are compared with the server's. */
  wallTime(): number;
  /** Calls `fire` once after `milliseconds`. `what` names the wait in leak reports. */
  setTimer(milliseconds: number, fire: () => void, what: string): Disposable;
}
