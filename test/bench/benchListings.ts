import { Client } from 'basic-ftp';
import { parseList } from 'basic-ftp/dist/parseList';
import { connect } from '../../src/ftp';
import { parseListing, type ListingCommand } from '../../src/ftp/listing/parseListing';
import { createNameEncoding } from '../../src/ftp/protocol/nameEncoding';
import { ended, firstLine, launch } from '../../scripts/processes.mjs';
import type { BenchOptions } from './options';
import { processorTime } from './processorTime';
import { ourName, printLines, type Line } from './report';
import { median } from './statistics';
import { longestStretch } from './stretch';

const entryCount = 100_000;
/** V8 has optimized a parser after some five. */
const runs = 31;
const quickRuns = 3;

/** How much faster than the rival's parser. */
const bar = 3;
/** Milliseconds for which the event loop may be kept. */
const longestAllowed = 20;

const formats = ['mlsd', 'unix'] as const;
type Format = (typeof formats)[number];

/** Large listings: how fast they are parsed, and how long everything else has to wait; answers how many figures miss. */
export async function benchListings({ quick, markdown }: BenchOptions): Promise<number> {
  const times = quick ? quickRuns : runs;
  const lines: Line[] = [];
  for (const format of formats) lines.push(await parsing(format, times));
  for (const format of formats) lines.push(await listing(format, times));
  const heading = `Listings of ${entryCount} entries, milliseconds of the processor, median of ${times}`;
  return printLines(heading, lines, markdown);
}

/** Bytes to entries, names decoded, in memory. */
async function parsing(format: Format, times: number): Promise<Line> {
  const bytes = Buffer.from(Array.from({ length: entryCount }, (_, n) => lineOf(format, n)).join(''));
  const command: ListingCommand = format === 'mlsd' ? 'mlsd' : 'list';
  const encoding = createNameEncoding('auto');
  const context = { now: Date.UTC(2026, 5, 1), decode: (name: Uint8Array) => encoding.decode(name) };
  const [own, rival] = await inTurn(
    times,
    () => expectAll(parseListing(bytes, command, context).entries),
    () => expectAll(parseList(bytes.toString('utf8'))),
  );
  return {
    title: `parse ${titles[format]}`,
    figures: { [ourName]: own, 'basic-ftp': rival },
    bar: { atMost: Math.floor(rival / bar) },
    digits: 0,
  };
}

/** Asked of a server over the loopback, as a caller does. */
async function listing(format: Format, times: number): Promise<Line> {
  const child = launch(
    process.execPath,
    ['--import', 'tsx', `${__dirname}/manyFilesMain.ts`, String(entryCount), format],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const port = await firstLine(child, (line) =>
    line.startsWith('port ') ? Number(line.slice(5)) : undefined,
  );
  const server = { host: '127.0.0.1', port, user: 'web', password: 'secret' };
  const session = await connect({ ...server, security: 'none' });
  const client = new Client();
  await client.access(server);
  const own = await stretches(times, async () => expectAll(await session.list('/many')));
  const rival = await stretches(times, async () => expectAll(await client.list('/many')));
  client.close();
  await session.close();
  child.stdin?.end();
  await ended(child);
  return {
    title: `list ${titles[format]}: longest stretch of the event loop`,
    figures: { [ourName]: own, 'basic-ftp': rival },
    bar: { atMost: longestAllowed },
    digits: 0,
  };
}

const titles: Readonly<Record<Format, string>> = { mlsd: 'MLSD', unix: 'Unix' };

function lineOf(format: Format, n: number): string {
  const day = String(1 + (n % 28)).padStart(2, '0');
  if (format === 'mlsd') {
    return `type=file;size=${n};modify=202601${day}101112;unix.mode=0644; some file number ${n}.txt\r\n`;
  }
  return `-rw-r--r--   1 web      users    ${String(n).padStart(8)} Jan ${day} 10:11 some file number ${n}.txt\r\n`;
}

/** Milliseconds of the processor that each of two takes: other processes have little to do with those. */
async function inTurn(times: number, one: () => void, other: () => void): Promise<[number, number]> {
  const [ofOne, ofOther]: [number[], number[]] = [[], []];
  while (ofOther.length < times) {
    ofOne.push(await processorTimeOf(one));
    ofOther.push(await processorTimeOf(other));
  }
  return [median(ofOne), median(ofOther)];
}

async function processorTimeOf(work: () => void): Promise<number> {
  // A pause, so that the garbage of one is not the other's burden.
  await new Promise((resume) => setTimeout(resume, 50));
  const began = processorTime();
  work();
  return processorTime() - began;
}

async function stretches(times: number, work: () => Promise<void>): Promise<number> {
  const longest: number[] = [];
  while (longest.length < times) longest.push(await longestStretch(work));
  return median(longest);
}

function expectAll({ length }: readonly unknown[]): void {
  // Some list `.` and `..` besides.
  if (length < entryCount) throw new Error(`${length} entries of ${entryCount}`);
}
