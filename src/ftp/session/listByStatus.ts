import { onAbort } from '../../base/abort';
import { Deferred } from '../../base/deferred';
import type { Exchange } from '../pi/exchange';
import type { Command } from '../protocol/command';
import { FtpError, RemoteProtocolError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import type { Reply } from '../protocol/reply';
import { listsByStatus } from '../protocol/serverProgram';
import type { Link } from './link';
import type { ListingSink } from './listingSink';

/** Whether a directory may be listed over the control connection: in one round trip, without a data connection. */
export function canListByStatus({ profile }: Link): boolean {
  const { fenced, statListing } = profile.learned;
  return listsByStatus(profile.program) && statListing !== false && !fenced;
}

// CWD /www                250 Directory successfully changed.
// STAT .                  213-Status follows:
//                         drwxr-xr-x    2 web      web          4096 Nov 21 18:10 .
//                         213 End of status
// REST 271828182          350 Restart position accepted (271828182).
// REST 0                  350 Restart position accepted (0).
/**
 * Fills `sink`; false: it is not to be believed, and LIST must tell. vsftpd writes nothing of a directory that it cannot
 * read, with 213, and shows no name of a missing one: CWD refuses that, and of every other the listing has `.` itself.
 *
 * A name may hold a line feed and so, for whoever may give names on that server, the end of this reply and more replies.
 * REST repeats a number that nobody knew when the name was given: without it nothing that came is believed.
 */
export async function listByStatus(link: Link, path: string, sink: ListingSink): Promise<boolean> {
  const outcome = new Deferred<boolean>();
  // A reply cannot be cut; what is left of it comes while others go on, and is checked all the same.
  const cancel = onAbort(link.signal, () => outcome.reject(cancelled()));
  new StatusListing(link, path, sink).outcome().then(outcome.resolve, outcome.reject);
  try {
    return await outcome.promise;
  } finally {
    cancel.dispose();
  }
}

class StatusListing {
  private hasBegun = false;
  private hasItself = false;

  constructor(
    private readonly link: Link,
    private readonly path: string,
    private readonly sink: ListingSink,
  ) {}

  async outcome(): Promise<boolean> {
    try {
      return await this.ask();
    } catch (error) {
      if (this.hasBegun && this.link.control.loss) giveUpStatus(this.link);
      throw error;
    }
  }

  private async ask(): Promise<boolean> {
    const { link, path } = this;
    const mark = String(1 + link.options.random.below(mostMark));
    const commands: Command[] = [
      { verb: 'CWD', argument: path },
      { verb: 'STAT', argument: '.' },
      { verb: 'REST', argument: mark },
      { verb: 'REST', argument: '0' },
    ];
    const exchanges = link.control.send(commands, link.operation);
    exchanges[1]?.divert((line) => this.take(line));
    const [entered, told, marked] = await Promise.all(exchanges.map(({ final }: Exchange) => final));
    if (this.hasBegun && !repeats(marked, mark)) throw this.distrust(marked);
    if (entered && entered.code >= 400) throw refusal(entered, 'CWD', path);
    return told?.code === 213 && this.hasItself;
  }

  private take(line: Uint8Array): void {
    this.hasBegun = true;
    this.hasItself ||= isItself(line);
    const full = this.sink.write(line);
    // Too large: the rest cannot be refused but with the connection.
    if (full) this.link.control.readOnAfter(full);
  }

  /** It is not known which reply is whose. */
  private distrust(reply: Reply | undefined): FtpError {
    const error = new RemoteProtocolError('The listing ended before its end.', reply ? { reply } : {});
    this.link.control.lose(error);
    return error;
  }
}

/** LIST from now on. */
export function giveUpStatus({ profile, operation, options }: Link): void {
  profile.learned.statListing = false;
  const text = 'STAT does not list on this server as LIST does; not tried again';
  options.tracer.trouble({ operation, text });
}

/** Bytes of a file that nobody reads: below 2³¹, which every server takes. */
const mostMark = 2_000_000_000;

// 350 Restart position accepted (271828182).
function repeats(reply: Reply | undefined, mark: string): boolean {
  return reply?.code === 350 && (reply.lines.at(-1) ?? '').includes(`(${mark})`);
}

// drwxr-xr-x    2 web      web          4096 Nov 21 18:10 .
function isItself(line: Uint8Array): boolean {
  const [blank, dot, carriageReturn] = line.slice(-4);
  return line[0] === 0x64 && blank === 0x20 && dot === 0x2e && carriageReturn === 0x0d;
}

function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled.');
}
