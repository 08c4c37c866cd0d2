// The engine's one public door.
import { warmTimer } from './dtp/warmConnection';
import type { Environment } from './net/environment';
import { nodeEnvironment } from './net/nodeEnvironment';
import type { ConnectOptions, FtpSession } from './session/ftpSession';
import { Session } from './session/session';

export type { Clock } from '../base/clock';
export type { Outside } from '../base/outside';
export type { Random } from '../base/random';
export type { Entry, EntryType, ModifiedTime, TimePrecision } from './listing/entry';
export type { Environment } from './net/environment';
export type { Certificate, CertificateProblem, CertificateVerdict } from './protocol/certificate';
export { addFacts, errorCodes, FtpError, LocalProtocolError, RemoteProtocolError } from './protocol/errors';
export type { ErrorFacts, FtpErrorCode } from './protocol/errors';
export { replyText, severityOf } from './protocol/reply';
export type { Reply } from './protocol/reply';
export type * from './session/ftpSession';
export type { RendezvousFailure, ServerProfile } from './pi/serverProfile';
export type * from './trace/wireEvent';
export { nodeEnvironment };

/** For tests: the timers that may run while nothing is under way. */
export const restTimers: readonly string[] = [warmTimer];

/** Connects, signs in, and resolves with the session. Rejects with `FtpError`. */
export async function connect(
  options: ConnectOptions,
  environment: Environment = nodeEnvironment(),
): Promise<FtpSession> {
  return Session.open(options, environment);
}
