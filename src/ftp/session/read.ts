import { marksEnd, type TransferMode } from '../dtp/dataLine';
import type { DataReceiver, Sink } from '../dtp/receiver';
import { startReceiving } from '../dtp/startFlow';
import { NotBegun, type Begun, type TransferResult } from '../dtp/transferRequest';
import type { Disposable } from '../../base/disposable';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import { explain } from './explain';
import type { ReadOptions } from './ftpSession';
import type { Link } from './link';
import { MemorySink } from './memorySink';
import { Meter } from './meter';
import type { Perform, Way } from './operations';
import { thenInFiles } from './parameters';
import { changedMeanwhile, Received } from './received';
import { sizeFrom } from './sizeFrom';

/** A whole file, or a part of it, in memory. */
export async function read(link: Link, path: string, options: ReadOptions): Promise<Uint8Array> {
  const sink = new MemorySink();
  await download(link, path, sink, options);
  return sink.take();
}

/** The same in several steps, should others come first in between. */
export async function readInSteps(
  perform: Perform,
  way: Way,
  path: string,
  options: ReadOptions,
  whole?: (bytes: Uint8Array) => void,
): Promise<Uint8Array> {
  const sink = new MemorySink();
  try {
    await downloadInSteps(perform, way, path, sink, options, whole && (() => whole(sink.take())));
  } catch (error) {
    if (!FtpError.is(error, 'file-changed')) throw error;
    sink.clear();
    await perform((link) => download(link, path, sink, options));
  }
  return sink.take();
}

/** Goes on where `sink` is after each loss of the connection, and whenever it gave way. */
export async function downloadInSteps(
  perform: Perform,
  way: Way,
  path: string,
  sink: ReadSink,
  options: ReadOptions,
  whole?: () => void,
): Promise<void> {
  const received = new Received();
  for (;;) {
    const end = await perform((link) => download(link, path, sink, options, received, way, whole));
    if (end === 'complete') return;
    await way.giveWay(received.bytes);
  }
}

/** Where a download goes. */
export interface ReadSink extends Sink {
  /** Takes back what it was given. */
  clear?(): void;
  /** Told before the first byte how many will come, where that is known. */
  expect?(bytes: number): void;
}

// > SIZE /www/index.php, EPSV       < 213 12944, 229
// > REST 100, RETR /www/index.php   < 350, 150, 226
/**
 * RETR into `sink`, from where `received` is. 'complete' when as many bytes came as the server had announced, and it
 * said that it was done; `whole` is told before it has said so. 'gave-way' when it stopped, or did not begin, because
 * `way` said that others come first.
 */
export async function download(
  link: Link,
  path: string,
  sink: ReadSink,
  options: ReadOptions,
  received = new Received(),
  way?: Way,
  whole?: () => void,
): Promise<'complete' | 'gave-way'> {
  const run = new Download(link, path, sink, options, received, way, whole);
  try {
    return await thenInFiles(link, run.run());
  } catch (error) {
    if (error instanceof NotBegun) return 'gave-way';
    if (run.offset > 0) await forgetRestart(link);
    throw await explain(link, error, path, 'read');
  }
}

class Download {
  /** Bytes of the file that are not wanted, or have come already. */
  readonly offset: number;
  private readonly inRecords: boolean;
  /** The file was begun before: it has to be the same still. Otherwise each try says anew which it is. */
  private readonly goesOn: boolean;
  /** Where in the file the server begins, if it agrees. */
  private restartsAt = 0;
  /** Where in the file the next byte is that comes. */
  private position = 0;
  /** Bytes to leave out because the server would not. */
  private skip = 0;
  private stopped = false;
  private changed = false;
  /** The server has said that it sends the file. */
  private accepted = false;
  /** Nothing stands behind the bytes: zlib's end would. */
  private endsByClose = false;
  private listening: Disposable | undefined;
  /** Asked for together with others, without a word that is not needed of a small file: nobody asked for its time. */
  private inCompany = false;

  constructor(
    private readonly link: Link,
    private readonly path: string,
    private readonly sink: ReadSink,
    private readonly options: ReadOptions,
    private readonly received: Received,
    private readonly way: Way | undefined,
    private readonly whole: (() => void) | undefined,
  ) {
    this.offset = (options.offset ?? 0) + received.bytes;
    this.inRecords = options.structure === 'record';
    this.goesOn = received.version !== undefined && received.bytes > 0;
  }

