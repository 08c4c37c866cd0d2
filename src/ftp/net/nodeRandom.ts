import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../../base/random';

/** Unpredictable: whoever guesses a listening port could offer a data connection of his own. */
export const nodeRandom: Random = {
  below: (bound) => randomInt(bound),
  bytes: (count) => randomBytes(count),
};
