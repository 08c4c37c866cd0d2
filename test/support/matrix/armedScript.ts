import type { Action } from '../server/actions';
import type { Fact } from '../server/facts';
import type { Script } from '../server/script';

/** Lets everything pass until a script is put into it: a warm case signs in first. */
export class ArmedScript implements Script {
  script: Script | undefined;

  action(action: Action, session: number): readonly Action[] {
    return this.script?.action(action, session) ?? [action];
  }

  fact(fact: Fact, session: number): ReturnType<Script['fact']> {
    return this.script?.fact(fact, session) ?? { facts: [fact], actions: [] };
  }
}