  async run(): Promise<'complete' | 'gave-way'> {
    const { link, path, way, received } = this;
    const asksAtOnce = link.sharesSegment && !this.goesOn;
    let isComplete = false;
    this.inCompany = link.hasCompany;
    try {
      const result = await link.transfer({
        command: { verb: 'RETR', argument: path },
        path,
        direction: 'down',
        prelude: this.prelude(asksAtOnce),
        ...(!asksAtOnce && { questions: ([size]) => this.questions(size) }),
        isShort: !way?.isBulk,
        isEmpty: () => received.total === 0,
        ...(this.inRecords && textRecords),
        restart: (mode) => this.restart(mode),
        isWanted: () => way?.isWanted === true,
        answered: (reply) => {
          this.accepted = severityOf(reply) === 'preliminary';
          this.noteWhole();
        },
        start: (begun) => this.start(begun),
      });
      if (this.changed) throw changedMeanwhile(path, received.bytes);
      if (this.stopped && received.bytes !== received.total) return 'gave-way';
      this.verify(result);
      isComplete = true;
    } finally {
      this.listening?.dispose();
      if (this.inCompany && !isComplete) this.beginAgain();
    }
    received.meter?.finish(received.bytes);
    return 'complete';
  }

  /** Without its time nobody could tell whether the rest is of the same file. */
  private beginAgain(): void {
    this.received.clear();
    this.sink.clear?.();
  }

  /** Where the end is marked in the data, no size has to prove it. */
  private prelude(asksAtOnce: boolean): readonly Command[] {
    const { link, path } = this;
    const { mode } = link.line.parameters;
    const needless = this.goesOn || link.refuses('SIZE') || this.inRecords || marksEnd(mode);
    if (needless) return [];
    const asksTime = asksAtOnce && this.way && !this.inCompany && !link.refuses('MDTM');
    return [{ verb: 'SIZE', argument: path }, ...(asksTime ? [{ verb: 'MDTM', argument: path }] : [])];
  }

  /** In the moment of RETR: of a file that may take several, which file it is. */
  private questions(sizeReply: Reply | undefined): readonly Command[] {
    const { link, path, received } = this;
    const modified = { verb: 'MDTM', argument: path };
    if (this.goesOn) {
      const again = received.version?.modified === undefined ? [] : [modified];
      return [{ verb: 'SIZE', argument: path }, ...again];
    }
    const size = sizeFrom(sizeReply);
    const from = this.way?.isBulk ? shortRest : longRead;
    const asks = this.way && size !== undefined && this.wantedOf(size) >= from && !link.refuses('MDTM');
    return asks ? [modified] : [];
  }

  // REST 100      in stream mode a count of bytes
  // REST @2n4t    in block and compressed mode a marker that came between the data (RFC 959 §3.5)
  private restart(mode: TransferMode): Command | undefined {
    const { offset } = this;
    const { point } = this.received;
    if (offset === 0 || this.inRecords) return undefined;
    if (!marksEnd(mode)) return this.restartAt(offset, String(offset));
    // Of a count of bytes these modes know nothing (RFC 3659 §5: REST STREAM).
    return point && point.position <= offset ? this.restartAt(point.position, point.marker) : undefined;
  }

  private restartAt(position: number, argument: string): Command {
    this.restartsAt = position;
    return { verb: 'REST', argument };
  }

  private start(begun: Begun): DataReceiver {
    const { received, link } = this;
    if (this.goesOn) this.compare(begun.answers);
    else this.interpret(begun.prelude[0], begun.answers[0] ?? begun.prelude[1]);
    link.learnFrom('REST', begun.restarted);
    this.position = begun.restarted?.code === 350 ? this.restartsAt : 0;
    this.skip = this.offset - this.position;
    received.meter ??= this.newMeter();
    const flow = startReceiving(begun, this.counting(received.meter), this.limit, link.options);
    this.endsByClose = begun.parameters.mode === 'stream' && !this.inRecords;
    if (this.endsByClose) this.listen(flow);
    if ((received.total ?? Infinity) < longRead) link.closeOurHalf(begun);
    this.noteWhole();
    return flow;
  }

  /** As many bytes are here as the server announced. Its last word is still to come, and may be another. */
  private noteWhole(): void {
    const { bytes, total } = this.received;
    if (this.accepted && this.endsByClose && total !== undefined && bytes === total) this.whole?.();
  }

  /** Bytes to be received; line ends are not among those of a record. */
  private get limit(): number {
    const { length = Infinity } = this.options;
    return this.inRecords ? Infinity : this.skip + length - this.received.bytes;
  }

