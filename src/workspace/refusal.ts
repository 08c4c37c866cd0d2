import { FtpError, type FtpErrorCode } from '../ftp';

/** The server said no to this operation on this path, as against trouble on the way. */
export function isRefusal(error: unknown): error is FtpError {
  return FtpError.is(error) && refusals.has(error.code);
}

const refusals: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'not-found',
  'no-permission',
  'exists',
  'is-a-directory',
  'not-a-directory',
  'directory-not-empty',
  'name-refused',
  'file-busy',
  'server-error',
  'not-supported',
]);

/** An error about a path that needs no reply of the server: the listing tells. */
export function pathError(code: FtpErrorCode, path: string): FtpError {
  return new FtpError(code, messages.get(code) ?? code, { facts: { path } });
}

const messages: ReadonlyMap<FtpErrorCode, string> = new Map<FtpErrorCode, string>([
  ['not-found', 'not in the listing of its directory'],
  ['exists', 'in the listing of its directory'],
  ['is-a-directory', 'a directory, by the listing of its parent'],
  ['not-a-directory', 'a file, by the listing of its directory'],
  ['directory-not-empty', 'the directory is not empty'],
  ['no-permission', 'a directory cannot become part of itself'],
]);
