import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCheck, runMocha } from '../../scripts/results.mjs';

const skipModule = JSON.stringify(path.resolve(__dirname, '../support/skip.ts'));

describe('Results of a test run', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'portside-results-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const resultsOf = (suite: string, node?: string) => {
    const file = path.join(folder, 'suite.js');
    writeFileSync(file, suite);
    return runMocha('results-of-a-test-run', [file], node);
  };

  it('tells passed from failed cases, with the error', async () => {
    const [good, bad] = await resultsOf(
      `describe('a', () => { it('b', () => {}); it('c', () => { throw new Error('wrong'); }); });`,
    );
    assert.deepEqual([good?.state, good?.title], ['passed', 'a › b']);
    assert.deepEqual([bad?.state, bad?.title], ['failed', 'a › c']);
    assert.match(bad?.error ?? '', /wrong/);
  });

  it('gives the reason of each case that a suite or a case skipped', async () => {
    // The skip in this text is no test of ours: it is what the runner is shown.
    const results = await resultsOf(
      `const { skip } = require(${skipModule});
       describe('a', () => { before(function () { skip(this, 'no server'); }); it('b', () => {}); it('c', () => {}); });
       it('d', function () { skip(this, 'no disk'); });
       it.skip('e', () => {});`,
    );
    const reasons = Object.fromEntries(results.map(({ title, reason }) => [title, reason]));
    const expected = { 'a › b': 'no server', 'a › c': 'no server', d: 'no disk', e: 'no reason given' };
    assert.deepEqual(reasons, expected);
    assert.ok(results.every(({ state }) => state === 'skipped'));
  });

  it('counts a failed hook, which mocha runs no case behind', async () => {
    const results = await resultsOf(
      `describe('a', () => { before(() => { throw new Error('no'); }); it('b', () => {}); });`,
    );
    assert.deepEqual(
      results.map(({ state }) => state),
      ['failed'],
    );
  });

  it('fails a run that dies before its last case, and keeps what it had', async () => {
    const results = await resultsOf(`it('a', () => {}); it('b', () => process.exit(0));`);
    assert.deepEqual(
      results.map(({ state }) => state),
      ['passed', 'failed'],
    );
  });

  it('runs on another Node than its own, and fails where that does not start', async () => {
    const suite = `it('a', () => {});`;
    const link = path.join(folder, 'node');
    symlinkSync(process.execPath, link);
    assert.deepEqual(
      (await resultsOf(suite, link)).map(({ state }) => state),
      ['passed'],
    );
    const [failure, ...others] = await resultsOf(suite, path.join(folder, 'absent'));
    assert.equal(failure?.state, 'failed');
    assert.match(failure?.error ?? '', /before the last case/);
    assert.deepEqual(others, []);
  });

  it('fails a run that something keeps alive after its last case', async () => {
    const results = await resultsOf(`it('a', () => { setInterval(() => {}, 1000); });`);
    assert.deepEqual(
      results.map(({ state }) => state),
      ['passed', 'failed'],
    );
    assert.match(results[1]?.error ?? '', /still running/);
  });

  it('fails a check that exits with another code than 0, with what it printed', async () => {
    const result = await runCheck('x', ['-e', 'console.log("because"); process.exit(3)']);
    assert.equal(result.state, 'failed');
    assert.match(result.error ?? '', /because/);
  });
});
