import { startSending } from '../dtp/startFlow';
import type { Command } from '../protocol/command';
import { addFacts, FtpError, type ErrorFacts } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import type { WriteOptions } from './ftpSession';
import type { Link } from './link';
import { Meter } from './meter';
import { sizeFrom } from './sizeFrom';

/** Bytes on their way to a path. `total` is known for bytes in memory, not for a stream. */
export interface Content {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly total: number | undefined;
  /** The bytes can be had once more. */
  readonly isRepeatable: boolean;
}

/** What a finished STOR or APPE claims; to be checked by `verifyStored`. */
export interface Stored {
  /** Bytes that the file must have now; unknown when appending to a file of unknown size. */
  readonly size: number | undefined;
}

// > EPSV                       < 229
// > STOR /www/index.php        < 150, 226
/** STOR, or APPE. An error says what became of the file: 'unchanged', 'changed' or 'unknown'. */
export async function store(
  link: Link,
  path: string,
  content: Content,
  options: WriteOptions,
): Promise<Stored> {
  const verb = options.append ? 'APPE' : 'STOR';
  let opening: Reply | undefined;
  let before: number | undefined;
  let sent = 0;
  let meter: Meter | undefined;
  try {
    await link.transfer({
      command: { verb, argument: path },
      path,
      direction: 'up',
      prelude: options.append ? [{ verb: 'SIZE', argument: path }] : [],
      answered: (reply) => {
        opening = reply;
      },
      start: (begun) => {
        before = options.append ? sizeFrom(begun.prelude[0]) : 0;
        meter = meterOf(link, path, content, options);
        return startSending(
          begun,
          counted(content.chunks, meter, (bytes) => (sent = bytes)),
          link.options,
        );
      },
    });
    meter?.finish(sent);
    return { size: before === undefined ? undefined : before + sent };
  } catch (error) {
    throw withEffect(await explain(link, error, path, 'write'), effectOf(link, opening));
  }
}

/** Counts the file's own bytes, whatever the mode makes of them on the wire. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  meter: Meter,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.length; offset += pieceBytes) {
      const piece = chunk.subarray(offset, offset + pieceBytes);
      yield piece;
      bytes += piece.length;
      meter.update(bytes);
      tell(bytes);
    }
  }
}

/** Small enough for progress to move, large enough to cost nothing. */
const pieceBytes = 64 * 1024;

function meterOf(link: Link, path: string, content: Content, options: WriteOptions): Meter {
  const { clock, tracer } = link.options;
  const { onProgress } = options;
  const { operation } = link;
  return new Meter({ clock, tracer, operation, direction: 'up', path, total: content.total, onProgress });
}

/** `opening`: the first reply to STOR or APPE. A server that said 150 has opened the file, and with STOR emptied it. */
function effectOf(link: Link, opening: Reply | undefined): NonNullable<ErrorFacts['effect']> {
  if (opening && opening.code < 300) return 'changed';
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
export async function verifyStored(link: Link, path: string, { size }: Stored): Promise<void> {
  if (size === undefined || link.refuses('SIZE')) return;
  const question: Command = { verb: 'SIZE', argument: path };
  const [reply] = await link.batch([question]);
  link.learnFrom('SIZE', reply);
  const there = sizeFrom(reply);
  if (there === undefined || there === size) return;
  const facts = { path, bytes: there, total: size, effect: 'changed' } as const;
  throw new FtpError('save-unverified', `${there} of ${size} bytes are on the server.`, { reply, facts });
}
