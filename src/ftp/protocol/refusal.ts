import { FtpError, type FtpErrorCode } from './errors';
import { isTransfer } from './exchange';
import { replyText, type Reply } from './reply';

/**
 * What a negative final reply to a file command means (RFC 959 §4.2.2). 550 stands for a missing file as well
 * as for a forbidden one: it is 'not-found' here, and the operation asks the server before it says so.
 */
export function refusal(reply: Reply, command: string, path: string): FtpError {
  const said = replyText(reply);
  return new FtpError(refusalCode(reply.code, command), `${command} refused: ${said}`, {
    reply,
    facts: { command, path, said },
  });
}

function refusalCode(code: number, command: string): FtpErrorCode {
  // 521 Data connection cannot be opened with this PROT setting. (RFC 4217 §3; Pure-FTPd)
  // 522 Data connections must be encrypted. (vsftpd)
  if ((code === 521 || code === 522) && isTransfer(command)) return 'tls-data-required';
  return meanings.get(code) ?? 'server-error';
}

const meanings: ReadonlyMap<number, FtpErrorCode> = new Map([
  [426, 'data-cut'], // Connection closed; transfer aborted.
  [450, 'file-busy'], // Requested file action not taken: file unavailable (e.g., file busy).
  [451, 'server-error'], // Requested action aborted: local error in processing.
  [452, 'no-space'], // Insufficient storage space in system.
  [500, 'not-supported'], // Syntax error, command unrecognized.
  [501, 'name-refused'], // Syntax error in parameters or arguments.
  [502, 'not-supported'], // Command not implemented.
  [504, 'not-supported'], // Command not implemented for that parameter.
  [521, 'exists'], // "pathname" directory already exists (RFC 959 appendix II).
  [530, 'no-permission'], // Not logged in.
  [532, 'login-account'], // Need account for storing files.
  [550, 'not-found'], // File unavailable (e.g., file not found, no access).
  [552, 'no-space'], // Exceeded storage allocation.
  [553, 'no-permission'], // File name not allowed; vsftpd says so when it may not write.
]);
