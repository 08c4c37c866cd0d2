import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import {
  allScenarios,
  formatCaseId,
  parseCaseId,
  scenarioNamed,
  type CaseId,
} from '../support/matrix/caseId';
import { casesOf } from '../support/matrix/enumerate';
import { plants } from '../support/matrix/plants';
import { commandFor, replay } from '../support/matrix/replay';
import { record, runCase } from '../support/matrix/runCase';
import { note } from '../support/note';

describe('fault matrix, its oracle', () => {
  /** The cases that see a plant: few, and found by what they do. */
  const subset: CaseId[] = [];

  before(async () => {
    for (const scenario of allScenarios('reference').filter(({ state }) => state === 'warm')) {
      subset.push(...(await casesOf(scenario)).filter(isTelling));
    }
  });

  it('finds nothing where nothing is planted', async () => {
    for (const id of subset) assert.deepEqual((await runCase(id)).report.failures, [], formatCaseId(id));
  });

  for (const plant of plants) {
    it(`sees: ${plant.name} (${plant.breaks})`, async () => {
      const failed: string[] = [];
      for (const id of subset) {
        const { failures } = (await runCase(id, plant)).report;
        if (failures.some(({ invariant }) => invariant === plant.breaks)) failed.push(formatCaseId(id));
      }
      const [first] = failed;
      assert.ok(first !== undefined, `none of ${subset.length} cases fails`);
      const again = await replay(first, plant.name);
      assert.ok(again.failed);
      assert.ok(again.lines.some((line) => line.startsWith(`FAIL ${plant.breaks} `)));
      assert.ok(again.lines.at(-1)?.startsWith('two runs  equal'), again.lines.at(-1));
      note(
        `planted ${plant.name}: ${failed.length} of ${subset.length} fail; ${commandFor(first, plant.name)}`,
      );
    });
  }

  it('repeats a failure from the one line that was printed', () => {
    const id = 'read/reference/epsv/plain/stream/warm:in(data,2):cut-226:once:7';
    const run = (...more: string[]) =>
      spawnSync(process.execPath, [script, id, ...more], { encoding: 'utf8' });
    const planted = run('--plant', 'no size check');
    assert.equal(planted.status, 1, planted.stderr);
    assert.match(planted.stdout, /^FAIL I1 {3}read 1500 bytes$/m);
    assert.match(planted.stdout, /──RETR \/target.bin──►/);
    assert.match(planted.stdout, /^two runs {2}equal/m);
    const sound = run();
    assert.equal(sound.status, 0, sound.stderr);
    assert.match(sound.stdout, /^outcome {3}rejected data-cut/m);
  });

  it('fails a fault that never fires', async () => {
    const { report } = await runCase(
      parseCaseId('list/reference/epsv/plain/stream/warm:reply(RNTO,1):close:once:7'),
    );
    assert.deepEqual(
      report.failures.map(({ invariant }) => invariant),
      ['fired'],
    );
  });

  it('refuses what is no case id', () => {
    for (const text of ['', 'list', 'list/x:reply(A,1):close:once:7']) {
      assert.throws(() => parseCaseId(text), /Not a case id/);
    }
  });

  it('records the points of a clean run by name', async () => {
    const scenario = scenarioNamed('write/reference/epsv/plain/stream/warm');
    const { points, turnsBeforeSession } = await record({
      scenario,
      point: 'clean(run)',
      kind: 'none',
      persistence: 'once',
      seed: 7,
    });
    for (const point of [
      'reply(EPSV,1)',
      'connect(data,1)',
      'reply(STOR,2)',
      'out(data,2)',
      'file(write,1)',
    ]) {
      assert.ok(points.includes(point), `${point} is not in ${points.join(' ')}`);
    }
    assert.equal(turnsBeforeSession, 0);
  });
});

const script = path.join(__dirname, '../../scripts/sim.mjs');

/** One or two of each sort. */
function isTelling({ point, kind, persistence }: CaseId): boolean {
  if (persistence !== 'once') return false;
  const places = /^(reply\((MLSD|STOR|RNTO|RETR),\d\)|(in|out)\(data,2\)|fin\(data,1\)|turn\(2\))$/;
  const kinds = ['silence', 'close', 'cut-226', 'reset-error-losing-data', 'code-550', 'abort', 'second'];
  return places.test(point) && kinds.includes(kind);
}
