import { Deferred } from '../../../src/base/deferred';
import { Exchange } from '../../../src/ftp/pi/exchange';
import { FtpError } from '../../../src/ftp/protocol/errors';
import { severityOf, type Reply } from '../../../src/ftp/protocol/reply';
import type { Side } from '../../../src/ftp/relay/side';

/** `silence`: never. `close`: the control connection is lost. Else the replies, one line each. */
export type Answers = Readonly<Record<string, readonly string[]>>;

export function replyOf(line: string): Reply {
  return { code: Number(line.slice(0, 3)), lines: [line], bytes: [new TextEncoder().encode(line)] };
}

/** One of two servers, which says what it is told to say. */
export class FakeSide implements Side {
  readonly signal: AbortSignal;
  readonly sent: string[] = [];
  readonly notes: string[] = [];
  readonly asked = new Deferred<void>();
  lost = false;
  tells = false;
  private readonly open: Exchange[] = [];

  constructor(
    readonly name: string,
    readonly peer: Side['peer'],
    private readonly answers: Answers,
    private readonly heard: (line: string) => void = () => undefined,
    private readonly stop = new AbortController(),
    private readonly unknown: readonly string[] = [],
    /** What it announces; with 'PROT P', its data connections are in TLS. */
    private readonly features: readonly string[] = [],
  ) {
    this.signal = stop.signal;
  }

  tellsStatus(): boolean {
    return this.tells;
  }

  giveUpStatus(): void {
    this.tells = false;
  }

  send(command: { verb: string; argument?: string }): Exchange {
    if (this.lost) throw lostError();
    const exchange = new Exchange(command, 1, () => undefined);
    this.open.push(exchange);
    const line = `${command.verb}${command.argument === undefined ? '' : ` ${command.argument}`}`;
    this.sent.push(line);
    this.heard(`${this.name}: ${line}`);
    for (const text of this.answers[command.verb] ?? ['200 Okay.']) this.say(exchange, text);
    return exchange;
  }

  abort(): void {
    this.stop.abort();
  }

  get isPrivate(): boolean {
    return this.can('PROT P');
  }

  can(feature: string): boolean {
    return this.features.includes(feature);
  }

  refuses(verb: string): boolean {
    return this.unknown.includes(verb);
  }

  lose(error: FtpError): void {
    this.lost = true;
    for (const exchange of this.open) if (!exchange.isEnded) exchange.fail(error);
  }

  noteAddress = (text: string): void => void this.notes.push(text);

  noteTrouble = (text: string): void => void this.notes.push(text);

  /** Slots that are still open. */
  get openSlots(): number {
    return this.open.filter((exchange) => !exchange.isEnded).length;
  }

  private say(exchange: Exchange, text: string): void {
    if (text === 'silence') return;
    if (text === 'close') return this.lose(lostError());
    // ABOR ends the transfer before it, and then itself.
    if (exchange.command.verb === 'ABOR') {
      for (const other of this.open) {
        if (other !== exchange && !other.isEnded) other.handleFinal(replyOf('426 Cut.'));
      }
    }
    const reply = replyOf(text);
    if (severityOf(reply) === 'preliminary') exchange.handlePreliminary(reply);
    else exchange.handleFinal(reply);
  }
}

function lostError(): FtpError {
  return new FtpError('connection-lost', 'The server closed the control connection.');
}
