import { watched, type Pieces } from '../dtp/pieces';
import type { DataSender } from '../dtp/sender';
import { startSending } from '../dtp/startFlow';
import { NotBegun, type TransferRequest } from '../dtp/transferRequest';
import type { Command } from '../protocol/command';
import { addFacts, FtpError, RemoteProtocolError, type ErrorFacts } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import type { WriteOptions } from './ftpSession';
import type { Link } from './link';
import { Meter } from './meter';
import { sizeFrom } from './sizeFrom';
import { Repeatable } from './spoilt';

/** Bytes on their way to a path. `total` is known for bytes in memory, not for a stream. */
export interface Content {
  /** From the beginning, when it is repeatable. */
  readonly pieces: () => Pieces;
  readonly total: number | undefined;
  /** The bytes can be had once more. */
  readonly isRepeatable: boolean;
}

/** What a finished STOR or APPE claims; to be checked by `verifyStored`. */
export interface Stored {
  /** Bytes that the file must have now; unknown when appending to a file of unknown size. */
  readonly size: number | undefined;
  /** The reply to a SIZE that went out behind the command, to a server that answers in turn. */
  readonly there?: Reply | undefined;
  /** It was reset for others: the server has a part of what was sent, and SIZE tells how much. */
  readonly isCut?: boolean;
}

/** How an upload goes on that was ended in the middle: at the end of the file, or where REST says. */
export type GoingOn = 'APPE' | 'REST';

/** How far an upload has come. It may take several commands, when it gave way. */
export class Sent {
  bytes = 0;
  /** What was there before; unknown when appending to a file of unknown size. */
  before: number | undefined = 0;
  /** There was no such file before. */
  isNew = false;
  meter: Meter | undefined;

  /** What went over a data connection that was dead does not count. */
  begin(appends: boolean, size: Reply | undefined): void {
    this.before = appends ? sizeFrom(size) : 0;
    this.isNew ||= size?.code === 550;
    this.bytes = 0;
  }

  /** Bytes that the file must have now. */
  get size(): number | undefined {
    return this.before === undefined ? undefined : this.before + this.bytes;
  }
}

/** One command of an upload that may take several. */
export interface StoreStep {
  readonly sent: Sent;
  /** Absent: the first step. */
  readonly goingOn?: GoingOn | undefined;
  /** Looks at what is there before it goes on, and refuses by throwing. */
  readonly check?: (size: Reply | undefined) => void;
  /** Whether others come first. */
  readonly isWanted?: () => boolean;
  readonly begun?: (flow: DataSender) => void;
}

// > EPSV                       < 229
// > STOR /www/index.php        < 150, 226
/** STOR, or APPE. An error says what became of the file: 'unchanged', 'changed' or 'unknown'. */
export async function store(
  link: Link,
  path: string,
  content: Content,
  options: WriteOptions,
  step?: StoreStep,
): Promise<Stored> {
  const { sent, goingOn }: StoreStep = step ?? { sent: new Sent() };
  const appends = goingOn ? goingOn === 'APPE' : options.append === true;
  const looks = goingOn !== undefined || appends || (step !== undefined && link.can('SIZE'));
  let opening: Reply | undefined;
  let there: Promise<Reply | undefined> | undefined;
  try {
    const { end } = await link.transfer({
      command: { verb: appends ? 'APPE' : 'STOR', argument: path },
      path,
      direction: 'up',
      prelude: looks ? [{ verb: 'SIZE', argument: path }] : [],
      ...(step && goingOn && toGoOn(step)),
      ...(step?.isWanted && { isWanted: step.isWanted }),
      ...(content.isRepeatable && !looks && hurried(link, path, (reply) => void (there = reply))),
      answered: (reply) => void (opening = reply),
      start: (begun) => {
        if (!goingOn) sent.begin(appends, begun.prelude[0]);
        const meter = (sent.meter ??= meterOf(link, path, content, options));
        const pieces = unrestarted(begun.restarted, path) ?? content.pieces();
        const flow = startSending(begun, counted(pieces, meter, sent), link.options);
        step?.begun?.(flow);
        return flow;
      },
    });
    if (!step) sent.meter?.finish(sent.bytes);
    if (end === 'stopped') assertAnswered(link);
    return { size: sent.size, there: await there, isCut: end === 'stopped' };
  } catch (error) {
    if (error instanceof NotBegun) throw error;
    const told = withEffect(await explain(link, error, path, 'write'), effectOf(link, opening, goingOn));
    throw appends || !content.isRepeatable ? told : againIfJumbled(link, told);
  }
}

