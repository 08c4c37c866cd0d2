import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/processes.mjs';
import { openFile, screenshot } from '../support/browser';
import { installExtension } from '../support/code/codeServer.mjs';
import { type SampleServer, startSampleServer } from '../support/code/sampleServer.mjs';
import { type RunningCode, startCode } from '../support/code/startCode';

const project = path.resolve(__dirname, '../..');
/** Everything is bundled, and the icon is small: more means that something slipped in. */
const largestBytes = 400_000;

describe('The VSIX', () => {
  let folder: string, vsix: string, userData: string;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portside-vsix-'));
    vsix = path.join(folder, 'portside.vsix');
    userData = path.join(folder, 'code');
    const { code, output } = await run(process.execPath, ['scripts/package.mjs', vsix], { cwd: project });
    assert.equal(code, 0, output);
    await installExtension(vsix, { userData });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is small', () => {
    assert.ok(statSync(vsix).size < largestBytes, `${statSync(vsix).size} bytes`);
  });

  it('holds what the extension needs and nothing else', () => {
    const expected =
      /^(package(\.nls)?\.json|readme\.md|changelog\.md|license\.txt|dist\/extension\.js|media\/.*)$/i;
    const added = ['.vsixmanifest']; // by VS Code when it installs
    const files = installedFiles(userData).filter((name) => !added.includes(name));
    assert.deepEqual(
      files.filter((name) => !expected.test(name)),
      [],
    );
    for (const name of ['package.json', 'dist/extension.js']) assert.ok(files.includes(name), name);
  });

  it('holds every file that its manifest names', () => {
    const files = installedFiles(userData);
    const manifest = readFileSync(path.join(installedFolder(userData), 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:media|dist)\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((name) => !files.includes(name)),
      [],
    );
  });

  describe('installed', () => {
    let server: SampleServer | undefined;
    let code: RunningCode | undefined;

    after(async () => {
      await code?.stop();
      await server?.stop();
    });

    it('opens a file of a server', async () => {
      server = await startSampleServer();
      code = await startCode({ userData, folder: `ftp://${server.user}@127.0.0.1:${server.port}/` });
      const { page } = code;
      try {
        const prompt = page.locator('.quick-input-widget input[type="password"]');
        await prompt.fill(server.password);
        await prompt.press('Enter');
        await openFile(page, 'about.html');
        await page.locator('.view-lines', { hasText: 'museum of ships' }).waitFor();
      } finally {
        await screenshot(page, 'vsix');
      }
    });
  });
});

function installedFolder(userData: string): string {
  const extensions = path.join(userData, 'extensions');
  const name = readdirSync(extensions).find((entry) => entry.startsWith('portside.portside-'));
  return path.join(extensions, name ?? 'portside.portside');
}

function installedFiles(userData: string): string[] {
  const folder = installedFolder(userData);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) =>
    path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
  );
}
