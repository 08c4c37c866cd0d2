// Which test files belong to which tier, and what a tier needs before it can run.
import { readdirSync } from 'node:fs';
import { projectFolder } from './dependencies.mjs';

/**
 * `files`: a file of test/ belongs to the first tier whose pattern fits. `jobs`: mocha processes side by
 * side. `needs`: what is brought first (see prepare.mjs). `nodes`: other versions of Node that run it as well, each
 * a need. `builds`: the extension is built first. `runner`: a program in place of mocha.
 */
export const tiers = {
  /** Compiler, linter, formatter: no test files. */
  checks: { files: /^$/, jobs: 1, needs: [] },
  quick: {
    files:
      /^(architecture|base\/.*|ftp\/(protocol|mode|listing|trace|relay)\/.*|(sites|workspace|ui|support|bench)\/.*)\.test\.ts$/,
    jobs: 1,
    needs: [],
  },
  sim: {
    files:
      /^(sim\/.*|contract\/sim[^/]*|ftp\/((pi|dtp|session|net)\/.*|[^/]*)|server\/.*|support-server\/.*)\.test\.ts$/,
    jobs: 2,
    needs: [],
  },
  net: { files: /^contract\/node[^/]*\.test\.ts$/, jobs: 1, needs: [], nodes: ['node24'] },
  tls: { files: /^servers\/tls[^/]*\.test\.ts$/, jobs: 2, needs: ['daemons'], nodes: ['node24'] },
  daemons: { files: /^servers\/.*\.test\.ts$/, jobs: 2, needs: ['daemons'] },
  host: {
    files: /^host\/.*\.test\.ts$/,
    jobs: 1,
    needs: ['code', 'browser', 'daemons'],
    builds: true,
    runner: 'test/host/run.ts',
  },
  ui: { files: /^ui\/.*\.flow\.ts$/, jobs: 1, needs: ['code', 'browser'], builds: true },
  package: { files: /^package\/.*\.test\.ts$/, jobs: 1, needs: ['code', 'browser'] },
};

/** Test files by tier, as paths from the project's folder; under `none` what no tier would run. */
export function filesByTier() {
  const byTier = { none: [] };
  for (const name of Object.keys(tiers)) byTier[name] = [];
  for (const file of testFiles()) byTier[tierOf(file)].push(`test/${file}`);
  return byTier;
}

function testFiles() {
  return readdirSync(`${projectFolder}test`, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(test|flow)\.ts$/.test(name))
    .sort();
}

function tierOf(file) {
  return Object.keys(tiers).find((name) => tiers[name].files.test(file)) ?? 'none';
}
