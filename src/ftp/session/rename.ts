import { FtpError, type FtpErrorCode } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { severityOf } from '../protocol/reply';
import { explain } from './explain';
import type { Link } from './link';

// > RNFR /www/a, RNTO /www/b       < 350, 250
/** Both in one segment: after a refused RNFR the RNTO gets 503, and nothing happens. */
export async function rename(link: Link, from: string, to: string): Promise<void> {
  const [source, target] = await link.batch([
    { verb: 'RNFR', argument: from },
    { verb: 'RNTO', argument: to },
  ]);
  if (source && severityOf(source) !== 'intermediate') {
    throw await explain(link, refusal(source, 'RNFR', from), from, 'rename');
  }
  if (target && severityOf(target) !== 'completed') {
    throw targetError(await explain(link, refusal(target, 'RNTO', to), to, 'write'));
  }
}

/** A directory in the way of a rename is there already, rather than mistaken for a file. */
function targetError(error: unknown): unknown {
  const code: FtpErrorCode = 'exists';
  if (!FtpError.is(error, 'is-a-directory')) return error;
  return new FtpError(code, error.message, { reply: error.reply, facts: error.facts });
}
