// Moves one large file with Portside or basic-ftp, and prints a TransferResult. In a process of its own: neither its
// speed nor its memory shall depend on what was measured before.
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { connect, type ConnectOptions } from '../../src/ftp';
import { makeRoom } from './room';
import { mebibyte, type TransferResult, type TransferTask } from './transfers';

/** Milliseconds between two looks at the memory. */
const sampling = 5;

/** Takes bytes and keeps none. */
class Counter extends Writable {
  bytes = 0;

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.bytes += chunk.length;
    done();
  }
}

async function withPortside(task: TransferTask): Promise<TransferResult> {
  const { host, port, user, password, home } = task.server;
  const session = await connect({ host, port, user, password, ...securityOf(task) });
  await session.list(home);
  return measured(task, async (path, size) => {
    if (task.direction === 'read') return (await session.read(path)).length;
    const counter = new Counter();
    if (task.direction === 'down') await session.download(path, counter);
    else await session.upload(zeros(size), path);
    return task.direction === 'down' ? counter.bytes : size;
  });
}

function securityOf({ authority }: TransferTask): Pick<ConnectOptions, 'security' | 'tls'> {
  if (authority === undefined) return { security: 'none' };
  return { security: 'explicit', tls: { authorities: [readFileSync(authority, 'utf8')] } };
}

async function withBasicFtp(task: TransferTask): Promise<TransferResult> {
  const { host, port, user, password, home } = task.server;
  const client = new Client();
  const ca = task.authority && readFileSync(task.authority, 'utf8');
  await client.access({
    host,
    port,
    user,
    password,
    ...(ca && { secure: true, secureOptions: { ca, host } }),
  });
  await client.list(home);
  return measured(task, async (path, size) => {
    const counter = new Counter();
    if (task.direction === 'down') await client.downloadTo(counter, path);
    else await client.uploadFrom(zeros(size), path);
    return task.direction === 'down' ? counter.bytes : size;
  });
}

/** @param move answers how many bytes it moved */
async function measured(
  task: TransferTask,
  move: (path: string, size: number) => Promise<number>,
): Promise<TransferResult> {
  globalThis.gc?.();
  const grown = growth();
  // The first transfer pays for what a session learns once.
  if (task.first) await move(task.first.path, task.first.size);
  let milliseconds = await timed(task, move);
  const memory = grown();
  for (let time = 1; time < task.times; time++) {
    milliseconds = Math.min(milliseconds, await timed(task, move));
  }
  return { milliseconds, memory };
}

async function timed(
  task: TransferTask,
  move: (path: string, size: number) => Promise<number>,
): Promise<number> {
  makeRoom(task);
  const began = performance.now();
  const moved = await move(task.path, task.size);
  if (moved !== task.size) throw new Error(`${moved} bytes of ${task.size} were moved`);
  return performance.now() - began;
}

/** Looks at the process's memory until it is asked by how much that has grown at most. */
function growth(): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => void (most = Math.max(most, process.memoryUsage.rss()));
  const sampler = setInterval(look, sampling);
  return () => {
    clearInterval(sampler);
    look();
    return most - before;
  };
}

function zeros(size: number): Readable {
  const chunk = Buffer.alloc(mebibyte / 16);
  let left = size;
  return new Readable({
    read() {
      const length = Math.min(left, chunk.length);
      left -= length;
      this.push(length > 0 ? chunk.subarray(0, length) : null);
    },
  });
}

const task = JSON.parse(process.argv[2] ?? '') as TransferTask;
(task.who === 'basic-ftp' ? withBasicFtp(task) : withPortside(task)).then(
  (result) => {
    console.log(JSON.stringify(result));
    process.exit();
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
