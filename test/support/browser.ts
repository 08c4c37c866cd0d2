import { mkdirSync } from 'node:fs';
import path from 'node:path';
// Loaded before the first case: it adds globals, which mocha would take for a leak of that case.
import 'playwright-core';
import type { Browser, Page } from 'playwright-core';

const screenshots = path.resolve(__dirname, '../../test-results/screenshots');
const workbenchMilliseconds = 60_000;

/** Opens VS Code's page in `browser`; answers when the workbench stands: title bar, Explorer and status bar. */
export async function openWorkbench(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(workbenchMilliseconds);
  await page.goto(url);
  for (const part of ['.monaco-workbench', '.part.activitybar', '.part.statusbar .statusbar-item']) {
    await page.locator(part).first().waitFor();
  }
  return page;
}

/** Runs a command by the title it has in the command palette, category included. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

/** Opens a file that the Explorer shows. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
}

/** Stores test-results/screenshots/<name>.png. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  // A notification that still fades in is no picture of it.
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
}

/**
 * Opening a folder reloads the page. VS Code in a browser keeps secrets there, encrypted with a key half of which
 * comes from its server; the bare server has none to give, and then secrets are lost with the page. So they are when the
 * page is reloaded before that half has come, since nothing waits for it: the page has it at once.
 */
export async function keepSecrets(page: Page): Promise<void> {
  await page.addInitScript({ content: keyAtOnce });
  await page.evaluate(keyAtOnce);
}

const keyAtOnce = `{
  const ask = window.fetch;
  const key = () => new Response(new Uint8Array(32).fill(7));
  window.fetch = (to, how) => (String(to).endsWith('/mint-key') ? Promise.resolve(key()) : ask(to, how));
}`;