  private interpret(sizeReply: Reply | undefined, modifiedReply: Reply | undefined): void {
    const { link, received } = this;
    link.learnFrom('SIZE', sizeReply);
    link.learnFrom('MDTM', modifiedReply);
    const size = sizeFrom(sizeReply);
    if (size === undefined) return;
    received.total = this.wantedOf(size);
    received.version = { size, modified: modifiedFrom(modifiedReply) };
    this.sink.expect?.(received.total);
  }

  private compare([size, modified]: readonly Reply[]): void {
    const { version } = this.received;
    this.changed = sizeFrom(size) !== version?.size || modifiedFrom(modified) !== version?.modified;
  }

  private wantedOf(size: number): number {
    const { offset = 0, length = Infinity } = this.options;
    return Math.min(Math.max(0, size - offset), length);
  }

  /** Stops for others where it can go on later, and where what is left is worth it. */
  private listen(flow: DataReceiver): void {
    const { way, link, received } = this;
    const { total } = received;
    if (!way || total === undefined || !link.can('REST STREAM') || link.refuses('REST')) return;
    if (total >= longRead) way.becomeBulk();
    this.listening = way.onWanted(() => {
      if (total - received.bytes < shortRest) return;
      this.stopped = true;
      flow.stop();
    });
  }

  private newMeter(): Meter {
    const { link, path, options, received } = this;
    const { clock, tracer } = link.options;
    const { operation } = link;
    const { total } = received;
    const { onProgress } = options;
    return new Meter({ clock, tracer, operation, direction: 'down', path, total, onProgress });
  }

  /** Leaves out what was not asked for, before and behind. */
  private counting(meter: Meter): Sink {
    let left = this.skip;
    const { received, sink } = this;
    const { length = Infinity } = this.options;
    const write = (bytes: Uint8Array): Promise<void> | undefined => {
      if (this.changed) return Promise.reject(changedMeanwhile(this.path, received.bytes));
      this.position += bytes.length;
      const isAll = left === 0 && length === Infinity;
      const wanted = isAll ? bytes : bytes.subarray(left).subarray(0, length - received.bytes);
      left -= Math.min(left, bytes.length);
      received.bytes += wanted.length;
      meter.update(received.bytes);
      const full = wanted.length > 0 ? sink.write(wanted) : undefined;
      this.noteWhole();
      return full;
    };
    const keeps = sink.keeps === true;
    if (this.inRecords) return { keeps, write, endRecord: () => write(lineEnd) };
    return { keeps, write, restartMarker: (marker) => this.noteMarker(marker) };
  }

  private noteMarker(marker: Uint8Array): void {
    const { encoding } = this.link.control;
    this.received.point = { marker: encoding.decode(marker), position: this.position };
  }

  /** In stream mode a cut looks like an end, so the sizes decide. */
  private verify(result: TransferResult): void {
    const { path } = this;
    const { bytes, total } = this.received;
    // Where the end is marked in the data, nothing can be missing (RFC 959 §3.3).
    if (total === undefined && result.endIsMarked) return;
    if (total === undefined && !unproven.has(result.end)) return this.noteUnverified();
    if (bytes === total) return;
    const facts = { path, bytes, ...(total !== undefined && { total }) };
    throw new FtpError('data-cut', `${bytes} of ${total ?? 'unknown'} bytes arrived.`, { facts });
  }

  private noteUnverified(): void {
    const { tracer } = this.link.options;
    tracer.trouble({
      operation: this.link.operation,
      text: 'the server told no size; completeness not verified',
    });
  }
}

/** A reset, or TLS without close_notify: nothing but the size could prove that all is there. */
const unproven: ReadonlySet<TransferResult['end']> = new Set<TransferResult['end']>(['broken', 'truncated']);

/** Bytes from which a file that somebody waits for is read as bulk: a second on a line of 30 Mbit/s. */
const longRead = 4 * 1024 * 1024;

/** Bytes that come sooner than another data connection would: four round trips at 5 Mbit/s and 100 ms. */
const shortRest = 256 * 1024;

/** As text, in the server's own idea of it: a mainframe translates EBCDIC. */
const textRecords = { structure: 'record', type: 'ascii' } as const;
const lineEnd = Uint8Array.of(0x0a);

// 213 20261120140200
function modifiedFrom(reply: Reply | undefined): string | undefined {
  return reply?.code === 213 ? replyText(reply) : undefined;
}

/** The restart point of a transfer that never began would be applied to the next one. */
async function forgetRestart(link: Link): Promise<void> {
  if (link.control.loss) return;
  await link.command('REST', '0').catch(() => undefined);
}
