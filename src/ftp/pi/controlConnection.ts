import { concatBytes } from '../../base/bytes';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Connection, Endpoint, NetError } from '../net/network';
import { encodeCommand, type Command, type EncodedCommand } from '../protocol/command';
import { FtpError, RemoteProtocolError } from '../protocol/errors';
import type { NameEncoding } from '../protocol/nameEncoding';
import { replyText, type Reply } from '../protocol/reply';
import { ReplyParser } from '../protocol/replyParser';
import { TelnetFilter } from '../protocol/telnet';
import type { Tracer } from '../trace/tracer';
import type { TlsDetails } from '../trace/wireEvent';
import { Exchange } from './exchange';
import { ReplyLedger } from './replyLedger';

export interface ControlContext {
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly encoding: NameEncoding;
  /** Milliseconds until a reply counts as missing. */
  readonly replyTimeout: number;
  /** The server answered out of order: nothing is to be queued behind anything again. */
  onOutOfOrder(): void;
  onLost(loss: Loss): void;
}

/** What one operation asks of the server. */
export interface CommandGroup {
  readonly commands: readonly Command[];
  readonly operation: number | undefined;
}

/** How a control connection came to its end. */
export interface Loss {
  readonly error: FtpError;
  /** Commands whose fate is unknown: sent, and not finally answered. */
  readonly unanswered: readonly string[];
}

/**
 * The user-PI's end of a control connection (RFC 959 §2.3): sends commands, files the replies in the ledger,
 * and owns a deadline for the oldest of them. Once lost it stays lost; the session makes another.
 */
export class ControlConnection {
  private parser = this.newParser();
  private telnet = new TelnetFilter();
  private readonly ledger = new ReplyLedger();
  private deadline: Disposable | undefined;
  private ended: Loss | undefined;
  /** What follows is not on this wire any more: TLS begins (AUTH), or ends (CCC). */
  private wireEnds = false;
  /** Lines that were diverted from the reply that comes. */
  private diverted = 0;

  constructor(
    private connection: Connection,
    private readonly context: ControlContext,
  ) {}

  get local(): Endpoint {
    return this.connection.local;
  }

  get remote(): Endpoint {
    return this.connection.remote;
  }

  get encoding(): NameEncoding {
    return this.context.encoding;
  }

  /** Absent in clear text. */
  get security(): TlsDetails | undefined {
    return this.connection.tls;
  }

  get loss(): Loss | undefined {
    return this.ended;
  }

  get openSlots(): number {
    return this.ledger.size;
  }

  get unparsedBytes(): number {
    return this.parser.unparsedBytes;
  }

  /** Starts reading; the greeting is the first reply, the answer to no command. */
  greeting(operation: number): Exchange {
    // Cancelled in the moment in which the connection came about: nothing would ever close the slot.
    if (this.ended) throw this.ended.error;
    const exchange = this.open({ verb: 'GREETING' }, operation);
    this.listen();
    return exchange;
  }

  /**
   * Goes on over what `exchange` makes of the connection beneath: TLS after AUTH (RFC 4217 §4), clear text after CCC. No
   * deadline runs meanwhile. Not a byte may have come behind the reply that allowed it: it could be anybody's.
   */
  async exchangeWire(exchange: (wire: Connection) => Promise<Connection>): Promise<void> {
    if (this.ended) throw this.ended.error;
    const wire = await exchange(this.connection);
    if (this.loss) {
      wire.close();
      throw this.loss.error;
    }
    this.connection = wire;
    this.parser = this.newParser();
    this.telnet = new TelnetFilter();
    this.wireEnds = false;
    this.listen();
  }

  /** Bytes of a command on the wire. Throws for one that cannot be encoded. */
  lengthOf(command: Command): number {
    return this.encode(command).bytes.length;
  }

