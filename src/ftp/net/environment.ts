import type { Clock } from '../../base/clock';
import type { Outside } from '../../base/outside';
import type { Random } from '../../base/random';
import type { Network } from './network';

/** The four seams through which the engine waits, connects, draws lots and leaves its thread. */
export interface Environment {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly outside: Outside;
}
