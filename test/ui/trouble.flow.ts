import assert from 'node:assert/strict';
import { screenshot } from '../support/browser';
import { FaultScript } from '../support/server/faultScript';
import { evidence, startWorkbench, type WorkbenchRun } from '../support/workbenchRun';
import { hostileWords } from '../support/workbenchSite';

const hostile = '[x](command:workbench.action.quit) $(flame)<b>\x1b[31m';

describe('A server that says no', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await signedIn();
    await run.workbench.openFile('robots.txt', 'User-agent');
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  it('for lack of space: the editor stays dirty, and one toast says what is there now', async () => {
    const { workbench, page, site } = started();
    site.trouble = new FaultScript({ point: 'file(write)', kind: 'full', once: false });
    await workbench.append('robots.txt', '# one\n');
    await workbench.save();
    const text = await workbench.onlyToast('Failed to save');
    await workbench.waitForStatus('Not saved: robots.txt');
    await screenshot(page, 'save-no-space');
    assert.match(text, /No space left for (web|this user) on 127\.0\.0\.1 \(quota or disk\)\./);
    assert.match(
      text,
      /The old content is untouched\.|The file there may be cut off; your text is in the editor\./,
    );
    assert.ok(await workbench.isDirty('robots.txt'));
    site.trouble = undefined;
  });

  it('in hostile words: they are plain text everywhere', async () => {
    const { workbench, page, site } = started();
    await workbench.closeToasts();
    const refused = new FaultScript({ point: 'file(openWrite)', kind: 'denied', once: false });
    site.trouble = hostileWords(hostile, refused);
    await workbench.openFile('README.md', 'The files of the web site');
    const before = site.read('README.md');
    await workbench.append('README.md', 'More.\n');
    await workbench.save();
    const text = await workbench.onlyToast("Failed to save 'README.md'");
    await screenshot(page, 'hostile-words');
    assert.ok(text.includes('“[x] (command:workbench.action.quit) $ (flame)<b>·[31m”'), text);
    assert.match(text, /Nothing on 127\.0\.0\.1 was changed\./);
    assert.equal(await workbench.toasts.locator('a[href^="command:"], .codicon-flame, b').count(), 0);
    const [line = ''] = await workbench.log('< 550 [x]');
    assert.ok(line.endsWith(String.raw`< 550 [x](command:workbench.action.quit) $(flame)<b>\x1b[31m`), line);
    await screenshot(page, 'hostile-words-log');
    await workbench.showWholeLog();
    assert.deepEqual(site.read('README.md'), before);
    site.trouble = undefined;
  });

  it('and then yes: Retry saves', async () => {
    const { workbench, site } = started();
    await workbench.toasts.getByText('Retry').click();
    await workbench.waitForSaved('README.md');
    assert.match(site.read('README.md').toString(), /More\.\n$/);
  });

  it('to a listing: a notification says that the folder only looks empty', async () => {
    const { workbench, page, site } = started();
    site.trouble = new FaultScript({ point: 'file(list)', kind: 'denied', once: false });
    await workbench.row('css').click();
    const text = await workbench.onlyToast('could not be listed');
    await screenshot(page, 'listing-refused');
    assert.match(
      text,
      /^\/css on 127\.0\.0\.1 could not be listed\. .*“.*Permission denied”\. It may look empty, but it is not\.$/,
    );
    site.trouble = undefined;
    await workbench.toasts.getByText('Retry').click();
    await workbench.row('site.css').waitFor();
  });
});

describe('A server that goes away', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await signedIn();
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  it('is missed as soon as it is needed: a notification, and the status bar', async () => {
    const { workbench, page, site } = started();
    await site.goAway();
    await workbench.row('notes').click();
    const text = await workbench.onlyToast('could not be listed');
    await workbench.waitForStatus('127.0.0.1 refuses connections');
    await screenshot(page, 'server-gone');
    assert.match(text, new RegExp(`127\\.0\\.0\\.1 refuses connections on port ${site.port}\\.`));
  });

  it('is used again when it is back: Retry lists the folder', async () => {
    const { workbench, page, site } = started();
    await site.comeBack();
    await workbench.toasts.getByText('Retry').click();
    await workbench.row('01.md').waitFor();
    await workbench.monitor.locator('.codicon-plug').waitFor();
    await screenshot(page, 'server-back');
  });
});

async function signedIn(): Promise<WorkbenchRun> {
  const run = await startWorkbench({ folder: true });
  try {
    await run.workbench.answer('secret', 'password');
    await run.workbench.row('about.html').waitFor();
    await run.useTheme('light');
    await run.workbench.runCommand('Portside: Show Protocol Log');
    return run;
  } catch (error) {
    await run.stop();
    throw error;
  }
}
