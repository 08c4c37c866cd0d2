import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { promises as disk } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawClient } from './rawClient';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

describe('reference server as a program', () => {
  const program = join(__dirname, '../support/server/main.ts');
  let root: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    root = await disk.mkdtemp(join(tmpdir(), 'main-'));
    await disk.writeFile(join(root, 'a.txt'), 'hello');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await disk.rm(root, { recursive: true });
  });

  async function run(): Promise<{ child: ChildProcess; port: number; exit: Promise<Exit> }> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, '--root', root], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const exit = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    });
    return { child, exit, port: (JSON.parse(line) as { port: number }).port };
  }

  it('serves a folder, and ends when standard input is closed', async () => {
    const { child, exit, port } = await run();
    const client = await RawClient.loggedIn(port);
    const data = await client.passive();
    assert.match(await client.ask('RETR a.txt'), /^150/);
    assert.equal(await data.all, 'hello');
    child.stdin?.end();
    assert.deepEqual(await exit, { code: 0, signal: null });
    client.close();
  });

  it('ends on SIGTERM', async () => {
    const { child, exit } = await run();
    child.kill('SIGTERM');
    assert.deepEqual(await exit, { code: 0, signal: null });
  });
});
