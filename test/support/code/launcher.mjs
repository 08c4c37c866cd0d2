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
  const exit = await exitCode(page);
  await page.goto(
    server.address({
      folder: values['folder-uri'],
      extensionPath: values.extensionDevelopmentPath,
      extensionTestsPath: values.extensionTestsPath,
    }),
  );
  return exit.code;
}

// VS Code in a browser has no process to end: it calls this function, if the window has it, as its test driver's.
async function exitCode(page) {
  let exited, failed;
  const code = new Promise((resolve, reject) => ([exited, failed] = [resolve, reject]));
  await page.exposeFunction('codeAutomationExit', (number) => exited(number));
  page.on('crash', () => failed(new Error('the page crashed')));
  page.on('close', () => failed(new Error('the page was closed')));
  page.on('pageerror', (error) => console.error(error));
  return { code };
}

async function cleanUp() {
  await browser?.close();
  rmSync(userData, { recursive: true, force: true });
}
