import type { WireEvent } from '../../../src/ftp';
import { formatCaseId, parseCaseId } from './caseId';
import { faultFor, resetShapeOf } from './faultsAt';
import { showOutcome } from './outcome';
import { plantNamed } from './plants';
import { noPlant, runCase, type CaseResult } from './runCase';

/** Runs one case twice and tells of it, line by line. `plant`: the name of a mistake to put in (see plants.ts). */
export async function replay(text: string, plant?: string): Promise<{ lines: string[]; failed: boolean }> {
  const id = parseCaseId(text);
  const planted = plant === undefined ? noPlant : plantNamed(plant);
  const result = await runCase(id, planted);
  const again = await runCase(id, planted);
  const { failures } = result.report;
  const equal = result.hash === again.hash;
  return {
    failed: failures.length > 0 || !equal,
    lines: [
      `case      ${formatCaseId(id)}`,
      `options   ${JSON.stringify(id.scenario)}`,
      `seed      ${id.seed}`,
      `fault     ${JSON.stringify(faultFor(id, () => undefined) ?? id.kind)}, a reset looks like '${resetShapeOf(id.kind)}'`,
      `plant     ${planted.name}`,
      '',
      ...ladder(result),
      '',
      ...result.kernel.report().split('\n'),
      '',
      `outcome   ${result.outcome ? showOutcome(result.outcome) : 'none'}, after ${result.took} ms`,
      ...failures.map(({ invariant, text: what }) => `FAIL ${invariant}   ${what}`),
      ...(failures.length === 0 ? ['all invariants hold'] : []),
      `two runs  ${equal ? 'equal' : 'NOT EQUAL'}: ${result.hash} ${again.hash}`,
    ],
  };
}

/** The line to repeat a case with. */
export function commandFor(id: string, plant?: string): string {
  return `npm run sim -- '${id}'${plant === undefined ? '' : ` --plant '${plant}'`}`;
}

/** Client to the left, server to the right, and between them what the client saw. */
function ladder({ stage }: CaseResult): string[] {
  return stage?.events.flatMap(rung) ?? [];
}

function rung(event: WireEvent): string[] {
  const head = `${event.at.toFixed(0).padStart(8)} ms  ${event.session}.${event.connection} `;
  if (event.kind === 'sent') return [`${head} ──${event.line}──►`];
  if (event.kind === 'received') return [`${head}          ◄──${event.line.slice(0, longestShown)}──`];
  if (event.kind === 'transfer') return [];
  return [`${head} ${marks[event.kind]} ${event.text.slice(0, longestShown)}`];
}

const marks = { data: '=', state: '~', operation: '·', trouble: '!' } as const;
const longestShown = 120;
