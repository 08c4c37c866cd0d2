import { grouped } from '../base/grouped';
import type { ReceivedEvent, WireEvent } from '../ftp/index';
import { logLine } from './logLine';

export type LogLevel = 'off' | 'commands' | 'everything';

/**
 * Writes wire events as lines of the protocol log: time, gap, server, operation, mark, text. Always English.
 *
 * One wire line is one log line with all columns, also inside a multi-line reply, so that the filter of the
 * Output panel can show one server, one operation or one reply.
 */
export class LogText {
  /** When each server's previous line was written, in monotonic milliseconds. */
  private readonly previous = new Map<string, number>();
  private readonly open = new Set<string>();
  private readonly replies = new Map<string, ReplyInProgress>();

  /** `localTime` writes milliseconds since 1970 as `HH:MM:SS.mmm`. */
  constructor(private readonly localTime: (wall: number) => string = timeOfDay) {}

  /** The lines for one event: none, one, or two where a long reply was cut. */
  lines(event: WireEvent, level: LogLevel): string[] {
    if (event.kind === 'state' && event.state === 'closed') this.open.delete(event.session);
    else this.open.add(event.session);
    // Followed at every level, or a change of level in mid-reply would lose count.
    const texts = event.kind === 'received' ? this.replyTexts(event) : [textOf(event)];
    return isShown(event, level) ? texts.map((text) => this.line(event, text)) : [];
  }

  private line(event: WireEvent, text: string): string {
    const { at, wall, session } = event;
    const gap = at - (this.previous.get(session) ?? at);
    this.previous.set(session, at);
    return logLine({
      time: this.localTime(wall),
      gap,
      server: session,
      openServers: [...this.open],
      operation: event.operation,
      mark: markOf(event),
      text,
    });
  }

  private replyTexts(event: ReceivedEvent): string[] {
    const key = `${event.session}\n${event.connection}`;
    const reply = this.replies.get(key) ?? { code: event.line.slice(0, 3), lines: 0 };
    reply.lines++;
    if (goesOn(reply, event.line)) {
      this.replies.set(key, reply);
      return reply.lines > mostReplyLines ? [] : [event.line];
    }
    this.replies.delete(key);
    if (event.omitted) return [`… ${linesOf(event.omitted)} of a listing`, event.line];
    const hidden = reply.lines - 1 - mostReplyLines;
    if (hidden <= 0) return [event.line];
    return [`… ${linesOf(hidden)} more, in the trace`, event.line];
  }
}

interface ReplyInProgress {
  readonly code: string;
  lines: number;
}

/** A longer reply would push everything else out of the panel; the trace has it whole. */
const mostReplyLines = 50;

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${grouped(count)} lines`;
}

/** RFC 959 §4.2: `123-` begins a reply of several lines, and the same code with a space ends it. */
function goesOn(reply: ReplyInProgress, line: string): boolean {
  if (reply.lines === 1) return /^\d{3}-/.test(line);
  return !(line.startsWith(reply.code) && (line.length === 3 || line[3] === ' '));
}

function isShown(event: WireEvent, level: LogLevel): boolean {
  if (event.kind === 'transfer') return false;
  if (level === 'commands') return event.kind !== 'data' && event.kind !== 'state';
  return level === 'everything';
}

function markOf(event: WireEvent): string {
  if (event.kind === 'operation') return event.phase === 'begin' ? '[' : ']';
  return marks[event.kind];
}

const marks = { sent: '>', received: '<', data: '=', transfer: '=', state: '~', trouble: '!' } as const;

function textOf(event: Exclude<WireEvent, ReceivedEvent>): string {
  if (event.kind === 'sent') return event.line;
  if (event.kind === 'transfer') return event.path;
  if (event.kind === 'trouble' && event.code) return `${event.code}: ${event.text}`;
  return event.text;
}

/** Local time. */
export function timeOfDay(wall: number): string {
  const time = new Date(wall);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
