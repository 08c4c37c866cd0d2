// Theory of operation
//
// A stream can be had once. An upload that gives way ends its data connection in order, so that all that was sent is
// stored and confirmed, and goes on at the end of the file:
//
//   > STOR /a.iso      = sent 3,000,000 bytes     < 150, 226
//     … others …
//   > SIZE /a.iso, EPSV    < 213 3000000, 229     nobody else wrote there
//   > APPE /a.iso      = sent the rest            < 150, 226
//   > SIZE /a.iso                                 < 213, all of it
//
// A server that refuses APPE (ProFTPD without AllowStoreRestart, anonymous users of vsftpd) must be found out before
// bytes are gone that cannot be had again. So the first long upload to a server ends its first command early, while
// all of it is still in memory, whether or not somebody waits. The answer is remembered.
//
// The bytes go to the name that was asked for, as with any STOR: others see a part of the file until the end, and
// meanwhile also those that it gave way to. Whoever wants the old file to stay gives another name and renames.
import type { Disposable } from '../../base/disposable';
import type { DataSender } from '../dtp/sender';
import { NotBegun } from '../dtp/transferRequest';
import { FtpError } from '../protocol/errors';
import type { WriteOptions } from './ftpSession';
import type { Link } from './link';
import type { Perform, Way } from './operations';
import { UploadSource } from './uploadSource';
import { Sent, store, verifyStored, type Content, type GoingOn, type Stored } from './write';

/** Stores a stream, in several steps should others come first in between; resolves when its size was checked. */
export async function upload(
  perform: Perform,
  way: Way,
  path: string,
  stream: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Stored> {
  const run = new Upload(way, path, new UploadSource(stream), options);
  try {
    while (!(await perform((link) => run.step(link)))) await way.giveWay(run.sent.bytes);
    const stored = { size: run.sent.size };
    await perform((link) => verifyStored(link, path, stored));
    return stored;
  } finally {
    run.source.release();
  }
}

class Upload {
  readonly sent = new Sent();
  private begun = false;
  /** How it may go on after a stop, the preferred way first; unknown before the first command. */
  private ways: GoingOn[] | undefined;
  private listening: Disposable | undefined;

  constructor(
    private readonly way: Way,
    private readonly path: string,
    readonly source: UploadSource,
    private readonly options: WriteOptions,
  ) {}

  /** One command; whether it was the last. */
  async step(link: Link): Promise<boolean> {
    const { sent } = this;
    const before = sent.bytes;
    this.source.resume();
    try {
      await this.store(link);
    } catch (error) {
      if (error instanceof NotBegun) return false;
      if (sent.bytes > before || link.control.loss || !this.otherwise(link, error)) throw error;
      return false;
    } finally {
      this.listening?.dispose();
    }
    this.begun = true;
    if (!this.source.isEnded) return false;
    sent.meter?.finish(sent.bytes);
    return true;
  }

  private async store(link: Link): Promise<void> {
    const { path, sent, options, way } = this;
    this.ways ??= waysToGoOn(link);
    const goingOn = this.begun ? this.ways[0] : undefined;
    const chunks = { [Symbol.asyncIterator]: () => this.part(link, goingOn) };
    const content: Content = { chunks, total: undefined, isRepeatable: false };
    const isWanted = (): boolean => way.isWanted;
    const begun = (flow: DataSender): void => this.listen(link, flow);
    await store(link, path, content, options, { sent, goingOn, isWanted, begun });
    if (goingOn) link.profile.learned.goesOn = goingOn;
  }

  /** The bytes of one command; called when the server is ready for them. */
  private part(link: Link, goingOn: GoingOn | undefined): AsyncGenerator<Uint8Array> {
    const isKnown = goingOn !== undefined || this.options.append || link.profile.learned.goesOn !== undefined;
    if (isKnown) this.source.forget();
    return this.source.part(isKnown || !this.canStop(link) ? Infinity : firstPart);
  }

  private listen(link: Link, flow: DataSender): void {
    if (!this.canStop(link)) return;
    this.listening = this.way.onWanted(() => {
      this.source.stop();
      flow.stop();
    });
  }

  /** There is a way to go on, and SIZE can tell whether the file is still what was stored. */
  private canStop(link: Link): boolean {
    const { ways = [], sent } = this;
    return (
      link.line.parameters.mode === 'stream' &&
      link.can('SIZE') &&
      sent.before !== undefined &&
      ways.length > 0
    );
  }

  /** Going on was refused: another way, or all from the beginning and without a stop. */
  private otherwise(link: Link, error: unknown): boolean {
    const refused = this.begun && error instanceof FtpError && error.reply && error.code !== 'file-changed';
    if (!refused || !this.ways) return false;
    const way = this.ways.shift();
    if (this.ways.length === 0 && !this.beginAgain(link)) return false;
    const then = this.ways[0] ?? 'from the beginning; uploads are not stopped on this server from now on';
    const text = `an upload did not go on with ${way} (${error.reply.code}); ${then}`;
    link.options.tracer.trouble({ operation: link.operation, text });
    return true;
  }

  private beginAgain(link: Link): boolean {
    if (!this.source.rewind()) return false;
    link.profile.learned.goesOn = 'not';
    this.begun = false;
    this.sent.bytes = 0;
    return true;
  }
}

function waysToGoOn(link: Link): GoingOn[] {
  const { goesOn } = link.profile.learned;
  if (goesOn === 'not') return [];
  const restart: GoingOn[] = link.can('REST STREAM') && !link.refuses('REST') ? ['REST'] : [];
  return goesOn === 'REST' ? restart : ['APPE', ...restart];
}

/** Bytes that are held in memory until it is known whether an upload can go on: shorter ones are never in the way. */
const firstPart = 1024 * 1024;
