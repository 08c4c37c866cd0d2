import type { Action } from './actions';
import type { Fact } from './facts';
import { Points } from './points';
import type { Script } from './script';

/** Changes nothing; keeps the journal of a clean run, from which faults are enumerated. */
export class RecordingScript implements Script {
  readonly points: string[] = [];
  private readonly names = new Points();

  action(action: Action): readonly Action[] {
    this.note(this.names.ofAction(action));
    return [action];
  }

  fact(fact: Fact): ReturnType<Script['fact']> {
    this.note(this.names.ofFact(fact));
    return { facts: [fact], actions: [] };
  }

  private note(point: string | undefined): void {
    if (point !== undefined) this.points.push(point);
  }
}
