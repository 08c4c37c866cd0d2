import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { collectOutput, ended, firstLine } from '../../scripts/processes.mjs';
import { skip } from '../support/skip';

// Processes are told by an environment variable that they inherit: also those that left the group or lost their parent.
const project = path.resolve(__dirname, '../..');

describe('npm start', function () {
  let mark: string, folder: string;
  let script: ChildProcess | undefined;

  before(function () {
    if (process.platform !== 'linux') skip(this, 'left-over processes are looked for in /proc');
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portside-start-'));
    mark = `PORTSIDE_MARK=${path.basename(folder)}`;
  });
  afterEach(() => {
    for (const pid of marked(mark)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
    script = undefined;
  });

  it('opens VS Code in the browser on the sample server, and SIGINT leaves nothing behind', async () => {
    script = start(mark, { PATH: path.dirname(process.execPath) });
    const ftp = Number(await firstLine(script, (line) => /ftp:\/\/web@127\.0\.0\.1:(\d+)\//.exec(line)?.[1]));
    const page = await firstLine(script, (line) => /^Open {2}(http:\S+)/.exec(line)?.[1]);
    assert.equal((await fetch(page)).status, 200);
    assert.equal(new URL(page).searchParams.get('folder'), `ftp://web@127.0.0.1:${ftp}/`);
    assert.match(await greeting(ftp), /^220[ -]/);
    script.kill('SIGINT');
    assert.equal(await ended(script), 130);
    assert.deepEqual(marked(mark), []);
    await assert.rejects(greeting(ftp), { code: 'ECONNREFUSED' });
    await assert.rejects(greeting(Number(new URL(page).port)), { code: 'ECONNREFUSED' });
  });

  it('opens the desktop VS Code when it is on the PATH, with the server that was asked for', async () => {
    script = start(mark, { PATH: withCode(folder, 'sleep 600') }, 'ftp://me@127.0.0.1:9/pub');
    await firstLine(script, (line) => (line.startsWith('Press Ctrl-C') ? true : undefined));
    const args = await written(path.join(folder, 'arguments'));
    assert.ok(args.includes(`--extensionDevelopmentPath=${project}`));
    assert.equal(args[args.indexOf('--folder-uri') + 1], 'ftp://me@127.0.0.1:9/pub');
    script.kill('SIGINT');
    await ended(script);
    assert.deepEqual(marked(mark), []);
  });

  it('ends what it started when a step fails', async () => {
    script = start(mark, { PATH: withCode(folder, 'exit 3') });
    const ftp = Number(await firstLine(script, (line) => /ftp:\/\/web@127\.0\.0\.1:(\d+)\//.exec(line)?.[1]));
    assert.equal(await ended(script), 1);
    assert.deepEqual(marked(mark), []);
    await assert.rejects(greeting(ftp), { code: 'ECONNREFUSED' });
  });

  it('says what it takes when the address is no FTP address', async () => {
    script = start(mark, {}, 'http://127.0.0.1/');
    const output = collectOutput(script);
    assert.equal(await ended(script), 1);
    assert.match(output(), /npm start/);
  });
});

function start(mark: string, environment: Record<string, string>, ...args: string[]): ChildProcess {
  const [name = '', value = ''] = mark.split('=');
  const env = { ...process.env, ...environment, [name]: value };
  return spawn(process.execPath, ['scripts/start.mjs', ...args], { cwd: project, env });
}

/** A stand-in for `code` that writes down its arguments. */
function withCode(folder: string, then: string): string {
  const file = path.join(folder, 'code');
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/unfinished'\n`);
  writeFileSync(file, `mv '${folder}/unfinished' '${folder}/arguments'\n${then}\n`, { flag: 'a' });
  chmodSync(file, 0o755);
  return `${folder}${path.delimiter}${process.env['PATH']}`;
}

async function written(file: string): Promise<string[]> {
  while (!existsSync(file)) await new Promise((resolve) => setImmediate(resolve));
  return readFileSync(file, 'utf8').split('\n');
}

function marked(mark: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => environmentOf(pid).includes(mark)).map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', reject).once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString());
    });
  });
}
