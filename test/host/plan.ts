import { readFileSync } from 'node:fs';

/** What the run outside tells the tests in the extension host: the JSON file that PORTSIDE_TEST_PLAN names. */
export interface Plan {
  /** Where the results go, as lines of JSON, and mocha's reporter that writes them. */
  readonly results: string;
  readonly reporter: string;
  /** The reference server with the sample site, started outside; `root` is its folder on this machine. */
  readonly server: ServerPlan;
}
export interface ServerPlan {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly root: string;
}

export function plan(): Plan {
  const file = process.env['PORTSIDE_TEST_PLAN'];
  if (!file) throw new Error('PORTSIDE_TEST_PLAN names no file: start with npm test -- --tier host');
  return JSON.parse(readFileSync(file, 'utf8')) as Plan;
}