  /** Sends commands in one segment. Nothing is sent when one of them cannot be encoded. */
  send(commands: readonly Command[], operation: number | undefined): Exchange[] {
    return this.sendTogether([{ commands, operation }]).flat();
  }

  /** The same of several operations' commands, in one segment as well. */
  sendTogether(groups: readonly CommandGroup[]): Exchange[][] {
    const encoded = groups.map(({ commands }) => commands.map((command) => this.encode(command)));
    if (this.ended) throw this.ended.error;
    const exchanges = groups.map(({ commands, operation }, index) => {
      const opened = commands.map((command) => this.open(command, operation));
      for (const { shown } of encoded[index] ?? []) this.context.tracer.sent(shown, operation);
      return opened;
    });
    this.connection.write(concatBytes(encoded.flat().map(({ bytes }) => bytes)));
    return exchanges;
  }

  /** One command that expects no data; resolves with its final reply, whatever its class. */
  async exchange(command: Command, operation: number | undefined): Promise<Reply> {
    const [exchange] = this.send([command], operation);
    if (!exchange) throw new RangeError('A command opens a slot.');
    return exchange.final;
  }

  /** Several commands in one segment; resolves with their final replies in order. */
  async batch(commands: readonly Command[], operation: number | undefined): Promise<Reply[]> {
    return Promise.all(this.send(commands, operation).map((exchange) => exchange.final));
  }

  /** Waits no longer for the reply to this ABOR. A command must follow, whose reply tells that none can come any more. */
  forgive(abort: Exchange): void {
    this.ledger.forgive(abort);
    this.rearm();
  }

  /** Reads no further until `full` is over: who takes the lines of a reply has enough for the moment. */
  readOnAfter(full: Promise<void>): void {
    const { connection } = this;
    connection.pause();
    full.then(
      () => connection.resume(),
      (error: unknown) =>
        this.lose(error instanceof FtpError ? error : lost('A reply was not taken.', error)),
    );
  }

  /** Drops the connection: whatever is still owed fails with `error`. */
  lose(error: FtpError): void {
    if (this.ended) return;
    this.ended = { error, unanswered: this.ledger.unanswered };
    this.deadline?.dispose();
    this.deadline = undefined;
    this.connection.close();
    for (const exchange of this.ledger.takeAll()) exchange.fail(error);
    this.context.onLost(this.ended);
  }

  private encode(command: Command): EncodedCommand {
    return encodeCommand(command, (text) => this.encoding.encode(text));
  }

  private newParser(): ReplyParser {
    return new ReplyParser({
      onLine: (line) => this.handleLine(line),
      takeInside: (line, code) => this.takeInside(line, code),
    });
  }

  private listen(): void {
    this.connection.receive({
      data: (bytes) => this.handleBytes(bytes),
      end: () => this.handleEnd(),
      fault: (error) => this.handleFault(error),
    });
  }

  private open(command: Command, operation: number | undefined): Exchange {
    const exchange = new Exchange(command, operation, () => this.rearm());
    this.ledger.add(exchange);
    if (this.ledger.size === 1) this.rearm();
    return exchange;
  }

  private handleBytes(bytes: Uint8Array): void {
    if (this.ended) return;
    if (this.wireEnds) return this.lose(injected());
    // vsftpd lists names as they are: the byte 255 of one (`я` in windows-1251) begins no command of Telnet there.
    const { text, answer } = this.ledger.isDiverting ? asText(bytes) : this.telnet.push(bytes);
    if (answer.length > 0) this.connection.write(answer);
    const before = this.diverted;
    try {
      this.parser.push(text);
      this.takeReplies();
    } catch (error) {
      this.lose(error instanceof FtpError ? error : lost('The reply could not be read.', error));
    }
    if (this.diverted > before) this.rearm();
  }

  private takeReplies(): void {
    for (let reply = this.parser.next(); reply && !this.ended; reply = this.parser.next()) {
      const ends = endsWire(this.ledger.head, reply);
      this.handleReply(reply);
      if (ends) return this.endWire();
    }
  }

