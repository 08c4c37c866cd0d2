import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/processes.mjs';
import { openFile, runCommand, screenshot } from '../support/browser';
import { installExtension } from '../support/code/codeServer.mjs';
import { type SampleServer, startSampleServer } from '../support/code/sampleServer.mjs';
import { type RunningCode, startCode } from '../support/code/startCode';
import { note } from '../support/note';

const project = path.resolve(__dirname, '../..');
/** Everything is bundled, and the icon is small: more means that something slipped in. */
const largestBytes = 400_000;
/** Compiling is most of what a start takes: 11 ms for 360 kB. */
const mostCodeBytes = 400_000;
/** VS Code's extension host has all of them for itself, except for `dns/promises`, which is small. */
const nodeModules = [
  'buffer',
  'crypto',
  'dns/promises',
  'fs',
  'net',
  'os',
  'perf_hooks',
  'stream',
  'tls',
  'zlib',
];

/** The aim is 50 on a machine that does nothing else. One that is busy takes many times as long. */
const activationMilliseconds = 5_000;

/** What activationProbe.cjs prints. */
interface Touched {
  readonly modules: readonly string[];
  /** What was called of VS Code, such as `window.createOutputChannel`. */
  readonly calls: readonly string[];
  readonly timers: number;
  readonly network: number;
  readonly reads: number;
  readonly vscodeCopies: number;
}

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
    const bytes = statSync(vsix).size;
    note(`the VSIX: ${bytes} bytes`);
    assert.ok(bytes < largestBytes, `${bytes} bytes`);
  });

  it('holds what the extension needs and nothing else', () => {
    const expected =
      /^(package(\.nls)?\.json|readme\.md|changelog\.md|license\.txt|dist\/extension\.js|dist\/encodings\/[\w-]+\.json|media\/.*)$/i;
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

  it('holds every table of characters that its code asks for', () => {
    const files = installedFiles(userData);
    const code = readFileSync(path.join(installedFolder(userData), 'dist/extension.js'), 'utf8');
    const tables = [...code.matchAll(/require\("\.\/(encodings\/[^"]+)"\)/g)].map(
      ([, name]) => `dist/${name}`,
    );
    assert.ok(tables.length > 0);
    assert.deepEqual(
      tables.filter((name) => !files.includes(name)),
      [],
    );
  });

  // Milliseconds depend on the machine; what takes them can be counted.
  describe('when it starts', () => {
    let code: string, touched: Touched;

    before(async () => {
      code = path.join(installedFolder(userData), 'dist/extension.js');
      const probe = path.join(__dirname, 'activationProbe.cjs');
      const answer = await run(process.execPath, [probe, code], { cwd: project });
      assert.equal(answer.code, 0, answer.output.slice(-2000));
      touched = JSON.parse(answer.output) as Touched;
    });

    it('has little code to compile', () => {
      const bytes = statSync(code).size;
      note(`the code that is compiled at each start: ${bytes} bytes`);
      assert.ok(bytes < mostCodeBytes, `${bytes} bytes`);
    });

    it('loads only modules of Node that VS Code has loaded before', () => {
      assert.deepEqual(touched.modules, nodeModules);
    });

    it('goes through the names of VS Code once', () => {
      assert.equal(touched.vscodeCopies, 1);
    });

    it('reads no file, opens no connection, and waits for nothing but the first look of the status bar', () => {
      const { reads, network, timers } = touched;
      assert.deepEqual({ reads, network, timers }, { reads: 0, network: 0, timers: 1 });
    });

    it('asks neither a person nor the secret storage', () => {
      assert.ok(touched.calls.includes('workspace.registerFileSystemProvider'));
      assert.deepEqual(
        touched.calls.filter((name) => /^window\.show|^secrets\./.test(name)),
        [],
      );
    });
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

    it('is ready soon, by what VS Code itself measured', async () => {
      const { page } = code ?? assert.fail('VS Code has not started');
      await runCommand(page, 'Developer: Show Running Extensions');
      const row = page.locator('.editor-instance .monaco-list-row', { hasText: 'Portside' });
      // Activation: 21ms
      const time = row.locator('.activation-time').filter({ hasText: /\d/ });
      const text = (await time.textContent()) ?? '';
      note(`the VSIX in VS Code, with everything else that starts then: ${text}`);
      assert.ok(Number(/(\d+) ?ms/.exec(text)?.[1]) < activationMilliseconds, text);
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
