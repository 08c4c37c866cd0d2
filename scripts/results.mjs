// Runs test programs, collects the result lines they write, and tells a run that died or hangs from one that ended.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { projectFolder } from './dependencies.mjs';
import { collectOutput, ended, launch, stop } from './processes.mjs';

const resultsFolder = `${projectFolder}test-results`;
/** No case may take longer: mocha's own limit is 60 s, a real VS Code needs some 20 s to start. */
const idleMilliseconds = 180_000;
/** After the last case mocha ends by itself; what keeps it alive is a leak. A VS Code has to be shut down. */
const mochaEndMilliseconds = 4_000;
const runnerEndMilliseconds = 30_000;

/** Runs mocha over `files` and answers their results. `label` names the run, `node` the program to run it. */
export function runMocha(label, files, node = process.execPath) {
  const output = resultFile(label);
  const mocha = ['--random-seed=1', 'node_modules/mocha/bin/mocha.js'];
  const reporter = ['--reporter', 'test/support/reporter.cjs', '--reporter-option', `output=${output}`];
  return runProgram(label, node, [...mocha, ...reporter, ...files], output, mochaEndMilliseconds);
}

/** Runs a TypeScript program that writes result lines to the file it is given. */
export function runRunner(label, program) {
  const output = resultFile(label);
  const args = ['--import', 'tsx', program, output];
  return runProgram(label, process.execPath, args, output, runnerEndMilliseconds);
}

/** One command as one case: passed when it exits with 0. */
export async function runCheck(title, args) {
  const began = Date.now();
  const child = launch(process.execPath, args, { cwd: projectFolder });
  const output = collectOutput(child);
  const code = await ended(child);
  const milliseconds = Date.now() - began;
  return code === 0 ? { state: 'passed', title, milliseconds } : { state: 'failed', title, error: output() };
}

async function runProgram(label, node, args, output, endMilliseconds) {
  const child = launch(node, args, {
    cwd: projectFolder,
    env: { ...process.env, FORCE_COLOR: '0', PORTSIDE_TEST_RESULTS: output },
  });
  const printed = collectOutput(child);
  const trouble = await watch(child, output, endMilliseconds);
  await stop(child);
  const results = read(output);
  renameSync(output, `${resultsFolder}/${label}.jsonl`);
  const cases = results.filter((result) => result.state !== 'end');
  const failed = cases.some((result) => result.state === 'failed');
  const problem = trouble ?? problemOf(results, child.exitCode, failed);
  if (problem) cases.push({ state: 'failed', title: `${label} run`, error: `${problem}\n${printed()}` });
  return cases;
}

function problemOf(results, code, failed) {
  if (!results.some((result) => result.state === 'end')) return `ended with ${code} before the last case`;
  if (code !== 0 && !failed) return `ended with ${code} though every case passed`;
  return undefined;
}

/** Waits for the program's end; answers what is wrong when it stands still. */
function watch(child, output, endMilliseconds) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const idle = Date.now() - statSync(output).mtimeMs;
      const over = idle > endMilliseconds && read(output).at(-1)?.state === 'end';
      if (over) settle('is still running after its last case: something was not closed');
      else if (idle > idleMilliseconds) settle(`stands still: no result for ${idleMilliseconds / 1000} s`);
    }, 250);
    const settle = (trouble) => {
      clearInterval(timer);
      resolve(trouble);
    };
    void ended(child).then(() => settle(undefined));
  });
}

// Two runs in one checkout must not write to one file: it gets its plain name at the end.
function resultFile(label) {
  mkdirSync(resultsFolder, { recursive: true });
  const file = `${resultsFolder}/${label}-${process.pid}.jsonl`;
  writeFileSync(file, '');
  return file;
}

function read(file) {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}
