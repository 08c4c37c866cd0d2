// npm test: installs what is missing and runs everything. `--quick`: the pure layers in seconds. `--tier X`: one tier.
import { ensureDependencies } from './dependencies.mjs';
import { node24 } from './node24.mjs';
import { prepare } from './prepare.mjs';
import { stopAll, stopOnSignals } from './processes.mjs';
import { runCheck, runMocha, runRunner } from './results.mjs';
import { filesByTier, tiers } from './tiers.mjs';

// Only what goes by content is kept between runs: the linter's findings depend on other files' types.
const kept = '.vscode-test';
const compiler = ['--noEmit', '--incremental', '--tsBuildInfoFile', `${kept}/tsc.tsbuildinfo`];
const caching = ['--cache', '--cache-strategy', 'content', '--cache-location', `${kept}/prettier-cache`];
const formatter = ['--check', '--log-level', 'warn', ...caching, '.'];
const checks = {
  'the compiler finds nothing': ['node_modules/typescript/bin/tsc', ...compiler],
  'the linter finds nothing': ['node_modules/eslint/bin/eslint.js', '.'],
  'the code is formatted': ['node_modules/prettier/bin/prettier.cjs', ...formatter],
};
const programs = { node24 };
// A pipeline that skips has not tested.
const skipFails = process.env.CI === 'true';

stopOnSignals();
process.exitCode = await main().catch((error) => {
  console.error(error.message);
  return 1;
});
await stopAll();

async function main() {
  const chosen = chosenTiers(process.argv.slice(2));
  await ensureDependencies((line) => console.log(line));
  const results = [];
  for (const tier of chosen) results.push(...(await runTier(tier)));
  const passed = count(results, 'passed');
  const failed = count(results, 'failed');
  console.log(`${passed} passed, ${failed} failed, ${count(results, 'skipped')} skipped`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

function chosenTiers(args) {
  if (args.length === 0) return Object.keys(tiers);
  if (args.length === 1 && args[0] === '--quick') return ['quick'];
  if (args.length === 2 && args[0] === '--tier' && args[1] in tiers) return [args[1]];
  throw new Error(`Usage: npm test [-- --quick | --tier ${Object.keys(tiers).join('|')}]`);
}

async function runTier(tier) {
  const results = await runOn(tier);
  for (const node of tiers[tier].nodes ?? []) results.push(...(await runOn(tier, node)));
  return results;
}

/** @param node a name in `programs`; absent: the Node that runs us */
async function runOn(tier, node) {
  const began = Date.now();
  const label = node ? `${tier}-${node}` : tier;
  const results = (await resultsOf(tier, node, label)).map(judge);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const numbers = ['passed', 'failed', 'skipped'].map((state) => `${count(results, state)} ${state}`);
  console.log(`${label.padEnd(10)} ${numbers.join('  ')}  ${seconds} s`);
  results.filter(({ state }) => state === 'note').forEach(({ title }) => console.log(`  ${title}`));
  results.filter(({ state }) => state === 'failed').forEach(showFailure);
  showSkipped(results.filter(({ state }) => state === 'skipped'));
  return results;
}

async function resultsOf(tier, node, label) {
  const { [tier]: files, none } = filesByTier();
  const { jobs, needs, builds, runner } = tiers[tier];
  const work = tier === 'checks' ? [...runChecks(), inSomeTier(none)] : [];
  if (files.length === 0) return Promise.all(work);
  for (const need of node ? [...needs, node] : needs) {
    const missing = await prepare(need, (line) => console.log(`${label}: ${line}`));
    if (missing)
      return [{ state: 'skipped', title: `tier ${label}, ${files.length} files`, reason: missing }];
  }
  if (builds) {
    const built = await runCheck('the extension builds', ['esbuild.mjs']);
    if (built.state === 'failed') return [built];
    work.push(built);
  }
  if (runner) work.push(runRunner(label, runner));
  else {
    const tasks = shards(files, jobs).map(
      (shard, n) => () => runMocha(`${label}-${n + 1}`, shard, programs[node]),
    );
    work.push(...sideBySide(tasks, jobs));
  }
  return (await Promise.all(work)).flat();
}

function runChecks() {
  return Object.entries(checks).map(([title, args]) => runCheck(title, args));
}

function inSomeTier(strays) {
  const title = 'every test file belongs to a tier';
  if (strays.length === 0) return { state: 'passed', title };
  return { state: 'failed', title, error: `${strays.join('\n')}\nno pattern in scripts/tiers.mjs fits` };
}

/** Several for each job: how long one takes is not known before, and the last job to end decides. */
function shards(files, jobs) {
  const count = jobs === 1 ? 1 : jobs * 4;
  const hands = Array.from({ length: Math.min(count, files.length) }, () => []);
  files.forEach((file, n) => hands[n % hands.length].push(file));
  return hands;
}

/** So many tasks at a time; answers what each job has brought. */
function sideBySide(tasks, jobs) {
  const left = [...tasks];
  const work = async () => {
    const results = [];
    for (let task = left.shift(); task; task = left.shift()) results.push(...(await task()));
    return results;
  };
  return Array.from({ length: jobs }, work);
}

function judge(result) {
  if (!skipFails || result.state !== 'skipped') return result;
  return { ...result, state: 'failed', error: `skipped, which CI=true forbids: ${result.reason}` };
}

function count(results, state) {
  return results.filter((result) => result.state === state).length;
}

function showFailure({ title, file, error }) {
  const where = file ? `\n${file}` : '';
  console.log(`\nFAILED ${title}${where}\n${error}\n`.replaceAll('\n', '\n  ').trimEnd() + '\n');
}

function showSkipped(results) {
  const byReason = new Map();
  for (const { title, reason } of results) byReason.set(reason, [...(byReason.get(reason) ?? []), title]);
  for (const [reason, titles] of byReason) {
    const others = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
    console.log(`  skipped ${titles[0]}${others}: ${reason}`);
  }
}
