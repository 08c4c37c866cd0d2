import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  allScenarios,
  formatCaseId,
  formatScenario,
  operations,
  parseCaseId,
  servers,
  type CaseId,
} from '../support/matrix/caseId';
import { casesOf } from '../support/matrix/enumerate';
import { allKinds, labelOf } from '../support/matrix/faultsAt';
import { commandFor } from '../support/matrix/replay';
import { runCase } from '../support/matrix/runCase';
import { sampleOf } from '../support/matrix/sample';
import { note } from '../support/note';

/** One case in fifty runs twice. */
const twiceEvery = 50;
/** Of the failures of one scenario; the first tells most. */
const mostShown = 20;

describe('fault matrix', () => {
  const perOperation = new Map<string, number>();
  const perServer = new Map<string, number>();
  const perKind = new Map<string, number>();
  let twice = 0;
  let total = 0;

  /** What is wrong with a case, as lines; the last one repeats it. */
  async function complaints(id: CaseId): Promise<string[]> {
    const { report, hash } = await runCase(id);
    const text = formatCaseId(id);
    const lines = report.failures.map((failure) => `FAIL ${failure.invariant} ${text}\n  ${failure.text}`);
    if (++total % twiceEvery === 0) {
      twice++;
      if ((await runCase(id)).hash !== hash) lines.push(`FAIL two runs differ: ${text}`);
    }
    add(perOperation, id.scenario.operation);
    add(perServer, id.scenario.persona);
    add(perKind, labelOf(id.point, id.kind));
    return lines.length > 0 ? [...lines, `  ${commandFor(text)}`] : [];
  }

  async function judge(ids: readonly CaseId[]): Promise<void> {
    const failed: string[] = [];
    for (const id of ids) {
      const lines = await complaints(id);
      if (lines.length > 0) failed.push(lines.join('\n'));
    }
    const shown = failed.slice(0, mostShown).join('\n');
    assert.equal(failed.length, 0, `${failed.length} of ${ids.length} cases fail\n${shown}`);
  }

  it('every case that failed once', () => judge(rememberedCases()));

  for (const scenario of servers.flatMap(allScenarios)) {
    it(formatScenario(scenario), async () => judge(sampleOf(scenario, await casesOf(scenario))));
  }

  it('reaches a thousand cases of every operation, and every kind', () => {
    note(`${total} fault cases, ${twice} of them twice`);
    note(counts(perOperation));
    note(counts(perServer));
    note(counts(perKind));
    for (const [operation, count] of perOperation) assert.ok(count >= 1000, `${count} cases of ${operation}`);
    assert.equal(perOperation.size, operations.length);
    assert.equal(perServer.size, servers.length);
    assert.deepEqual([...perKind.keys()].sort(), [...allKinds].sort());
  });
});

function rememberedCases(): CaseId[] {
  const lines = readFileSync(path.join(__dirname, '../fixtures/cases.txt'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseCaseId);
}

function add(counted: Map<string, number>, what: string): void {
  counted.set(what, (counted.get(what) ?? 0) + 1);
}

function counts(counted: Map<string, number>): string {
  return [...counted].map(([what, count]) => `${what} ${count}`).join(', ');
}
