import { concatBytes } from '../../base/bytes';
import { marksEnd, type TransferMode } from '../dtp/dataLine';
import type { Sink } from '../dtp/receiver';
import { startReceiving } from '../dtp/startFlow';
import type { TransferResult } from '../dtp/transfer';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import type { ReadOptions } from './ftpSession';
import type { Link } from './link';
import { Meter } from './meter';
import { thenInFiles } from './parameters';
import { sizeFrom } from './sizeFrom';

/** What is kept of a download for the case that the connection is lost. */
export interface RestartMemory {
  /** The server's last marker, and how many bytes of the file stand before it. */
  point?: { readonly marker: string; readonly position: number };
}

/** A whole file, or a part of it, in memory. */
export async function read(link: Link, path: string, options: ReadOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const collect = (bytes: Uint8Array): undefined => {
    chunks.push(bytes.slice());
    return undefined;
  };
  await download(link, path, { write: collect }, options);
  return concatBytes(chunks);
}

// > SIZE /www/index.php, EPSV       < 213 12944, 229
// > REST 100, RETR /www/index.php   < 350, 150, 226
/**
 * RETR into `sink`. Resolves when as many bytes came as the server had announced, and it said that it was done.
 * `memory`: what an earlier try learned, and this one leaves for the next.
 */
export async function download(
  link: Link,
  path: string,
  sink: Sink,
  options: ReadOptions,
  memory: RestartMemory = {},
): Promise<void> {
  const run = new Download(link, path, sink, options, memory);
  try {
    await thenInFiles(link, run.run());
  } catch (error) {
    if (options.offset) await forgetRestart(link);
    throw await explain(link, error, path, 'read');
  }
}

class Download {
  private readonly prelude: readonly Command[];
  private readonly inRecords: boolean;
  /** Bytes that the server will send, as SIZE says; unknown where it has no SIZE. */
  private expected: number | undefined;
  /** Where in the file the server begins, if it agrees. */
  private restartsAt = 0;
  /** Where in the file the next byte is that comes. */
  private position = 0;
  /** Bytes to leave out because the server would not. */
  private skip = 0;
  private delivered = 0;
  private meter: Meter | undefined;

  constructor(
    private readonly link: Link,
    private readonly path: string,
    private readonly sink: Sink,
    private readonly options: ReadOptions,
    private readonly memory: RestartMemory,
  ) {
    this.inRecords = options.structure === 'record';
    // Where the end is marked in the data, no size has to prove it.
    const needless = link.refuses('SIZE') || this.inRecords || marksEnd(link.line.parameters.mode);
    this.prelude = needless ? [] : [{ verb: 'SIZE', argument: path }];
  }

  async run(): Promise<void> {
    const { link, path, inRecords } = this;
    const result = await link.transfer({
      command: { verb: 'RETR', argument: path },
      path,
      direction: 'down',
      prelude: this.prelude,
      ...(inRecords && textRecords),
      restart: (mode) => this.restart(mode),
      start: (begun) => {
        this.interpret(begun.prelude[0], begun.restarted);
        return startReceiving(begun, this.counting(this.startMeter()), this.limit, link.options);
      },
    });
    this.verify(result);
    this.meter?.finish(this.delivered);
  }

  // REST 100      in stream mode a count of bytes
  // REST @2n4t    in block and compressed mode a marker that came between the data (RFC 959 §3.5)
  private restart(mode: TransferMode): Command | undefined {
    const { offset = 0 } = this.options;
    const { point } = this.memory;
    if (offset === 0 || this.inRecords) return undefined;
    if (!marksEnd(mode)) return this.restartAt(offset, String(offset));
    // Of a count of bytes these modes know nothing (RFC 3659 §5: REST STREAM).
    return point && point.position <= offset ? this.restartAt(point.position, point.marker) : undefined;
  }

  private restartAt(position: number, argument: string): Command {
    this.restartsAt = position;
    return { verb: 'REST', argument };
  }

  /** Bytes to be received; line ends are not among those of a record. */
  private get limit(): number {
    return this.inRecords ? Infinity : this.skip + (this.options.length ?? Infinity);
  }

  private interpret(sizeReply: Reply | undefined, restarted: Reply | undefined): void {
    this.link.learnFrom('SIZE', sizeReply);
    const { offset = 0, length = Infinity } = this.options;
    this.position = restarted?.code === 350 ? this.restartsAt : 0;
    this.skip = offset - this.position;
    const size = sizeFrom(sizeReply);
    this.expected = size === undefined ? undefined : Math.min(Math.max(0, size - offset), length);
  }

  private startMeter(): Meter {
    const { link, path, options, expected } = this;
    const { clock, tracer } = link.options;
    const { operation } = link;
    const { onProgress } = options;
    this.meter = new Meter({
      clock,
      tracer,
      operation,
      direction: 'down',
      path,
      total: expected,
      onProgress,
    });
    return this.meter;
  }

  /** Leaves out what was not asked for, before and behind. */
  private counting(meter: Meter): Sink {
    let left = this.skip;
    const { length = Infinity } = this.options;
    const write = (bytes: Uint8Array): Promise<void> | undefined => {
      this.position += bytes.length;
      const wanted = bytes.subarray(Math.min(left, bytes.length)).subarray(0, length - this.delivered);
      left -= Math.min(left, bytes.length);
      this.delivered += wanted.length;
      meter.update(this.delivered);
      return wanted.length > 0 ? this.sink.write(wanted) : undefined;
    };
    if (this.inRecords) return { write, endRecord: () => write(lineEnd) };
    return { write, restartMarker: (marker) => this.noteMarker(marker) };
  }

  private noteMarker(marker: Uint8Array): void {
    const { control } = this.link;
    this.memory.point = { marker: control.encoding.decode(marker), position: this.position };
  }

  /** In stream mode a cut looks like an end, so the sizes decide. */
  private verify(result: TransferResult): void {
    const { path, expected, delivered: bytes } = this;
    // Where the end is marked in the data, nothing can be missing (RFC 959 §3.3).
    if (expected === undefined && result.endIsMarked) return;
    if (expected === undefined && !unproven.has(result.end)) return this.noteUnverified();
    if (bytes === expected) return;
    const facts = { path, bytes, ...(expected !== undefined && { total: expected }) };
    throw new FtpError('data-cut', `${bytes} of ${expected ?? 'unknown'} bytes arrived.`, { facts });
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

/** As text, in the server's own idea of it: a mainframe translates EBCDIC. */
const textRecords = { structure: 'record', type: 'ascii' } as const;
const lineEnd = Uint8Array.of(0x0a);

/** The restart point of a transfer that never began would be applied to the next one. */
async function forgetRestart(link: Link): Promise<void> {
  if (link.control.loss) return;
  await link.command('REST', '0').catch(() => undefined);
}
