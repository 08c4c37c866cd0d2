// Runs the suites of test/host inside a real VS Code: node --import tsx test/host/run.ts RESULTS-FILE
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { runTests } from '@vscode/test-electron';
import { stopAll, stopOnSignals } from '../../scripts/processes.mjs';
import { findDesktopCode } from '../support/code/desktopCode.mjs';
import { startSampleServer } from '../support/code/sampleServer.mjs';
import type { Plan } from './plan';
import { startServers, type Servers } from './startServers';

const project = path.resolve(__dirname, '../..');
const bundles = path.join(project, '.vscode-test/host');
const work = mkdtempSync(path.join(os.tmpdir(), 'portside-host-'));
let servers: Servers | undefined;

async function main(results: string): Promise<void> {
  await bundleSuites();
  const { port, user, password, root } = await startSampleServer();
  servers = await startServers();
  const plan: Plan = {
    results,
    reporter: path.join(project, 'test/support/reporter.cjs'),
    server: { port, user, password, root },
    servers: servers.plans,
  };
  const planFile = path.join(work, 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan));
  await runTests({
    vscodeExecutablePath: findDesktopCode() ?? path.join(project, 'test/support/code/launcher.mjs'),
    extensionDevelopmentPath: project,
    extensionTestsPath: path.join(bundles, 'index.js'),
    extensionTestsEnv: { PORTSIDE_TEST_PLAN: planFile },
    launchArgs: [
      // Anonymous: nobody is there to type a password while the window opens.
      `--folder-uri=ftp://127.0.0.1:${port}/`,
      `--user-data-dir=${work}/user`,
      `--extensions-dir=${work}/extensions`,
    ],
    reuseMachineInstall: true,
  });
}

// Mocha stays outside: the bundles lie in the project's folder, so the extension host finds it in node_modules.
async function bundleSuites(): Promise<void> {
  rmSync(bundles, { recursive: true, force: true });
  const suites = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: ['index.ts', ...suites].map((name) => path.join(__dirname, name)),
    outdir: bundles,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

async function cleanUp(): Promise<void> {
  await servers?.stop();
  rmSync(work, { recursive: true, force: true });
}

stopOnSignals(cleanUp);
main(process.argv[2] ?? '')
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .then(stopAll)
  .then(cleanUp)
  .catch(() => process.exit(1));
