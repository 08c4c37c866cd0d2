// Theory of operation
//
// A stream can be had once, and its last 16 MiB are held in memory. An upload that gives way resets its data connection,
// which does not wait until all that is under way has arrived. SIZE tells later how much of it the server has:
//
//   > STOR /a.iso      = sent 3,000,000 bytes, reset     < 150, 426
//     … others …
//   > SIZE /a.iso, EPSV    < 213 2900000, 229            a part of what was sent: the rest of it comes out of memory
//   > APPE /a.iso      = sent the rest                   < 150, 226
//   > SIZE /a.iso                                        < 213, all of it
//
// Some servers are set to remove what was cut (DeleteAbortedStores, delete_failed_uploads), or hide it until it is whole
// (HiddenStores), and some refuse APPE (ProFTPD without AllowStoreRestart, anonymous users of vsftpd). Both must be
// found out before bytes are gone that cannot be had again. So the first long upload to a server cuts its first command
// early, while all of it is still in memory, whether or not somebody waits. The answers are remembered. Where a reset
// is known to lose something, or SIZE could be that of an old file, the data connection is ended in order, which takes
// longer, and the size must be all that was sent.
//
// The bytes go to the name that was asked for, as with any STOR: others see a part of the file until the end, and
// meanwhile also those that it gave way to. Whoever wants the old file to stay gives another name and renames.
import type { Disposable } from '../../base/disposable';
import { watched, type Pieces } from '../dtp/pieces';
import type { DataSender } from '../dtp/sender';
import { NotBegun } from '../dtp/transferRequest';
import { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import type { WriteOptions } from './ftpSession';
import type { Link } from './link';
import type { Perform, Way } from './operations';
import { sizeFrom } from './sizeFrom';
import { UploadSource } from './uploadSource';
import { Sent, store, verifyStored, type Content, type GoingOn, type Stored } from './write';

/** Stores a stream, in several steps should others come first in between; resolves when its size was checked. */
export async function upload(
  perform: Perform,
  way: Way,
  path: string,
  stream: Pieces,
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
  /** Bytes of it that the server has for sure. */
  private confirmed = 0;
  /** The last command was reset: the server has between `confirmed` and all that was sent. */
  private isCut = false;
  private flow: DataSender | undefined;

  constructor(
    private readonly way: Way,
    private readonly path: string,
    readonly source: UploadSource,
    private readonly options: WriteOptions,
  ) {}

  /** One command; whether it was the last. */
  async step(link: Link): Promise<boolean> {
    const { sent } = this;
    this.source.resume();
    this.flow = undefined;
    try {
      await this.store(link);
    } catch (error) {
      if (error instanceof NotBegun) return false;
      const hasBegun = this.flow !== undefined && sent.bytes > this.confirmed;
      if (hasBegun || link.control.loss || !this.otherwise(link, error)) throw error;
      return false;
    } finally {
      this.listening?.dispose();
    }
    this.begun = true;
    if (this.isCut) return false;
    this.confirmed = sent.bytes;
    if (!this.source.isEnded) return false;
    sent.meter?.finish(sent.bytes);
    return true;
  }

  private async store(link: Link): Promise<void> {
    const { path, sent, options, way } = this;
    this.ways ??= waysToGoOn(link);
    const goingOn = this.begun ? this.ways[0] : undefined;
    const pieces = (): Pieces => this.part(link, goingOn);
    const content: Content = { pieces, total: undefined, isRepeatable: false };
    const isWanted = (): boolean => way.isWanted;
    const begun = (flow: DataSender): void => this.listen(link, flow, goingOn);
    const check = (size: Reply | undefined): void => this.compare(link, size);
    const { isCut = false } = await store(link, path, content, options, {
      sent,
      goingOn,
      check,
      isWanted,
      begun,
    });
    this.isCut = isCut;
    if (goingOn) link.profile.learned.goesOn = goingOn;
  }

  /** Somebody else may have written there in between: what follows belongs to another beginning. */
  private compare(link: Link, reply: Reply | undefined): void {
    const { path, sent, source, confirmed } = this;
    const bytes = (sizeFrom(reply) ?? NaN) - (sent.before ?? NaN);
    const least = this.isCut ? confirmed : sent.bytes;
    if (bytes >= least && bytes <= sent.bytes && source.goBack(sent.bytes - bytes)) {
      if (this.isCut && bytes > confirmed) link.profile.learned.keepsCut = true;
      this.takeUp(bytes);
      return;
    }
    if (this.isCut) this.learnLoss(link);
    if (this.isCut && reply?.code === 550 && source.goBack(sent.bytes)) {
      this.begun = false;
      this.takeUp(0);
      throw new NotBegun();
    }
    const facts = { path, bytes: sent.bytes };
    throw new FtpError('file-changed', 'The file changed while it was being written.', { reply, facts });
  }

  private takeUp(bytes: number): void {
    this.isCut = false;
    this.sent.bytes = bytes;
    this.confirmed = bytes;
  }

  private learnLoss({ profile, options, operation }: Link): void {
    profile.learned.keepsCut = false;
    const text = 'an upload that was cut is not there any more; they are ended in order from now on';
    options.tracer.trouble({ operation, text });
  }

  /** The bytes of one command; asked for when the server is ready for them. */
  private part(link: Link, goingOn: GoingOn | undefined): Pieces {
    const { goesOn, keepsCut } = link.profile.learned;
    const isKnown = goingOn !== undefined || (goesOn !== undefined && keepsCut !== undefined);
    if (isKnown || this.options.append) this.source.keepLast(keepsCut === false ? 0 : mostUnderWay);
    if (isKnown || this.options.append || !this.canStop(link)) return this.source.part(Infinity);
    return this.partToBeCut(link, goingOn);
  }

  private partToBeCut(link: Link, goingOn: GoingOn | undefined): Pieces {
    return watched(this.source.part(firstPart), (piece) => {
      if (!piece && !this.source.isEnded && this.canCut(link, goingOn)) this.flow?.interrupt();
    });
  }

  private listen(link: Link, flow: DataSender, goingOn: GoingOn | undefined): void {
    this.flow = flow;
    if (!this.canStop(link)) return;
    this.listening = this.way.onWanted(() => {
      this.source.stop();
      if (this.canCut(link, goingOn)) flow.interrupt();
      else flow.stop();
    });
  }

  /** What SIZE will say can only be a part of what was sent, and what is missing can be had again. */
  private canCut(link: Link, goingOn: GoingOn | undefined): boolean {
    const { sent, source } = this;
    const { keepsCut } = link.profile.learned;
    if (keepsCut === undefined) return sent.isNew && source.holds(sent.bytes);
    return keepsCut && (goingOn !== undefined || sent.isNew);
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
    if (!this.source.goBack(this.sent.bytes)) return false;
    link.profile.learned.goesOn = 'not';
    this.begun = false;
    this.takeUp(0);
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

/** Bytes that can be under way: a sender's and a receiver's TCP buffers, of 4 and 6 MiB at most on Linux, and more. */
const mostUnderWay = 16 * 1024 * 1024;
