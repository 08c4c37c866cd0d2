import type { CaseId, Scenario } from './caseId';
import { canPersist, kindsAt } from './faultsAt';
import { record, type Journal } from './runCase';

/** The seed of every first case; the matrix is wide, not deep. */
const seed = 7;

/** All cases of a scenario, found by one clean run. */
export async function casesOf(scenario: Scenario): Promise<CaseId[]> {
  const journal = await record({ scenario, point: 'clean(run)', kind: 'none', persistence: 'once', seed });
  const points = [...journal.points, ...turnsOf(journal)];
  return points.flatMap((point) =>
    kindsAt(point, scenario)
      .filter((kind) => kind === 'abort' || !isTooEarly(point, journal))
      .flatMap((kind) => caseIds(scenario, point, kind)),
  );
}

function turnsOf({ turns }: Journal): string[] {
  return Array.from({ length: turns }, (_, index) => `turn(${index + 1})`);
}

/** Before there is a session, nothing can be asked of it. */
function isTooEarly(point: string, { turnsBeforeSession }: Journal): boolean {
  const turn = /^turn\((\d+)\)$/.exec(point)?.[1];
  return turn !== undefined && Number(turn) <= turnsBeforeSession;
}

function caseIds(scenario: Scenario, point: string, kind: string): CaseId[] {
  const persistences = canPersist(point, kind) ? (['once', 'on'] as const) : (['once'] as const);
  return persistences.map((persistence) => ({ scenario, point, kind, persistence, seed }));
}
