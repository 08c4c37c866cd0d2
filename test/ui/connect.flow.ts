import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { keepSecrets, screenshot } from '../support/browser';
import { evidence, project, startWorkbench, type WorkbenchRun } from '../support/workbenchRun';
import { WorkbenchSite } from '../support/workbenchSite';

describe('Connect to FTP Server', () => {
  let run: WorkbenchRun | undefined;
  let second: WorkbenchSite | undefined;
  let userData = '';
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    second = await WorkbenchSite.start();
    run = await startWorkbench({
      folder: false,
      prepare: (folder) => installRival((userData = folder)),
    });
    await keepSecrets(run.page);
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(async () => {
    await run?.stop();
    await second?.stop();
  });

  it('is offered by the Explorer of an empty window', async () => {
    const { workbench, page } = started();
    await workbench.runCommand('View: Show Explorer');
    await page.locator('.welcome-view').getByText('Open FTP Server').waitFor();
    await screenshot(page, 'empty-window');
    await page.locator('.welcome-view').getByText('Open FTP Server').click();
    await workbench.quickInput.filter({ hasText: 'Connect to FTP Server' }).waitFor();
  });

  it('opens what is typed; the password goes neither into the URI nor into the settings', async () => {
    const { workbench, page, site } = started();
    const input = workbench.quickInput.locator('input[type="text"]');
    await input.fill(`ftp://127.0.0.1:${site.port}/`);
    await screenshot(page, 'connect-typed');
    await input.fill(`ftp://web:secret@127.0.0.1:${site.port}/`);
    const row = workbench.quickInput.locator('.monaco-list-row');
    await row.filter({ hasText: 'goes to the secret storage, not to the settings' }).waitFor();
    assert.doesNotMatch((await row.first().textContent()) ?? '', /secret@/);
    await input.press('Enter');
    await workbench.row('about.html').waitFor();
    await workbench.waitForStatus('127.0.0.1');
    const folder = new URL(page.url()).searchParams.get('folder');
    assert.equal(folder, site.url);
    await workbench.runCommand('Preferences: Open User Settings (JSON)');
    await workbench.tab('settings.json').waitFor();
    await workbench.editor.first().waitFor();
    assert.doesNotMatch((await workbench.editor.first().textContent()) ?? '', /secret|ftp:/);
    await screenshot(page, 'connected');
  });

  it('adds a second server as a folder of its own, beside the first', async () => {
    const { workbench, page, site } = started();
    await workbench.runCommand('Portside: Connect to FTP Server');
    await workbench.quickInput.filter({ hasText: 'Connect to FTP Server' }).waitFor();
    // Enter follows at once, as after a paste.
    await workbench.answer(`ftp://web:secret@localhost:${second?.port}/articles`, 'text');
    // VS Code makes a workspace of the two folders, and opens that. What it shows of it is not for us to test.
    await page.waitForURL(/[?&]workspace=/);
    const file = new URL(page.url()).searchParams.get('workspace') ?? '';
    const { folders } = JSON.parse(readFileSync(file, 'utf8')) as { folders: unknown };
    const added = { uri: `ftp://web@localhost:${second?.port}/articles`, name: 'localhost' };
    assert.deepEqual(folders, [{ uri: site.url }, added]);
  });

  it('says which other extension handles ftp:// addresses already, and what to do', async () => {
    const { code, workbench, page, site } = started();
    writeFileSync(path.join(rivalFolder(userData), 'awake'), '');
    await page.goto(code.server.address({ folder: site.url, extensionPath: project }));
    const text = await workbench.onlyToast('already handles ftp:// addresses');
    await screenshot(page, 'scheme-taken');
    assert.equal(
      text,
      'Another extension (rival.ftp) already handles ftp:// addresses, so Portside cannot open folders. Disable one of the two and reload.',
    );
    await workbench.toasts.getByText('Show Extensions').click();
    await page.locator('.extensions-viewlet').waitFor();
  });
});

/** An extension that takes the scheme as soon as VS Code is up, once it may, and whose root is empty. */
function installRival(userData: string): void {
  const folder = rivalFolder(userData);
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'ftp',
    publisher: 'rival',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    main: './extension.js',
    activationEvents: ['*', 'onFileSystem:ftp'],
    capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'extension.js'), rivalSource);
}

function rivalFolder(userData: string): string {
  return path.join(userData, 'extensions/rival.ftp-1.0.0');
}

const rivalSource = `
const { existsSync } = require('node:fs');
const vscode = require('vscode');
const nothing = { dispose() {} };
const refuse = () => {
  throw vscode.FileSystemError.NoPermissions();
};
const provider = {
  onDidChangeFile: () => nothing,
  watch: () => nothing,
  stat(uri) {
    if (uri.path !== '/') throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  },
  readDirectory: () => [],
  ...Object.fromEntries(['createDirectory', 'readFile', 'writeFile', 'delete', 'rename'].map((name) => [name, refuse])),
};
exports.activate = () => {
  if (existsSync(__dirname + '/awake')) vscode.workspace.registerFileSystemProvider('ftp', provider);
};
`;
