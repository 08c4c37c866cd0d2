import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { screenshot } from '../support/browser';
import { FaultScript } from '../support/server/faultScript';
import { cssOf, type Workbench } from '../support/workbench';
import { contrast } from '../support/workbenchContrast';
import { evidence, startWorkbench, type WorkbenchRun } from '../support/workbenchRun';
import { type ThemeKind, themes } from '../support/workbenchSettings';
import { slowData } from '../support/workbenchSite';

const kinds = Object.keys(themes) as ThemeKind[];

describe('A folder of a server', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await startWorkbench({ folder: true });
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  it('asks for its password when it is opened by its URI alone', async () => {
    const { workbench, page } = started();
    const box = workbench.quickInput;
    await box.filter({ hasText: 'Sign In to 127.0.0.1' }).waitFor();
    await box.filter({ hasText: '(encrypted if the server offers TLS)' }).waitFor();
    await workbench.waitForStatus('Sign in to 127.0.0.1');
    await screenshot(page, 'password-asked');
  });

  it('says why a password was refused, and asks again', async () => {
    const { workbench, page } = started();
    await workbench.answer('wrong', 'password');
    await workbench.quickInput.filter({ hasText: 'Refused: “Login incorrect”' }).waitFor();
    await screenshot(page, 'password-refused');
    await workbench.answer('secret', 'password');
    await workbench.row('about.html').waitFor();
    await started().useTheme('light');
    await workbench.waitForStatus(/127\.0\.0\.1$/);
    await workbench.monitor.locator('.codicon-plug').waitFor();
  });

  it('shows every name that the server has, and none besides', async () => {
    const { workbench, page, site } = started();
    await page.setViewportSize({ width: 1280, height: 1200 }); // lists draw only what is in view
    await workbench.row('odd names').click();
    await workbench.row('with blank.txt').waitFor();
    const names = await workbench.names();
    await screenshot(page, 'explorer-odd-names');
    const expected = ['.', 'odd names'].flatMap((folder) => readdirSync(path.join(site.folder, folder)));
    assert.deepEqual(names.sort(), expected.sort());
    await workbench.row('odd names').click();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('opens a file with odd characters in its name', async () => {
    const { workbench } = started();
    await workbench.row('odd names').click();
    for (const name of ['hash#sign.txt', 'per%20cent.txt', 'Grüße.txt']) {
      await workbench.openFile(name, `The name of this file is: ${name}`);
    }
    await workbench.row('odd names').click();
    await workbench.runCommand('View: Close All Editors');
  });

  it('saves a file: the server has its bytes, and the tab is clean', async () => {
    const { workbench, page, site } = started();
    const before = site.read('robots.txt');
    await workbench.openFile('robots.txt', 'User-agent');
    await workbench.append('robots.txt', 'Disallow: /entwürfe/\n');
    await workbench.save();
    await workbench.waitForSaved('robots.txt');
    const expected = Buffer.concat([before, Buffer.from('Disallow: /entwürfe/\n')]);
    assert.deepEqual(site.read('robots.txt'), expected);
    await workbench.waitForStatus('Saved robots.txt');
    await screenshot(page, 'saved');
    await workbench.waitForStatus(/127\.0\.0\.1$/);
  });

  it('shows the protocol log in columns, with the password masked', async () => {
    const { workbench, page } = started();
    await workbench.runCommand('Portside: Show Protocol Log');
    const passwords = await workbench.log('> PASS');
    assert.deepEqual(
      new Set(passwords.map((line) => line.slice(line.indexOf('>')))),
      new Set(['> PASS ******']),
    );
    await screenshot(page, 'log-filtered');
    const columns = /^\d\d:\d\d:\d\d\.\d{3} (?: {7}| *\+\d+\.\d{3}) 127\.0\.0\.1 #\d{1,3} +[[\]><=~!] \S/;
    const lines = await workbench.log('127.0.0.1');
    assert.deepEqual(
      lines.filter((line) => !columns.test(line)),
      [],
    );
    assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /secret/);
  });

  it('sends a raw command, and the log has its reply', async () => {
    const { workbench, page, site } = started();
    await workbench.runCommand('Portside: Send Raw Command');
    await workbench.quickInput.filter({ hasText: 'Send a Command to 127.0.0.1' }).waitFor();
    await screenshot(page, 'raw-command');
    await workbench.answer('SITE HELP', 'text');
    const sent = (await workbench.log('> SITE HELP')).at(-1) ?? '';
    const operation = /#\d+ +/.exec(sent)?.[0] ?? assert.fail(sent);
    const replies = await workbench.log(`${operation}<`);
    assert.match(replies[0] ?? '', /< 2\d\d/);
    assert.ok(site.commands.includes('SITE HELP'));
    await screenshot(page, 'raw-command-log');
    await workbench.showWholeLog();
  });

  it('says how far a transfer is while the log goes on', async function () {
    this.timeout(120_000);
    const { workbench, page, site, useTheme } = started();
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('index.html', 'Harbour Museum');
    await workbench.row('logs').click();
    site.trouble = slowData(1000);
    await workbench.row('access.log').dblclick();
    await workbench.tab('index.html').click();
    const reading = /Reading \s*\d+% · [\d.]+ [kM]B\/s/;
    await workbench.waitForStatus(reading);
    for (const kind of kinds) {
      await useTheme(kind);
      await workbench.waitForStatus(reading);
      await screenshot(page, `reading-${dashed(kind)}`);
    }
    await workbench.monitor.hover();
    await page.locator('.monaco-hover', { hasText: 'Reading /logs/access.log' }).waitFor();
    await screenshot(page, 'monitor-tooltip-high-contrast');
    site.trouble = undefined;
    await workbench.monitor.locator('.codicon-plug').waitFor();
  });

  describe('the log’s reply codes', () => {
    before(async () => {
      const { workbench, site } = started();
      site.trouble = new FaultScript({ point: 'reply(NOOP)', kind: 'code', code: 450 });
      await workbench.runCommand('Portside: Send Raw Command');
      await workbench.answer('NOOP', 'text');
      await workbench.log('Fault injected');
      site.trouble = undefined;
      await workbench.showWholeLog();
    });

    for (const kind of kinds) {
      it(`are told apart and can be read, in ${kind}`, async () => {
        const { workbench, page, useTheme } = started();
        await useTheme(kind);
        await workbench.monitor.locator('.codicon-plug').waitFor();
        await screenshot(page, `idle-${dashed(kind)}`);
        const background = await cssOf(workbench.panel, 'background-color');
        const colours = [];
        for (const line of repliesByClass) colours.push(await colourOfCode(workbench, line));
        await workbench.showWholeLog();
        assert.equal(new Set(colours).size, 4, colours.join(' '));
        // WCAG 2.2 asks 4.5 of text; the themes' own colours for code keep 3.
        for (const colour of colours) {
          assert.ok(contrast(colour, background) >= 3, `${colour} on ${background}`);
        }
      });
    }
  });

  it('disconnects, and connects again when a folder is touched', async () => {
    const { workbench, page, site } = started();
    await workbench.runCommand('Portside: Disconnect');
    await workbench.monitor.locator('.codicon-debug-disconnect').waitFor();
    assert.equal(site.commands.at(-1), 'QUIT');
    await screenshot(page, 'disconnected');
    await workbench.row('css').click();
    await workbench.row('site.css').waitFor();
    await workbench.monitor.locator('.codicon-plug').waitFor();
    assert.equal(site.commands.filter((line) => line.startsWith('PASS ')).length, 3);
  });
});

/** Words of one reply that begins with 2, one with 3, with 4, and with 5. */
const repliesByClass = ['Listing complete', 'Password required', 'Fault injected', 'Not a directory'];

async function colourOfCode(workbench: Workbench, words: string): Promise<string> {
  await workbench.log(words);
  const code = workbench.panel.locator('.view-line span span').filter({ hasText: /^\d\d\d$/ });
  return cssOf(code.first(), 'color');
}

function dashed(kind: ThemeKind): string {
  return kind.replace(' ', '-');
}
