import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkbench, screenshot } from '../support/browser';
import { launchChromium } from '../support/code/chromium.mjs';
import { startCodeServer } from '../support/code/codeServer.mjs';
import { Workbench } from '../support/workbench';
import { project } from '../support/workbenchRun';
import { quietSettings } from '../support/workbenchSettings';
import { WorkbenchSite } from '../support/workbenchSite';

describe('Two servers in one window', () => {
  let run: TwoServers | undefined;
  const started = (): TwoServers => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await startTwoServers();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && run) await screenshot(run.page, 'failed-two-servers');
  });
  after(() => run?.stop());

  it('are both shown', async () => {
    const { workbench, page } = started();
    await workbench.row('about.html').waitFor();
    await workbench.row('mirror').waitFor();
    // Else the Explorer cannot paste in a browser.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.waitForStatus('2 servers');
    await workbench.runCommand('Portside: Show Protocol Log');
    // Its editor takes the focus when it comes.
    await workbench.log('[ List');
    await workbench.showWholeLog();
    await screenshot(page, 'two-servers');
  });

  it('exchange a folder that is copied and pasted in the Explorer, once a person has allowed it', async () => {
    const { workbench, page, shop, mirror } = started();
    await workbench.row('deep').click();
    await workbench.row('depth.txt').waitFor();
    await page.keyboard.press('Control+c');
    await workbench.row('mirror').click();
    await workbench.row('mirror').and(page.locator('.focused.selected')).waitFor();
    await page.keyboard.press('Control+v');
    await workbench.dialog.filter({ hasText: 'Copy directly from shop to mirror?' }).waitFor();
    await screenshot(page, 'server-to-server-question');
    await workbench.dialog.getByRole('button', { name: 'Copy Directly' }).click();
    await workbench.row('deep').nth(1).waitFor();
    await screenshot(page, 'server-to-server-pasted');
    assert.deepEqual(treeOf(mirror, 'deep'), treeOf(shop, 'deep'));
  });

  it('are told each other’s addresses, and the log has both conversations', async () => {
    const { workbench, page } = started();
    const passive = await workbench.log('< 227 ');
    const active = await workbench.log('> PORT ');
    await workbench.showWholeLog();
    await workbench.runCommand('View: Toggle Maximized Panel');
    await screenshot(page, 'server-to-server-log');
    await workbench.runCommand('View: Toggle Maximized Panel');
    assert.equal(passive.length, 7);
    assert.ok(passive.every((line) => line.includes(' mirror ')));
    assert.ok(active.every((line) => line.includes(' shop ')));
    assert.deepEqual(active.map(hostPort), passive.map(hostPort));
  });

  it('exchange a folder by a command, and nobody is asked again', async () => {
    const { workbench, page, shop, mirror } = started();
    await workbench.row('css').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'FTP' }).hover();
    await page.getByRole('menuitem', { name: 'Copy to Another Server…' }).hover();
    await page.locator('.action-item.focused', { hasText: /^Copy to Another Server…$/ }).waitFor();
    await screenshot(page, 'server-to-server-menu');
    // A menu that has just opened takes no clicks yet.
    await page.keyboard.press('Enter');
    await workbench.quickInput.filter({ hasText: 'Copy to Another Server' }).waitFor();
    await screenshot(page, 'server-to-server-choice');
    await workbench.answer('mirror', 'text');
    await workbench.quickInput.filter({ hasText: 'Folder on mirror' }).waitFor();
    await screenshot(page, 'server-to-server-folder');
    await workbench.answer('/copies/of', 'text');
    const files = treeOf(shop, 'css');
    for (const { length } of Object.values(files)) await workbench.log(`] Copied ${length} bytes directly`);
    await screenshot(page, 'server-to-server-copied');
    assert.deepEqual(treeOf(mirror, 'copies/of/css'), files);
  });
});

/** `127,0,0,1,196,34` of a line of the log. */
function hostPort(line: string): string {
  return /\d+(?:,\d+){5}/.exec(line)?.[0] ?? assert.fail(line);
}

interface TwoServers {
  readonly shop: WorkbenchSite;
  readonly mirror: WorkbenchSite;
  readonly page: Page;
  readonly workbench: Workbench;
  stop(): Promise<void>;
}

/** The sample site on one server, nothing on the other, and VS Code with both as its folders. */
async function startTwoServers(): Promise<TwoServers> {
  const userData = mkdtempSync(path.join(os.tmpdir(), 'portside-ui-two-'));
  const endings: (() => void | Promise<void>)[] = [() => rmSync(userData, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const shop = await WorkbenchSite.start();
    endings.push(() => shop.stop());
    const mirror = await emptySite();
    endings.push(() => mirror.stop());
    const file = path.join(userData, 'two.code-workspace');
    writeFileSync(file, JSON.stringify(workspaceOf({ shop: shop.port, mirror: mirror.port })));
    const code = await startCodeServer({ userData, settings: quietSettings });
    endings.push(() => code.stop());
    const browser = await launchChromium();
    endings.push(() => browser.close());
    const address = code.address({ extensionPath: project });
    const page = await openWorkbench(browser, `${address}&workspace=${encodeURIComponent(file)}`);
    page.setDefaultTimeout(40_000);
    return { shop, mirror, page, workbench: new Workbench(page), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function emptySite(): Promise<WorkbenchSite> {
  const site = await WorkbenchSite.start();
  for (const name of readdirSync(site.folder)) {
    rmSync(path.join(site.folder, name), { recursive: true, force: true });
  }
  return site;
}

/** A workspace file. Nobody is asked for a password: both are used anonymously. */
function workspaceOf(ports: Readonly<Record<string, number>>): unknown {
  const sites = Object.entries(ports).map(([name, port]) => ({ name, host: '127.0.0.1', port }));
  const folders = sites.map(({ name, host, port }) => ({ name, uri: `ftp://${host}:${port}/` }));
  return { folders, settings: { 'portside.sites': sites } };
}

/** The bytes of all files below, by their names from there. */
function treeOf(site: WorkbenchSite, folder: string): Record<string, string> {
  const root = path.join(site.folder, folder);
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)));
  return Object.fromEntries(
    names.sort().map((name) => [name, site.read(path.join(folder, name)).toString('latin1')]),
  );
}
