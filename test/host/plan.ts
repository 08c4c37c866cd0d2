import { appendFileSync, readFileSync } from 'node:fs';
import type { RendezvousMethod } from '../../src/ftp/trace/wireEvent';

/** What the run outside tells the tests in the extension host: the JSON file that PORTSIDE_TEST_PLAN names. */
export interface Plan {
  /** Where the results go, as lines of JSON, and mocha's reporter that writes them. */
  readonly results: string;
  readonly reporter: string;
  /** The reference server with the sample site, started outside; `root` is its folder on this machine. */
  readonly server: SampleServerPlan;
  /** The reference server and the real daemons, each once for every way to a data connection that it can go. */
  readonly servers: readonly ServerPlan[];
}
export interface SampleServerPlan {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly root: string;
}
export interface ServerPlan {
  readonly name: string;
  /** Why this machine cannot have it; there are no ways then. */
  readonly missing?: string;
  readonly ways: readonly WayPlan[];
}
/** A server of its own: nothing that was learned of one way helps or hinders another. */
export interface WayPlan {
  readonly method: RendezvousMethod;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Its folder on this machine, planted with `plantFiles`, and that folder's path through FTP. */
  readonly root: string;
  readonly home: string;
}

export function plan(): Plan {
  const file = process.env['PORTSIDE_TEST_PLAN'];
  if (!file) throw new Error('PORTSIDE_TEST_PLAN names no file: start with npm test -- --tier host');
  return JSON.parse(readFileSync(file, 'utf8')) as Plan;
}

/** Says something that is no result; `npm test` prints it below the tier's numbers. */
export function note(text: string): void {
  appendFileSync(plan().results, `${JSON.stringify({ state: 'note', title: text })}\n`);
}
