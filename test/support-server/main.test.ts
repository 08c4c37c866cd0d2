import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { promises as disk } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import { credentials } from '../support/server/tls/tlsSettings';
import { RawClient } from './rawClient';
import { TlsClient } from './tlsClient';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Ports {
  readonly port: number;
  readonly explicitPort: number;
  readonly implicitPort: number;
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

  async function run(...more: string[]): Promise<{ child: ChildProcess; ports: Ports; exit: Promise<Exit> }> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, '--root', root, ...more], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const exit = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    });
    return { child, exit, ports: JSON.parse(line) as Ports };
  }

  it('serves a folder, and ends when standard input is closed', async () => {
    const { child, exit, ports } = await run();
    const client = await RawClient.loggedIn(ports.port);
    const data = await client.passive();
    assert.match(await client.ask('RETR a.txt'), /^150/);
    assert.equal(await data.all, 'hello');
    child.stdin?.end();
    assert.deepEqual(await exit, { code: 0, signal: null });
    client.close();
  });

  it('serves the folder in TLS on two more ports', async () => {
    const { child, exit, ports } = await run('--certificate', 'selfSigned');
    const { network } = nodeEnvironment();
    const how = { ca: credentials('selfSigned').cert };
    const explicit = await TlsClient.loggedIn(network, { host: '127.0.0.1', port: ports.explicitPort }, how);
    const implicit = await TlsClient.openImplicit(
      network,
      { host: '127.0.0.1', port: ports.implicitPort },
      how,
    );
    await implicit.logIn();
    await implicit.protect();
    for (const client of [explicit, implicit]) {
      assert.equal(await client.fetch('RETR a.txt'), 'hello');
      client.close();
    }
    child.kill('SIGTERM');
    assert.deepEqual(await exit, { code: 0, signal: null });
  });

  it('ends on SIGTERM', async () => {
    const { child, exit } = await run();
    child.kill('SIGTERM');
    assert.deepEqual(await exit, { code: 0, signal: null });
  });
});