/** Answered out of order, or with a reply too many: it goes again. */
function againIfJumbled({ control }: Link, error: unknown): unknown {
  const isJumbled = control.loss?.error instanceof RemoteProtocolError;
  return isJumbled && error instanceof FtpError ? new Repeatable(error) : error;
}

function toGoOn({ check, goingOn, sent }: StoreStep): Partial<TransferRequest> {
  return {
    check: ([size]) => check?.(size),
    ...(goingOn === 'REST' && { restart: () => ({ verb: 'REST', argument: String(sent.size) }) }),
  };
}

/** Bytes that can be had twice need not wait for 150; and where the server answers in turn, SIZE stands behind them. */
function hurried(
  link: Link,
  path: string,
  tell: (there: Promise<Reply | undefined>) => void,
): Partial<TransferRequest> {
  return {
    isEager: true,
    isShort: true,
    behind: link.refuses('SIZE') ? [] : [{ verb: 'SIZE', argument: path }],
    sentBehind: (replies) => tell(replies.then(([reply]) => reply).catch(() => undefined)),
  };
}

/** Without its 350, STOR has emptied the file, and what follows would lack its beginning: no byte is sent. */
function unrestarted(reply: Reply | undefined, path: string): Pieces | undefined {
  if (!reply || reply.code === 350) return undefined;
  const next = (): Promise<never> => Promise.reject(refusal(reply, 'REST', path));
  return { take: () => undefined, next, release: () => undefined };
}

/** Until the server has said its last word about what was cut, it may still be writing. */
function assertAnswered({ control: { loss } }: Link): void {
  if (loss?.unanswered.some((verb) => verb === 'STOR' || verb === 'APPE')) throw loss.error;
}

/** Counts the file's own bytes, whatever the mode makes of them, and before they go: whoever stops asks for no more. */
function counted(source: Pieces, meter: Meter, sent: Sent): Pieces {
  return watched(source, (piece) => {
    meter.update(sent.bytes);
    sent.bytes += piece?.length ?? 0;
  });
}

function meterOf(link: Link, path: string, content: Content, options: WriteOptions): Meter {
  const { clock, tracer } = link.options;
  const { onProgress } = options;
  const { operation } = link;
  return new Meter({ clock, tracer, operation, direction: 'up', path, total: content.total, onProgress });
}

/** `opening`: the first reply to STOR or APPE. A server that said 150 has opened the file, and with STOR emptied it. */
function effectOf(
  link: Link,
  opening: Reply | undefined,
  goingOn: GoingOn | undefined,
): NonNullable<ErrorFacts['effect']> {
  if (goingOn || (opening && opening.code < 300)) return 'changed';
  const sent = link.control.loss?.unanswered.some((verb) => verb === 'STOR' || verb === 'APPE');
  if (sent) return 'unknown';
  // vsftpd opens and empties the file before it finds that there is no data connection.
  return opening?.code === 425 ? 'unknown' : 'unchanged';
}

function withEffect(error: unknown, effect: NonNullable<ErrorFacts['effect']>): unknown {
  return error instanceof FtpError ? addFacts(error, { effect }) : error;
}

// SIZE /www/index.php   213 12944
/** A 226 is a claim; the size is the proof. A server without SIZE is believed. */
export async function verifyStored(link: Link, path: string, stored: Stored): Promise<void> {
  const { size } = stored;
  if (size === undefined || link.refuses('SIZE')) return;
  const question: Command = { verb: 'SIZE', argument: path };
  const reply = stored.there ?? (await link.batch([question]))[0];
  link.learnFrom('SIZE', reply);
  const there = sizeFrom(reply);
  if (there === undefined || there === size) return;
  const facts = { path, bytes: there, total: size, effect: 'changed' } as const;
  throw new FtpError('save-unverified', `${there} of ${size} bytes are on the server.`, { reply, facts });
}
