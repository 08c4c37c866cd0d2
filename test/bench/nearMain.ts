// Runs at the near end of the long link: measures what it is told to, and says so in lines of JSON.
import { setTimeout as wait } from 'node:timers/promises';
import { nodeEnvironment } from '../../src/ftp';
import type { DaemonName } from '../servers/daemon';
import { basicFtp } from './contestants/basicFtp';
import type { Contestant } from './contestants/contestant';
import { curl } from './contestants/curl';
import { lftp } from './contestants/lftp';
import { portside } from './contestants/portside';
import { FarHelp } from './farHelp';
import type { FarEnd, FarServer } from './farMain';
import { goFirst } from './goFirst';
import { interrupt } from './interruptions';
import { isOnPath } from './longLink';
import { patterns } from './patterns';
import { rowNames, rows, type Row, type RowFacts } from './rows';
import { ScriptedClient } from './scriptedClient';

export interface NearTask {
  readonly far: FarEnd;
  /** Rows of the contestants; patterns of the calibration; what is noticed while a large file moves. */
  readonly what: 'rows' | 'patterns' | 'interruptions';
  /** How many times each is measured. */
  readonly runs: number;
  /** Rows; absent: all. */
  readonly only?: readonly string[];
  /** Bytes of the large file. */
  readonly size?: number;
}

/** A line of output. */
export type NearLine = Figure | Failure;

interface Subject {
  readonly daemon: DaemonName;
  /** A contestant; of a pattern: 'script'. */
  readonly who: string;
  readonly what: string;
  /** Milliseconds that a login took the server itself at that time, for rows that contain one. */
  readonly ownLogins?: readonly number[];
}

export interface Figure extends Subject {
  readonly kind: 'figure';
  /** Milliseconds of each run. */
  readonly spent: readonly number[];
  /** Milliseconds of bytes there and back over the link, at that time. */
  readonly echoes: readonly number[];
}

export interface Failure extends Subject {
  readonly kind: 'failure';
  readonly why: string;
}

const stage = {
  network: nodeEnvironment().network,
  now: () => performance.now(),
  pause: (milliseconds: number) => wait(milliseconds),
};

async function main({ far, what, runs, only, size = 0 }: NearTask): Promise<void> {
  goFirst();
  const help = await FarHelp.reach(far);
  // The first packets of a new link are late.
  await help.echoes();
  for (const server of far.servers) {
    if (what === 'patterns') {
      await measurePatterns(help, server, runs);
      continue;
    }
    if (what === 'interruptions') {
      await measureInterruptions(help, server, runs, size);
      continue;
    }
    for (const row of rowNames.filter((name) => only?.includes(name) ?? true)) {
      await measureRow(help, server, row, runs);
    }
  }
  process.exit();
}

async function measureRow(help: FarHelp, server: FarServer, row: Row, runs: number): Promise<void> {
  const contestants: Contestant[] = [
    portside,
    basicFtp,
    ...[curl, lftp].filter(({ name }) => isOnPath(name)),
  ];
  const { signsIn }: RowFacts = rows[row];
  for (const contestant of contestants.filter((each) => each.can(row))) {
    const ownLogins = signsIn ? await help.ownLogins(server) : undefined;
    await attempt(
      help,
      { daemon: server.name, who: contestant.name, what: row, ...(ownLogins && { ownLogins }) },
      () => contestant.measure(row, { server, ...stage }, runs),
    );
  }
}

async function measurePatterns(help: FarHelp, server: FarServer, runs: number): Promise<void> {
  for (const [what, play] of Object.entries(patterns)) {
    await attempt(help, { daemon: server.name, who: 'script', what }, async () => {
      const spent: number[] = [];
      while (spent.length < runs) {
        const client = await ScriptedClient.open(stage, server);
        spent.push(await play(client));
        client.close();
      }
      return spent;
    });
  }
}

async function measureInterruptions(
  help: FarHelp,
  server: FarServer,
  times: number,
  size: number,
): Promise<void> {
  const path = await help.makeLarge(server, size);
  for (const direction of ['download', 'upload'] as const) {
    const subject = { daemon: server.name, who: portside.name, what: direction };
    try {
      const echoes = await help.echoes();
      const result = await interrupt({ server, ...stage }, direction, { path, size, times });
      if (direction === 'upload') await help.checkLarge(server, result.uploaded, size);
      const figure = (what: string, spent: readonly number[]): void =>
        say({ kind: 'figure', ...subject, what: `${direction}: ${what}`, spent, echoes });
      figure('list', result.lists);
      figure('read', result.reads);
      figure('during', [result.during]);
      figure('whole', [result.whole]);
    } catch (error) {
      say({ kind: 'failure', ...subject, why: error instanceof Error ? error.message : String(error) });
    }
  }
}

async function attempt(help: FarHelp, subject: Subject, work: () => Promise<number[]>): Promise<void> {
  try {
    const echoes = await help.echoes();
    say({ kind: 'figure', ...subject, spent: await work(), echoes });
  } catch (error) {
    say({ kind: 'failure', ...subject, why: error instanceof Error ? error.message : String(error) });
  }
}

function say(line: NearLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

main(JSON.parse(process.argv[2] ?? '') as NearTask).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
