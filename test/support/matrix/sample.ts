import { formatCaseId, sumOf, type CaseId, type Scenario } from './caseId';

/**
 * Some of the cases of a scenario, the same in every run. All of them where the server hides what it is; where the engine
 * knows it, all where it does other things than elsewhere, and few of what passes the same code: signing in, RNFR, RNTO.
 */
export function sampleOf(scenario: Scenario, ids: readonly CaseId[]): CaseId[] {
  const every = everyOf(scenario);
  return ids.filter((id) => sumOf(formatCaseId(id)) % every === 0);
}

/** One case in so many; prime numbers, or only some kinds of fault would be drawn. */
function everyOf({ persona, operation, rendezvous, state }: Scenario): number {
  if (persona === 'reference') return 1;
  if (state === 'cold' || operation === 'rename') return 61;
  return persona === 'vsftpd' && rendezvous !== 'eprt' ? 1 : 13;
}
