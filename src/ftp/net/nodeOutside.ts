import type { Outside } from '../../base/outside';

/** Nothing to do but the work: only a simulation must know that time passes elsewhere. */
export const nodeOutside: Outside = {
  run: (_what, work) => work(),
};
