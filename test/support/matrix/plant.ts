import type { ConnectOptions, Environment, FtpSession } from '../../../src/ftp';

/** What the invariants of TESTING.md §4 are called, and `fired`: the planned fault must happen. */
export type Invariant =
  'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12' | 'I13' | 'fired';

type Trace = NonNullable<ConnectOptions['trace']>;

/** A mistake put between a case and the engine, to prove that the oracle sees it. */
export interface Plant {
  readonly name: string;
  /** What must be seen to be broken. */
  readonly breaks: Invariant;
  readonly environment?: (environment: Environment, controlPort: number) => Environment;
  readonly session?: (session: FtpSession, password: string) => FtpSession;
  readonly trace?: (trace: Trace) => Trace;
}
