import { FtpError, type FtpErrorCode } from '../protocol/errors';
import { parentPath } from '../protocol/pathname';
import { kindOf, kindsOf, type Kind } from './kindOf';
import type { Link } from './link';

/** What was wanted of the path. */
export type Wish = 'list' | 'read' | 'write' | 'make' | 'remove' | 'remove-directory' | 'rename' | 'change';

/**
 * 550, 553 and 501 say that something was refused, not why. Asks the server what is at `path`, and makes of that the error
 * that a person can act on. Other errors, and those that cannot be explained, come back as they are.
 */
export async function explain(link: Link, error: unknown, path: string, wish: Wish): Promise<unknown> {
  if (!isUnclear(link, error)) return error;
  try {
    return withCode(error, path, await codeFor(link, path, wish));
  } catch {
    return error;
  }
}

/** The same of many paths of which something was wanted that has to be there: one batch asks for all of them. */
export async function explainEach(
  link: Link,
  failures: readonly { readonly path: string; readonly error: FtpError }[],
  wish: Exclude<Wish, 'write' | 'make'>,
): Promise<FtpError[]> {
  const unclearPaths = failures.filter(({ error }) => isUnclear(link, error)).map(({ path }) => path);
  const kinds = await kindsOf(link, unclearPaths).catch(() => []);
  return failures.map(({ path, error }) => {
    const kind = kinds[unclearPaths.indexOf(path)];
    if (kind === undefined) return error;
    return withCode(error, path, kind === 'absent' ? 'not-found' : presentCodes[wish][kind]);
  });
}

function isUnclear(link: Link, error: unknown): error is FtpError {
  if (!(error instanceof FtpError) || !error.reply || !unclear.has(error.reply.code)) return false;
  return !link.control.loss && !link.signal.aborted;
}

function withCode(error: FtpError, path: string, found: FtpErrorCode): FtpError {
  const { code: first, message, reply, cause, facts } = error;
  // Nothing there explains it: then the words of the reply stand.
  const code = found === 'no-permission' && first === 'name-refused' ? first : found;
  return new FtpError(code, message, { reply, cause, facts: { ...facts, path } });
}

// 501 No such directory. (pyftpdlib to MLSD)
const unclear: ReadonlySet<number> = new Set([501, 550, 553]);

async function codeFor(link: Link, path: string, wish: Wish): Promise<FtpErrorCode> {
  const kind = await kindOf(link, path);
  if (kind !== 'absent') return presentCodes[wish][kind];
  if (wish !== 'write' && wish !== 'make') return 'not-found';
  return parentCodes[await kindOf(link, parentPath(path))];
}

type Present = Exclude<Kind, 'absent'>;

/** It is there, and was refused all the same. */
const presentCodes: Readonly<Record<Wish, Readonly<Record<Present, FtpErrorCode>>>> = {
  list: { file: 'not-a-directory', directory: 'no-permission' },
  read: { file: 'no-permission', directory: 'is-a-directory' },
  write: { file: 'no-permission', directory: 'is-a-directory' },
  make: { file: 'exists', directory: 'exists' },
  remove: { file: 'no-permission', directory: 'is-a-directory' },
  'remove-directory': { file: 'not-a-directory', directory: 'directory-not-empty' },
  rename: { file: 'no-permission', directory: 'no-permission' },
  change: { file: 'no-permission', directory: 'no-permission' },
};

/** It was to be made, and is not there: what about the directory that it was to be made in? */
const parentCodes: Readonly<Record<Kind, FtpErrorCode>> = {
  absent: 'not-found',
  file: 'not-a-directory',
  directory: 'no-permission',
};