  private endWire(): void {
    this.wireEnds = true;
    if (this.parser.unparsedBytes > 0) this.lose(injected());
  }

  private handleEnd(): void {
    // After CCC it is TLS that ends, with a close_notify, and not the connection.
    if (!this.wireEnds) this.lose(lost('The server closed the control connection.'));
  }

  private handleFault(error: NetError): void {
    if (error.fault === 'truncated') this.handleEnd();
    else if (error.fault === 'certificate-refused') this.lose(clientCertificateRefused(error));
    else this.lose(lost('The control connection broke.', error));
  }

  /** A whole line is progress; single bytes are not, or a trickle would hold the deadline off for ever. */
  private handleLine(line: Uint8Array): void {
    this.context.tracer.received(line, this.ledger.head?.operation, this.diverted);
    this.diverted = 0;
    this.rearm();
  }

  private takeInside(line: Uint8Array, code: number): boolean {
    if (this.ledger.head?.takeInside(line, code) !== true) return false;
    this.diverted += 1;
    return true;
  }

  private handleReply(reply: Reply): void {
    const { tracer } = this.context;
    // 421 Service not available, closing control connection. (may be a reply to any command, RFC 959 §4.2)
    if (reply.code === 421) return this.lose(closing(reply));
    const verdict = this.ledger.handleReply(reply);
    this.rearm();
    if (verdict === 'absorbed') {
      tracer.trouble({
        operation: undefined,
        text: `late reply ${reply.code} to a finished transfer ignored`,
      });
    } else if (verdict === 'out-of-order') {
      this.context.onOutOfOrder();
      this.lose(new RemoteProtocolError('The server answered out of order.', { reply }));
    } else if (verdict !== 'accepted') {
      this.lose(verdict);
    }
  }

  /** The deadline is that of the head; it starts anew whenever the head changes or something arrives. */
  private rearm(): void {
    this.deadline?.dispose();
    this.deadline = undefined;
    const head = this.ledger.head;
    if (!head || head.isHeld || this.ended) return;
    const { clock, replyTimeout } = this.context;
    this.deadline = clock.setTimer(replyTimeout, () => this.handleSilence(head), 'reply');
  }

  private handleSilence(head: Exchange): void {
    this.deadline = undefined;
    // glftpd ends a multi-line reply with another code than it began with.
    if (this.parser.endLeniently()) return this.takeReplies();
    const verb = head.command.verb;
    const seconds = this.context.replyTimeout / 1000;
    const message = `No reply to ${verb} within ${seconds} s.`;
    this.lose(new FtpError('reply-timed-out', message, { facts: { command: verb, seconds } }));
  }
}

function asText(text: Uint8Array): ReturnType<TelnetFilter['push']> {
  return { text, answer: nothing };
}

const nothing = new Uint8Array(0);

// AUTH TLS   234 AUTH TLS OK.
// CCC        200 Control connection is in clear text now.
function endsWire(head: Exchange | undefined, reply: Reply): boolean {
  return (head?.command.verb === 'AUTH' || head?.command.verb === 'CCC') && reply.code < 400;
}

/** CVE-2021-22947: replies that were slipped in before TLS would count as the server's. */
function injected(): FtpError {
  return new FtpError('tls-injected', 'Bytes in clear text came behind the reply that begins TLS.');
}

export function clientCertificateRefused(cause: NetError): FtpError {
  const facts = { said: cause.message };
  return new FtpError('tls-client-certificate', `No client certificate was accepted: ${cause.message}`, {
    cause,
    facts,
  });
}

function lost(message: string, cause?: unknown): FtpError {
  return new FtpError('connection-lost', message, cause === undefined ? {} : { cause });
}

function closing(reply: Reply): FtpError {
  return new FtpError('service-closing', `The server is closing: ${replyText(reply)}`, { reply });
}
