import assert from 'node:assert/strict';
import { evidence, startWorkbench, type WorkbenchRun } from '../support/workbenchRun';

/** VS Code and its extensions look for dozens of files that are not there. Here is all that reaches the server. */
describe('What a server hears', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await startWorkbench({ folder: true, settings: () => ({ 'portside.files.pollInterval': 0 }) });
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  // Each ends with the next data connection, made ready.
  const opened = [
    ...['EPSV', 'MLSD /'],
    // What the two links of the sample site lead to.
    ...['SIZE /home.html', 'CWD /home.html', 'SIZE /latest', 'CWD /latest'],
    'EPSV',
  ];
  const expanded = ['MLSD /articles', 'EPSV'];
  const read = ['SIZE /robots.txt', 'MDTM /robots.txt', 'RETR /robots.txt', 'EPSV'];

  it('when its folder is opened', async () => {
    const { workbench } = started();
    await workbench.answer('secret', 'password');
    await workbench.row('about.html').waitFor();
    await hears(opened);
  });

  it('when a folder in it is expanded', async () => {
    const { workbench } = started();
    await workbench.row('articles').click();
    await hears([...opened, ...expanded]);
  });

  it('when a file is opened', async () => {
    const { workbench } = started();
    await workbench.openFile('robots.txt', 'User-agent');
    await hears([...opened, ...expanded, ...read]);
  });

  it('when a folder in it was opened before: nothing', async () => {
    const { workbench } = started();
    await workbench.row('articles').click();
    await workbench.row('articles').click();
    await workbench.row('css').click();
    await workbench.row('site.css').waitFor();
    await hears([...opened, ...expanded, ...read, 'MLSD /css', 'EPSV']);
  });

  /** Since it let VS Code in. */
  async function hears(expected: readonly string[]): Promise<void> {
    const { site, page } = started();
    const heard = (): string[] => site.commands.slice(site.commands.indexOf('EPSV'));
    while (heard().length < expected.length) await page.waitForTimeout(20);
    assert.deepEqual(heard(), expected);
  }
});
