/** How a promise was settled. */
export type Outcome =
  | { readonly resolved: true; readonly value: unknown }
  | { readonly resolved: false; readonly error: unknown };

export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  return work.then(
    (value) => ({ resolved: true, value }),
    (error: unknown) => ({ resolved: false, error }),
  );
}

/** One line for a person. */
export function showOutcome(outcome: Outcome): string {
  if (outcome.resolved) return 'resolved';
  const { error } = outcome;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return `rejected${code}: ${error instanceof Error ? error.message : String(error)}`;
}
