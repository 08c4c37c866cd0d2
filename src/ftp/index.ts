// The engine's one public door.
export type { Clock } from '../base/clock';
export type { Outside } from '../base/outside';
export type { Random } from '../base/random';
export type { Entry, EntryType, ModifiedTime, TimePrecision } from './listing/entry';
export type { Environment } from './net/environment';
export { errorCodes, FtpError, LocalProtocolError, RemoteProtocolError } from './protocol/errors';
export type { ErrorFacts, FtpErrorCode } from './protocol/errors';
export { replyText, severityOf } from './protocol/reply';
export type { Reply } from './protocol/reply';
export type * from './session/ftpSession';
export type { RendezvousFailure, ServerProfile } from './session/profile';
export type * from './trace/wireEvent';
