import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DaemonName } from '../servers/daemon';
import type { Cause } from '../support/sim/cause';

/** Round trips, and what the last reply waited for; several where a race in the server decides. */
export interface Measured {
  readonly roundTrips: number;
  readonly cause: Cause;
}

/** What was measured on the daemons over a long link: by pattern (see `patterns`) and daemon. */
export interface Calibration {
  /** How far a figure may be off, in round trips. */
  readonly tolerance: number;
  /** The versions measured. */
  readonly daemons: Readonly<Record<DaemonName, string>>;
  readonly cells: Readonly<Record<string, Readonly<Record<DaemonName, readonly Measured[]>>>>;
}

export function readCalibration(): Calibration {
  const file = path.join(__dirname, '../fixtures/calibration.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Calibration;
}
