#!/usr/bin/env node
// Stands in for the executable `code` where there is no desktop VS Code: takes its options, starts VS Code's
// server, opens it in a headless browser, and exits with the code of the test run inside.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stopAll, stopOnSignals } from '../../../scripts/processes.mjs';
import { launchChromium } from './chromium.mjs';
import { startCodeServer } from './codeServer.mjs';

const { values } = parseArgs({
  strict: false, // test-electron adds options of Electron's
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'folder-uri': { type: 'string' },
  },
});
const userData = mkdtempSync(path.join(os.tmpdir(), 'portside-code-'));
let browser;

stopOnSignals(cleanUp);
process.exitCode = await runTests().catch((error) => {
  console.error(error);
  return 1;
});
await stopAll();
await cleanUp();

async function runTests() {
  const server = await startCodeServer({ userData, say: console.log });
  browser = await launchChromium();
  const page = await browser.newPage();
  const exit = exitCode(page);
  await page.goto(
    server.address({
      folder: values['folder-uri'],
      extensionPath: values.extensionDevelopmentPath,
      extensionTestsPath: values.extensionTestsPath,
    }),
  );
  return exit;
}

// VS Code in a browser has no process to end: it prints `vscode:exit 0`.
function exitCode(page) {
  return new Promise((resolve, reject) => {
    page.on('console', (message) => {
      const exit = /^vscode:exit (\d+)/.exec(message.text());
      if (exit) resolve(Number(exit[1]));
      else if (message.type() === 'error') console.error(message.text());
    });
    page.on('crash', () => reject(new Error('the page crashed')));
    page.on('close', () => reject(new Error('the page was closed')));
  });
}

async function cleanUp() {
  await browser?.close();
  rmSync(userData, { recursive: true, force: true });
}
