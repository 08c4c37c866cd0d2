import type { Command } from '../protocol/command';
import { refusal } from '../protocol/refusal';
import { severityOf, type Reply } from '../protocol/reply';
import { explain, type Wish } from './explain';
import type { Link } from './link';

/** Sends one command that changes something at `path`; a refusal is explained. */
export async function change(link: Link, command: Command, path: string, wish: Wish): Promise<Reply> {
  const [reply] = await link.batch([command]);
  if (!reply) throw new RangeError('A command has a reply.');
  if (severityOf(reply) === 'completed') return reply;
  throw await explain(link, refusal(reply, command.verb, path), path, wish);
}
