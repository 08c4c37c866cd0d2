import { FileSystemError, type Uri } from 'vscode';
import { FtpError, type FtpErrorCode } from '../ftp';
import { describeEffect, describeError } from '../sites/errorText';
import { cleanServerText } from '../sites/serverText';
import { CopyInterrupted } from './copyInterrupted';

/**
 * What a provider's method rejects with. VS Code acts on the code: `FileNotFound` means that the name is
 * free, so only what a server said of that name may become it; a time-out is `Unavailable`.
 */
export function toFileSystemError(error: unknown, uri: Uri, server: string): FileSystemError {
  if (error instanceof FileSystemError) return error;
  if (error instanceof CopyInterrupted) return interrupted(error, uri, server);
  if (!FtpError.is(error)) return FileSystemError.Unavailable(cleanServerText(messageOf(error)));
  const located = error.facts.path === undefined ? withPath(error, uri.path) : error;
  // Of two servers, the error may know whose it is.
  const side = error.facts.side ?? server;
  const text = [describeError(located, side), describeEffect(error, side)];
  return kindOf(error.code)(text.filter((sentence) => sentence !== undefined).join(' '));
}

function interrupted({ cause, whatIsWhere }: CopyInterrupted, uri: Uri, server: string): FileSystemError {
  const error = toFileSystemError(cause, uri, server);
  return whatIsWhere === '' ? error : FileSystemError.Unavailable(`${error.message} ${whatIsWhere}`);
}

type Kind = (message: string) => FileSystemError;

function kindOf(code: FtpErrorCode): Kind {
  return special.get(code) ?? FileSystemError.Unavailable;
}

// Everything else is `Unavailable`: trouble with the server, not with the name.
const special: ReadonlyMap<FtpErrorCode, Kind> = new Map<FtpErrorCode, Kind>([
  ['not-found', FileSystemError.FileNotFound],
  ['exists', FileSystemError.FileExists],
  ['is-a-directory', FileSystemError.FileIsADirectory],
  ['not-a-directory', FileSystemError.FileNotADirectory],
  ['no-permission', FileSystemError.NoPermissions],
  ['directory-not-empty', FileSystemError.NoPermissions],
  ['name-refused', FileSystemError.NoPermissions],
  ['name-unsendable', FileSystemError.NoPermissions],
  ['not-supported', FileSystemError.NoPermissions],
  ['login-refused', FileSystemError.NoPermissions],
  ['login-cancelled', FileSystemError.NoPermissions],
  ['login-account', FileSystemError.NoPermissions],
  ['password-expired', FileSystemError.NoPermissions],
  ['login-needs-tls', FileSystemError.NoPermissions],
  ['tls-certificate-untrusted', FileSystemError.NoPermissions],
  ['tls-certificate-changed', FileSystemError.NoPermissions],
  ['tls-client-certificate', FileSystemError.NoPermissions],
]);

function withPath(error: FtpError, path: string): FtpError {
  return new FtpError(error.code, error.message, { reply: error.reply, facts: { ...error.facts, path } });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
