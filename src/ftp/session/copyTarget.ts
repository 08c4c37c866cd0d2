import type { Random } from '../../base/random';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { baseName, joinPath, parentPath } from '../protocol/pathname';
import { severityOf } from '../protocol/reply';
import { kindOf } from './kindOf';
import type { Link } from './link';

/** Beside the target, so that a rename moves no bytes: `/www/.index.php.portside-7f3a`. */
export function temporaryPath(path: string, random: Random): string {
  const mark = random.below(0x10000).toString(16).padStart(4, '0');
  return joinPath(parentPath(path), `.${baseName(path)}.portside-${mark}`);
}

// > RNFR /.a.portside-7f3a, RNTO /a      < 350, 250
/**
 * Gives the finished copy its name. False when this server does not rename, or not over a file: servers on Windows
 * refuse that, so what was there is deleted first, once.
 */
export async function settle(link: Link, from: string, to: string, existed: boolean): Promise<boolean> {
  if (await renamed(link, [], from, to)) return true;
  return existed && renamed(link, [{ verb: 'DELE', argument: to }], from, to);
}

async function renamed(link: Link, first: readonly Command[], from: string, to: string): Promise<boolean> {
  const replies = await link.batch([
    ...first,
    { verb: 'RNFR', argument: from },
    { verb: 'RNTO', argument: to },
  ]);
  const done = replies.at(-1);
  return done !== undefined && severityOf(done) === 'completed';
}

/** Whether the server took offence at the name of the copy before it had stored anything under it. */
export function refusesName(error: unknown): boolean {
  if (!(error instanceof FtpError) || error.facts.command !== 'STOR') return false;
  return error.reply !== undefined && nameRefusals.has(error.reply.code);
}

// 501 Syntax error in parameters.  550 Prohibited file name.  553 File name not allowed.
const nameRefusals: ReadonlySet<number> = new Set([501, 550, 553]);

// DELE /.a.portside-7f3a    250
/** Whether nothing is left of a copy that failed. */
export async function discard(link: Link, path: string): Promise<boolean> {
  const reply = await link.command('DELE', path);
  return severityOf(reply) === 'completed' || (await kindOf(link, path)) === 'absent';
}
