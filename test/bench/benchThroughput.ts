import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../scripts/processes.mjs';
import { DaemonMissing, startDaemon, type Daemon } from '../servers/daemon';
import { authority } from '../servers/daemonTls';
import { isOnPath } from './longLink';
import { withMemoryFolder } from './memoryFolder';
import type { BenchOptions } from './options';
import { ourName, printLines, type Line } from './report';
import { transferWithCurl, transferWithLftp } from './transferRivals';
import { mebibyte, type Direction, type TransferResult, type TransferTask } from './transfers';

const usualSize = 1024 * mebibyte;
/** Read into memory as a whole. */
const readSize = 256 * mebibyte;
const firstSize = 8 * mebibyte;
/** So often each has its turn, and then moves the file several times. */
const usualRuns = 4;
const usualTimes = 3;
const bigFile = 'big.bin';
const mediumFile = 'medium.bin';
const firstFile = 'first.bin';
const uploaded = 'uploaded.bin';

/** Beyond what the process takes anyway. */
const mostStreamed = 64;
const mostBesideFile = 32;

type Tool = (task: TransferTask) => Promise<TransferResult>;

/** One large file over the loopback; answers how many figures miss. */
export async function benchThroughput({ quick, markdown }: BenchOptions): Promise<number> {
  const size = quick ? usualSize / 8 : usualSize;
  const runs = quick ? 1 : usualRuns;
  const times = quick ? 1 : usualTimes;
  try {
    const lines = await withMemoryFolder(async (root) => {
      makeFile(path.join(root, bigFile), size);
      makeFile(path.join(root, mediumFile), readSize);
      makeFile(path.join(root, firstFile), firstSize);
      const course = { root, size, runs, times };
      return [
        ...(await overDaemon({ ...course, tls: false })),
        ...(await overDaemon({ ...course, tls: true })),
      ];
    });
    const title = `Loopback, vsftpd, one file of ${size / mebibyte} MiB, best of ${runs * times}`;
    return printLines(title, lines, markdown);
  } catch (error) {
    if (!(error instanceof DaemonMissing)) throw error;
    console.log(`\nThroughput: skipped, ${error.message}`);
    return 0;
  }
}

interface Course {
  readonly root: string;
  readonly tls: boolean;
  readonly size: number;
  readonly runs: number;
  readonly times: number;
}

async function overDaemon(course: Course): Promise<Line[]> {
  const { root, tls } = course;
  const daemon = await startDaemon('vsftpd', { root, options: tls ? { tls: {} } : {} });
  try {
    return [
      ...(await moved(daemon, course, 'down')),
      ...(await moved(daemon, course, 'up')),
      ...(tls ? [] : [await readWhole(daemon, course)]),
    ];
  } finally {
    await daemon.stop();
  }
}

/**
 * Megabytes a second, of each as fast as the machine ever let it, and the memory of those that run in a process of
 * ours.
 */
async function moved(
  daemon: Daemon,
  { root, tls, size, runs, times }: Course,
  direction: Direction,
): Promise<Line[]> {
  const name = direction === 'down' ? bigFile : uploaded;
  const at = (file: string): string => pathOf(daemon, file);
  const first = { path: at(direction === 'down' ? firstFile : uploaded), size: firstSize };
  const course = { direction, size, times, first, folder: root, ...(tls && { authority }) };
  const task = { ...course, server: daemon, path: at(name) };
  const speeds: Record<string, number> = {};
  const memory: Record<string, number> = {};
  for (const [who, results] of await inTurn(tools(path.join(root, bigFile)), task, runs)) {
    if (results.length === 0) continue;
    speeds[who] = size / 1e3 / Math.min(...results.map(({ milliseconds }) => milliseconds));
    const grown = results.flatMap((result) => result.memory ?? []);
    if (grown.length > 0) memory[who] = Math.max(...grown) / mebibyte;
  }
  const title = `${direction === 'down' ? 'download' : 'upload'}, ${tls ? 'TLS' : 'plain'}`;
  const least = Math.floor(speeds['basic-ftp'] ?? 0);
  return [
    { title: `${title}, MB/s`, figures: speeds, bar: { atLeast: least }, digits: 0 },
    { title: `${title}, extra memory, MiB`, figures: memory, bar: { atMost: mostStreamed }, digits: 0 },
  ];
}

async function readWhole(daemon: Daemon, { runs, root }: Course): Promise<Line> {
  const file = pathOf(daemon, mediumFile);
  const task = {
    direction: 'read',
    server: daemon,
    path: file,
    size: readSize,
    times: 1,
    folder: root,
  } as const;
  const results = await inTurn({ [ourName]: withProcess }, task, runs);
  const grown = Math.max(
    ...(results.get(ourName) ?? []).map(({ memory = NaN }) => (memory - readSize) / mebibyte),
  );
  const title = `read ${readSize / mebibyte} MiB into memory, beside the file, MiB`;
  return { title, figures: { [ourName]: grown }, bar: { atMost: mostBesideFile }, digits: 0 };
}

function tools(source: string): Record<string, Tool> {
  const all: Record<string, Tool> = { [ourName]: withProcess, 'basic-ftp': withProcess };
  if (isOnPath('curl')) all['curl'] = (task) => transferWithCurl(task, source);
  if (isOnPath('lftp')) all['lftp'] = (task) => transferWithLftp(task, source);
  return all;
}

/** One after another and then again: whatever else the machine does at a time, it does to all of them. */
async function inTurn(
  tools: Readonly<Record<string, Tool>>,
  task: Omit<TransferTask, 'who'>,
  runs: number,
): Promise<ReadonlyMap<string, TransferResult[]>> {
  const results = new Map(Object.keys(tools).map((who) => [who, [] as TransferResult[]]));
  for (let run = 0; run < runs; run++) {
    for (const [who, tool] of Object.entries(tools)) {
      const result = await attempt(tool, { ...task, who });
      if (result) results.get(who)?.push(result);
    }
  }
  return results;
}

async function attempt(tool: Tool, task: TransferTask): Promise<TransferResult | undefined> {
  try {
    return await tool(task);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`\nfailed: ${task.who}, ${task.direction}${task.authority ? ', TLS' : ''}: ${why}`);
    return undefined;
  }
}

async function withProcess({ server, ...rest }: TransferTask): Promise<TransferResult> {
  const { host, port, user, password, home } = server;
  const task: TransferTask = { ...rest, server: { host, port, user, password, home } };
  const program = path.join(__dirname, 'transferMain.ts');
  const args = ['--expose-gc', '--import', 'tsx', program, JSON.stringify(task)];
  const { code, output } = await run(process.execPath, args);
  if (code !== 0) throw new Error(output.trim());
  return JSON.parse(output) as TransferResult;
}

function pathOf({ home }: Daemon, name: string): string {
  return `${home === '/' ? '' : home}/${name}`;
}

/** All zeros, and no room taken on the disk. */
function makeFile(file: string, size: number): void {
  writeFileSync(file, '');
  truncateSync(file, size);
}
