import { FileSeries } from '../dtp/fileSeries';
import { decoderFor } from '../mode/modeFor';
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { severityOf } from '../protocol/reply';
import { mostCommands } from './leaving';
import type { Link } from './link';

/** One file that somebody waits for. */
export interface Wanted {
  readonly path: string;
  deliver(bytes: Uint8Array): void;
  fail(error: FtpError): void;
}

// > RETR /a, RETR /b, RETR /c        < 150, 250, 150, 250, 550
/**
 * Queues RETRs on the data connection that the last transfer left open in block or compressed mode: N files for about
 * one round trip. Answers which files are still wanted, because the connection ended before their turn.
 */
export async function readSeries(link: Link, files: readonly Wanted[]): Promise<readonly Wanted[]> {
  const { parameters, hasMarkedEnds } = link.line;
  const { mode, structure, type } = parameters;
  if (mode === 'stream' || mode === 'deflate' || structure !== 'file' || type !== 'image') return files;
  // Without marks between them, the beginning of one file would be taken for the end of another.
  const kept = hasMarkedEnds ? link.line.take() : undefined;
  if (!kept) return files;
  const decoder = decoderFor({ mode, structure, type });
  const { clock, stallTimeout } = link.options;
  const series = new FileSeries(kept, decoder, clock, stallTimeout);
  try {
    return await new Window(link, series, files).run();
  } finally {
    series.finish();
    link.line.keep(kept);
  }
}

class Window {
  private readonly inFlight: { readonly file: Wanted; readonly exchange: Exchange }[] = [];
  private readonly left: Wanted[];
  private readonly again: Wanted[] = [];

  constructor(
    private readonly link: Link,
    private readonly series: FileSeries,
    files: readonly Wanted[],
  ) {
    this.left = [...files];
  }

  async run(): Promise<readonly Wanted[]> {
    this.fill();
    for (let head = this.inFlight.shift(); head; head = this.inFlight.shift()) {
      await this.settle(head.file, head.exchange);
      this.fill();
    }
    return [...this.again, ...this.left];
  }

  /** Half a window at a time, so that commands share segments. */
  private fill(): void {
    if (this.again.length > 0 || this.inFlight.length > mostCommands / 2) return;
    const files = this.left.splice(0, mostCommands - this.inFlight.length);
    if (files.length === 0) return;
    const commands = files.map(({ path }) => ({ verb: 'RETR', argument: path }));
    const exchanges = this.link.control.send(commands, this.link.operation);
    exchanges.forEach((exchange, index) => {
      const file = files[index];
      if (file) this.inFlight.push({ file, exchange });
      holdWhileOpen(exchange);
    });
  }

  private async settle(file: Wanted, exchange: Exchange): Promise<void> {
    const reply = await exchange.final;
    // 425: the data connection was closed behind an earlier file; this one has not begun.
    if (reply.code === 425) this.again.push(file);
    else if (severityOf(reply) !== 'completed') file.fail(refusal(reply, 'RETR', file.path));
    else await this.deliver(file);
  }

  private async deliver(file: Wanted): Promise<void> {
    try {
      file.deliver(await this.series.next());
    } catch (error) {
      if (!(error instanceof FtpError)) throw error;
      this.again.push(file);
    }
  }
}

/** Between 150 and the final reply the data have a deadline of their own. */
function holdWhileOpen(exchange: Exchange): void {
  exchange.opening.then(
    (reply) => severityOf(reply) === 'preliminary' && exchange.hold(),
    () => undefined,
  );
}
