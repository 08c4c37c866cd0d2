import type { Environment } from '../../../src/ftp';
import { benchFiles, benchFolder, type Row } from '../rows';

export interface BenchServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Absolute path, as seen through FTP, of the folder that holds `benchFolder`. */
  readonly home: string;
}

/** Where a row is measured: over a real link in real time, or in simulation. */
export interface Place {
  readonly server: BenchServer;
  /** Absent: real sockets. */
  readonly environment?: Environment;
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

/** Somebody who can do some of the rows. */
export interface Contestant {
  readonly name: string;
  can(row: Row): boolean;
  /** Milliseconds of each of several times, all in one session. */
  measure(row: Row, place: Place, times: number): Promise<number[]>;
}

/** How a contestant is told what to do. */
export interface Repertoire<Open> {
  readonly name: string;
  /** Signs in; what comes back is handed to each row. */
  open(place: Place): Promise<Open>;
  close(open: Open): Promise<void>;
  /** Each does its operation once and answers milliseconds. */
  readonly rows: { readonly [row in Row]?: (open: Open) => Promise<number> };
}

export function contestant<Open>({ name, open, close, rows }: Repertoire<Open>): Contestant {
  return {
    name,
    can: (row) => rows[row] !== undefined,
    measure: async (row, place, times) => {
      const opened = await open(place);
      const spent: number[] = [];
      try {
        while (spent.length < times) spent.push((await rows[row]?.(opened)) ?? NaN);
      } finally {
        await close(opened);
      }
      return spent;
    },
  };
}

/** As a user pauses: long enough for a data connection to be made ahead of need. */
export const pauseOfUser = 700;

export function folderOf({ home }: BenchServer): string {
  return `${home === '/' ? '' : home}/${benchFolder}`;
}

/** Twenty of the files; other ones for another `round`, of which there are three. */
export function twenty(server: BenchServer, round: 0 | 1 | 2): string[] {
  return benchFiles.slice(20 * round, 20 * round + 20).map((name) => `${folderOf(server)}/${name}`);
}

/** Milliseconds of `work`, after a pause. */
export async function timed(place: Place, work: () => Promise<unknown>): Promise<number> {
  await place.pause(pauseOfUser);
  const began = place.now();
  await work();
  return place.now() - began;
}

/** A name that no run has used: runs may write into the same folder. */
export function newName(kind: string): string {
  return `${kind}-${process.pid}-${++names}`;
}

let names = 0;
