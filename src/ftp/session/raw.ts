import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { isTransfer } from '../protocol/exchange';
import type { Reply } from '../protocol/reply';
import type { Link } from './link';

/** A command as a person typed it; whatever the reply, it is the answer. */
export async function sendRaw(link: Link, command: Command): Promise<Reply> {
  if (isTransfer(command.verb)) {
    const facts = { command: command.verb };
    throw new FtpError('not-supported', `${command.verb} needs a data connection.`, { facts });
  }
  const [reply] = await link.batch([command]);
  if (!reply) throw new RangeError('A command has a reply.');
  if (unsettling.has(command.verb)) {
    // What TYPE, MODE or USER is in force is not known any more: the next operation begins on a new connection.
    link.control.lose(new FtpError('session-closed', `The connection is replaced after ${command.verb}.`));
  }
  return reply;
}

const unsettling: ReadonlySet<string> = new Set(
  'USER PASS ACCT REIN QUIT TYPE MODE STRU REST PORT PASV EPRT EPSV OPTS AUTH PBSZ PROT CCC HOST'.split(' '),
);
