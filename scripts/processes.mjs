// Starts programs so that every one of them, with all it started itself, is gone when the script ends:
// after success, after a failure, and after Ctrl-C. Plain JavaScript, because it runs before `npm ci`.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const windows = process.platform === 'win32';
/** How long a program may take to end by itself; VS Code writes its state to disk in this time. */
const graceMilliseconds = 5000;
const running = new Set();

/** Starts a program in a process group of its own: Ctrl-C in the terminal reaches us alone, and we end it. */
export function launch(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: !windows, ...options });
  running.add(child);
  return child;
}

/** Runs a program to its end: `{ code, output }`, output being the last part of both its streams together. */
export async function run(command, args, options = {}) {
  const child = launch(command, args, options);
  const output = collectOutput(child);
  const code = await ended(child);
  running.delete(child);
  return { code, output: output() };
}

/** Runs npm with the Node that runs us. */
export function npm(args, options = {}) {
  const script = process.env.npm_execpath ?? '';
  const env = withoutScriptVariables(options.env ?? process.env);
  if (/npm-cli\.c?js$/.test(script)) return run(process.execPath, [script, ...args], { ...options, env });
  return run('npm', args, { shell: windows, ...options, env });
}

/** Keeps what a program prints; the function returned gives the last 20 000 characters, enough to see an error. */
export function collectOutput(child) {
  let text = '';
  const keep = (chunk) => (text = (text + chunk).slice(-20000));
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  return () => text;
}

/** The first line of a program's output that `find` makes something of. Rejects when the program ends before. */
export function firstLine(child, find) {
  return new Promise((resolve, reject) => {
    const output = collectOutput(child);
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      const found = lines.map(find).find((value) => value !== undefined);
      if (found !== undefined) resolve(found);
    });
    void ended(child).then((code) =>
      reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}\n${output()}`)),
    );
  });
}

/** Settles when the program has ended and its output is complete; 127 when it could not be started. */
export function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode ?? 1);
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Ends a program and everything it started; settles when all of it is gone. */
export async function stop(child) {
  running.delete(child);
  if (child.pid === undefined) return;
  if (windows) return stopTree(child);
  const family = [child.pid, ...descendants(child.pid)];
  signal(child.pid, family, 'SIGTERM');
  for (let waited = 0; waited < graceMilliseconds && family.some(alive); waited += 20) await wait(20);
  signal(child.pid, family, 'SIGKILL');
  while (family.some(alive)) await wait(20);
}

/** Ends everything that `launch` started. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}

/** On Ctrl-C, `kill` and a closed terminal: runs `cleanUp`, ends all programs, then exits. A second signal changes nothing. */
export function stopOnSignals(cleanUp = () => {}) {
  let stopping = false;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      if (stopping) return;
      stopping = true;
      void stopAll()
        .then(cleanUp)
        .finally(() => process.exit(name === 'SIGINT' ? 130 : 143));
    });
  }
}

// A script's npm_* variables would tell the npm inside that it works on our own package.
function withoutScriptVariables(env) {
  const ours = /^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

function stopTree(child) {
  const tree = spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
  return ended(tree);
}

// The group holds what outlived its parent, the family holds what left the group.
function signal(group, family, name) {
  for (const target of [-group, ...family]) {
    try {
      process.kill(target, name);
    } catch (error) {
      if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
    }
  }
}

function descendants(ancestor) {
  const table = processTable();
  const children = (parent) => table.filter((row) => row.parent === parent).map((row) => row.pid);
  const below = (parent) => children(parent).flatMap((pid) => [pid, ...below(pid)]);
  return below(ancestor);
}

function alive(pid) {
  if (process.platform === 'linux') return processTable().some((row) => row.pid === pid);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Living processes. Linux is read from /proc: a small system has no `ps`, and a dead process nobody waited for is no process. */
function processTable() {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(readStatus)
      .filter((row) => row !== undefined);
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([pid, parent]) => ({ pid, parent }));
}

function readStatus(name) {
  try {
    // 1234 (name of program) S 1 …
    const status = readFileSync(`/proc/${name}/stat`, 'utf8');
    const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid: Number(name), parent: Number(parent) };
  } catch {
    return undefined; // it ended while we looked
  }
}
