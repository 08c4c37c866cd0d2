import { RemoteProtocolError } from './errors';
import { ReceiveBuffer } from './receiveBuffer';
import type { ErrorFacts } from './errors';
import type { Reply } from './reply';

export interface ReplyLimits {
  /** Bytes of one line, with its line end. */
  line: number;
  /** Bytes of one reply; a line counts as 64 at least, which is what its array costs. */
  reply: number;
}

export interface ReplyParserOptions {
  /** Called with each whole line, without its line end, as soon as it is read: for the log. */
  readonly onLine?: (line: Uint8Array) => void;
  /**
   * Offered each line between the first and the last of a reply, with its line end; true: it is taken, and is neither kept
   * nor counted nor told to `onLine`. A listing may come as a reply.
   */
  readonly takeInside?: (line: Uint8Array, code: number) => boolean;
  readonly limits?: Partial<ReplyLimits>;
}

// The longest names that servers allow are 4 KiB, and MLST lines stay below 8 KiB; curl and FileZilla cap here, too.
export const lineLimit = 64 * 1024;
// The longest HELP and FEAT seen are a few KiB; an endless multi-line reply must not fill the memory.
export const replyLimit = 1024 * 1024;

/**
 * Cuts the server's half of a control connection into replies (RFC 959 §4.2). Bytes in, replies out: `push` what
 * came, then call `next` until it answers undefined.
 *
 * A reply is `NNN text`, or several lines from `NNN-text` to the next line that is `NNN text` again. What lies
 * between may look like anything, other codes included. Tolerated: bare LF, CR NUL (a bare CR of Telnet), a code
 * without text or without the blank after it, empty lines between replies. A line is a line only with its line
 * end: what a closing server leaves unended is never a reply.
 */
export class ReplyParser {
  /** May be changed at any time. */
  readonly limits: ReplyLimits;
  private readonly received = new ReceiveBuffer();
  private readonly open: OpenReply = { code: 0, lines: [], bytes: 0, cost: 0, ended: false };
  private first = true;
  private failure: RemoteProtocolError | undefined;

  constructor(private readonly options: ReplyParserOptions = {}) {
    this.limits = { line: lineLimit, reply: replyLimit, ...options.limits };
  }

  /** Bytes that belong to no reply handed out so far. */
  get unparsedBytes(): number {
    return this.received.length + this.open.bytes;
  }

  /** Copies what it keeps. */
  push(bytes: Uint8Array): void {
    this.received.push(bytes);
  }

  /**
   * The next whole reply, or undefined when more bytes are needed. Throws `RemoteProtocolError` for what is no
   * reply, and from then on always: where the next reply begins is unknown.
   */
  next(): Reply | undefined {
    if (this.failure) throw this.failure;
    while (!this.open.ended) {
      const raw = this.received.takeLine();
      if (!raw) {
        this.refuseEndlessLine();
        return undefined;
      }
      this.takeLine(raw);
    }
    return this.takeReply();
  }

  /**
   * To be asked after a stall. glftpd closes `553-` with a line of another code (`150 Opening…`), which is then
   * the reply's code. True: `next` gives the reply now.
   */
  endLeniently(): boolean {
    const last = this.open.lines.at(-1);
    if (this.failure || !last || this.received.length > 0) return false;
    const code = codeOf(last);
    if (code === undefined || !endsReply(last)) return false;
    this.open.code = code;
    this.open.ended = true;
    return true;
  }

  private refuseEndlessLine(): void {
    if (this.received.length <= this.limits.line) return;
    this.fail('a line without end', this.received.peek(saidBytes));
  }

  private takeLine(raw: Uint8Array): void {
    if (raw.length > this.limits.line) this.fail('a line that is too long', raw);
    const line = withoutLineEnd(raw);
    if (this.isTakenInside(raw, line)) return;
    this.options.onLine?.(line);
    if (line.includes(0)) this.fail('a NUL', line);
    if (this.open.lines.length > 0) this.continueReply(line);
    else if (!isBlank(line)) this.beginReply(line);
    else return;
    this.open.lines.push(line);
    this.open.bytes += raw.length;
    this.open.cost += Math.max(raw.length, leastLineCost);
    if (this.open.cost > this.limits.reply) this.fail('a reply without end', line);
  }

  // 220 Ready.
  // 220-Welcome
  private beginReply(line: Uint8Array): void {
    const code = codeOf(line);
    const after = line[3];
    if (code === undefined || isDigit(after)) this.fail('no reply code', line);
    this.open.code = code;
    this.open.ended = after !== hyphen;
  }

  // 220 Bye.
  private continueReply(line: Uint8Array): void {
    this.open.ended = this.isEnd(line);
  }

  private isEnd(line: Uint8Array): boolean {
    return codeOf(line) === this.open.code && endsReply(line);
  }

  private isTakenInside(raw: Uint8Array, line: Uint8Array): boolean {
    const { code, lines } = this.open;
    return lines.length > 0 && !this.isEnd(line) && this.options.takeInside?.(raw, code) === true;
  }

  private takeReply(): Reply {
    const { code, lines: bytes } = this.open;
    Object.assign(this.open, { lines: [], bytes: 0, cost: 0, ended: false });
    this.first = false;
    return { code, bytes, lines: bytes.map(textOf) };
  }

  private fail(what: string, line: Uint8Array): never {
    const said = textOf(line.subarray(0, saidBytes)).slice(0, saidCharacters);
    const speaks = this.first && this.open.lines.length === 0 ? { speaks: protocolOf(said) } : {};
    this.failure = new RemoteProtocolError(`The server sent ${what}.`, { facts: { said, ...speaks } });
    throw this.failure;
  }
}

/** The reply that is being read. Its lines are without line end, `bytes` counts them with it. */
interface OpenReply {
  code: number;
  lines: Uint8Array[];
  bytes: number;
  cost: number;
  ended: boolean;
}

const leastLineCost = 64;
// Enough to recognise what speaks there, little enough for a message.
const saidCharacters = 200;
const saidBytes = saidCharacters * 4;

// Names in replies are read from the bytes; this is for people.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const hyphen = 45;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/** 100 to 599. */
function codeOf(line: Uint8Array): number | undefined {
  const [first = 0, second = 0, third = 0] = line;
  if (!isDigit(first) || !isDigit(second) || !isDigit(third)) return undefined;
  const code = (first - 48) * 100 + (second - 48) * 10 + (third - 48);
  return code >= 100 && code <= 599 ? code : undefined;
}

function endsReply(line: Uint8Array): boolean {
  return line.length === 3 || line[3] === blank;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === blank || byte === 9);
}

/** Telnet writes a bare CR as CR NUL (RFC 854); any number of CR before the LF belongs to the line end. */
function withoutLineEnd(raw: Uint8Array): Uint8Array {
  const line = raw.includes(0) ? withoutTelnetNul(raw) : raw;
  let end = line.length;
  if (line[end - 1] === lineFeed) end -= 1;
  while (end > 0 && line[end - 1] === carriageReturn) end -= 1;
  return line.subarray(0, end);
}

function withoutTelnetNul(raw: Uint8Array): Uint8Array {
  return raw.filter((byte, index) => byte !== 0 || raw[index - 1] !== carriageReturn);
}

function textOf(line: Uint8Array): string {
  return utf8.decode(line);
}

function protocolOf(said: string): NonNullable<ErrorFacts['speaks']> {
  const start = said.trimStart().toLowerCase();
  if (start.startsWith('ssh-')) return 'ssh';
  const web = ['http/', '<html', '<!doctype html', '<?xml'];
  return web.some((prefix) => start.startsWith(prefix)) ? 'http' : 'other';
}
