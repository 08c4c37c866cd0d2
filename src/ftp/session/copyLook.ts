import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { parseTimeValue } from '../protocol/facts';
import { refusal } from '../protocol/refusal';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import { kindOf } from './kindOf';
import type { Link } from './link';
import { sizeFrom } from './sizeFrom';

/** What is known of a file before it is copied. */
export interface CopySource {
  readonly size: number | undefined;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
}

// > SIZE /a.iso, MDTM /a.iso     < 213 734003200, 213 20261120140200
/** Rejects with 'not-found' or 'is-a-directory' before anything is begun. */
export async function lookAtSource(link: Link, path: string): Promise<CopySource> {
  const verbs = ['SIZE', 'MDTM'].filter((verb) => !link.refuses(verb));
  const replies = await link.batch(verbs.map((verb): Command => ({ verb, argument: path })));
  verbs.forEach((verb, index) => link.learnFrom(verb, replies[index]));
  const absent = replies.find(({ code }) => code === 550);
  if (absent && replies.every(({ code }) => code >= 400)) {
    throw await explain(link, refusal(absent, 'RETR', path), path, 'read');
  }
  const replyTo = (verb: string): Reply | undefined => replies[verbs.indexOf(verb)];
  return { size: sizeFrom(replyTo('SIZE')), modified: timeFrom(replyTo('MDTM')) };
}

/** Whether a file is there already. A directory is not written over. */
export async function lookAtTarget(link: Link, path: string): Promise<boolean> {
  const kind = await kindOf(link, path);
  if (kind === 'directory') {
    throw new FtpError('is-a-directory', `${path} is a directory.`, { facts: { path } });
  }
  return kind === 'file';
}

// SIZE /.a.iso.portside-7f3a   213 734003200
/** True when the sizes are equal, false when one of them is not known; rejects when they differ. */
export async function haveEqualSizes(
  link: Link,
  path: string,
  { size }: CopySource,
  name: string,
): Promise<boolean> {
  if (size === undefined || link.refuses('SIZE')) return false;
  const reply = await link.command('SIZE', path);
  link.learnFrom('SIZE', reply);
  const bytes = sizeFrom(reply);
  if (bytes === undefined || bytes === size) return bytes === size;
  const facts = { path, bytes, total: size, side: name, said: `${bytes} of ${size} bytes` };
  throw new FtpError('copy-failed', `${bytes} of ${size} bytes arrived.`, { reply, facts });
}

// 213 20261120140200
function timeFrom(reply: Reply | undefined): number | undefined {
  if (reply?.code !== 213) return undefined;
  return parseTimeValue((reply.lines.at(-1) ?? '').slice(4).trim())?.time;
}
