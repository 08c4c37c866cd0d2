import { concatBytes } from '../../base/bytes';
import { DataReceiver, type Sink } from '../dtp/receiver';
import type { TransferResult } from '../dtp/transfer';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import type { ReadOptions } from './ftpSession';
import type { Link } from './link';
import { Meter } from './meter';
import { sizeFrom } from './sizeFrom';

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
/** RETR into `sink`. Resolves when as many bytes came as the server had announced, and it said that it was done. */
export async function download(link: Link, path: string, sink: Sink, options: ReadOptions): Promise<void> {
  const run = new Download(link, path, sink, options);
  try {
    await run.run();
  } catch (error) {
    if (options.offset) await forgetRestart(link);
    throw await explain(link, error, path, 'read');
  }
}

class Download {
  private readonly prelude: readonly Command[];
  /** Bytes that the server will send, as SIZE says; unknown where it has no SIZE. */
  private expected: number | undefined;
  /** Bytes to leave out because the server would not. */
  private skip = 0;
  private meter: Meter | undefined;

  constructor(
    private readonly link: Link,
    private readonly path: string,
    private readonly sink: Sink,
    private readonly options: ReadOptions,
  ) {
    this.prelude = link.refuses('SIZE') ? [] : [{ verb: 'SIZE', argument: path }];
  }

  async run(): Promise<void> {
    const result = await this.link.transfer({
      command: { verb: 'RETR', argument: this.path },
      path: this.path,
      direction: 'down',
      prelude: this.prelude,
      ...(this.options.offset && { restart: { verb: 'REST', argument: String(this.options.offset) } }),
      start: (connection, [size], restarted) => {
        this.interpret(size, restarted);
        const meter = this.startMeter();
        const { clock, stallTimeout } = this.link.options;
        const onBytes = (bytes: number): void => meter.update(this.delivered(bytes));
        return new DataReceiver(connection, this.skipping(), this.limit, clock, { stallTimeout, onBytes });
      },
    });
    this.verify(result);
    this.meter?.finish(this.delivered(result.bytes));
  }

  private get limit(): number {
    return this.skip + (this.options.length ?? Infinity);
  }

  private interpret(sizeReply: Reply | undefined, restarted: Reply | undefined): void {
    this.link.learnFrom('SIZE', sizeReply);
    const { offset = 0, length = Infinity } = this.options;
    this.skip = restarted?.code === 350 ? 0 : offset;
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

  private delivered(bytes: number): number {
    return Math.max(0, bytes - this.skip);
  }

  private skipping(): Sink {
    let left = this.skip;
    if (left === 0) return this.sink;
    return {
      write: (bytes) => {
        const wanted = bytes.subarray(Math.min(left, bytes.length));
        left -= bytes.length - wanted.length;
        return wanted.length > 0 ? this.sink.write(wanted) : undefined;
      },
    };
  }

  /** In stream mode a cut looks like an end, so the sizes decide. */
  private verify(result: TransferResult): void {
    const bytes = this.delivered(result.bytes);
    const { path, expected } = this;
    if (expected === undefined && result.end !== 'broken') return this.noteUnverified();
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

/** The restart point of a transfer that never began would be applied to the next one. */
async function forgetRestart(link: Link): Promise<void> {
  if (link.control.loss) return;
  await link.command('REST', '0').catch(() => undefined);
}
