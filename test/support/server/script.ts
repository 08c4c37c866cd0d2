import type { Action } from './actions';
import type { Fact } from './facts';

/** Stands between core and driver and may change what either hears. Faults come from here. */
export interface Script {
  /** Called for every action of every session; what it returns is done instead. */
  action(action: Action, session: number): readonly Action[];
  /** Called for every fact; the core hears what it returns, after the actions were done. */
  fact(fact: Fact, session: number): { readonly facts: readonly Fact[]; readonly actions: readonly Action[] };
}
