import type { ReceivedAction, ReplyAction } from './actions';
import { parseExtended, parseHostPort, parseSocket, plainHost } from './addresses';

export type Rule =
  /** A command was queued behind a transfer on a server that is not known to answer in turn. */
  | 'command-behind-transfer'
  /** One client host held two control connections on which USER was sent. */
  | 'two-control-connections'
  | 'command-after-quit'
  /** A command behind AUTH in clear, before TLS began: whoever listens reads it, and a server must forget it. */
  | 'command-behind-auth'
  /** More than 32 commands, or 2 KiB of them, without waiting for a reply (DESIGN §3). */
  | 'batch-too-large'
  /** PORT or EPRT named somebody else, and no server-to-server transfer was announced. */
  | 'third-host'
  /** CR, LF or NUL inside a command line. */
  | 'control-character'
  /** A STOR that begins at an offset which an older command left behind. */
  | 'stale-restart'
  /** A data connection was still open one round trip after the final reply. */
  | 'data-left-open';

export interface Violation {
  readonly rule: Rule;
  /** Counts the control connections from 1. */
  readonly session: number;
  /** What was seen, for the failure message. */
  readonly text: string;
}

export interface PoliceOptions {
  /** The server is known to answer in turn: commands may wait behind a transfer. */
  readonly servesInTurn: boolean;
  readonly thirdHosts: boolean;
}

const MAX_COMMANDS = 32;
const MAX_BYTES = 2048;

/** Watches what one client does on all its control connections. Pure: told what came, tells what was wrong. */
export class Police {
  private readonly beats = new Map<number, Beat>();

  constructor(
    private readonly options: PoliceOptions,
    private readonly report: (violation: Violation) => void,
  ) {}

  opened(session: number, clientHost: string): void {
    this.beats.set(session, { host: clientHost, user: false, quit: false, restart: 'none' });
  }

  closed(session: number): void {
    this.beats.delete(session);
  }

  received(session: number, { line, unanswered, waitingBytes }: ReceivedAction): void {
    const beat = this.beats.get(session);
    if (!beat) return;
    const { verb, argument } = split(line.text);
    const accuse = (rule: Rule, text: string): void => this.report({ rule, session, text });
    if (line.control) accuse('control-character', JSON.stringify(line.text));
    if (beat.quit) accuse('command-after-quit', verb);
    if (unanswered.includes('AUTH')) accuse('command-behind-auth', verb);
    if (unanswered.length >= MAX_COMMANDS) accuse('batch-too-large', `${unanswered.length + 1} commands`);
    if (waitingBytes > MAX_BYTES) accuse('batch-too-large', `${waitingBytes} bytes`);
    const transfer = unanswered.find(isTransfer);
    if (transfer && !this.options.servesInTurn && !mayInterrupt(verb, argument)) {
      accuse('command-behind-transfer', `${verb} behind ${transfer}`);
    }
    if (!this.options.thirdHosts && namesAnother(verb, argument, beat.host)) accuse('third-host', line.text);
    if (verb === 'STOR' && beat.restart === 'stale') accuse('stale-restart', line.text);
    beat.restart = nextRestart(beat.restart, verb, argument);
    if (verb === 'QUIT') beat.quit = true;
    if (verb === 'USER') this.noteUser(session, beat, accuse);
  }

  /** `stillOpen`: data connections that the server has finished and the client has not. */
  roundTripAfter(session: number, reply: ReplyAction, stillOpen: readonly string[]): void {
    for (const data of stillOpen) {
      const text = `${data} is open one round trip after ${reply.lines.at(-1) ?? ''}`;
      this.report({ rule: 'data-left-open', session, text });
    }
  }

  private noteUser(session: number, beat: Beat, accuse: (rule: Rule, text: string) => void): void {
    beat.user = true;
    for (const [other, { host, user }] of this.beats) {
      if (other !== session && user && host === beat.host) {
        accuse('two-control-connections', `${session} beside ${other}`);
      }
    }
  }
}

interface Beat {
  readonly host: string;
  user: boolean;
  quit: boolean;
  /** 'fresh': the last command was REST; 'stale': other commands came since, and none used it up. */
  restart: 'none' | 'fresh' | 'stale';
}

/** Is it a command whose final reply comes after a data connection was used? */
export function isTransfer(verb: string): boolean {
  return transfers.has(verb);
}

const transfers = new Set(['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD']);

/** RFC 959 §4.1.3 allows ABOR, STAT and QUIT while a transfer runs. */
function mayInterrupt(verb: string, argument: string): boolean {
  return verb === 'ABOR' || verb === 'QUIT' || (verb === 'STAT' && argument === '');
}

function nextRestart(now: Beat['restart'], verb: string, argument: string): Beat['restart'] {
  // A restart marker (RFC 959 §3.5) is no number.
  if (verb === 'REST') return Number(argument) === 0 ? 'none' : 'fresh';
  if (now === 'none' || ['RETR', 'STOR', 'APPE', 'USER', 'REIN'].includes(verb)) return 'none';
  // The port may be negotiated between REST and the transfer.
  return ['PASV', 'EPSV', 'PORT', 'EPRT', 'LSTN', 'SOCK'].includes(verb) ? now : 'stale';
}

function namesAnother(verb: string, argument: string, client: string): boolean {
  const parse = { PORT: parseHostPort, EPRT: parseExtended, SOCK: parseSocket }[verb];
  const address = parse?.(argument);
  return address !== undefined && plainHost(address.host) !== plainHost(client);
}

function split(line: string): { verb: string; argument: string } {
  const blank = line.indexOf(' ');
  if (blank < 0) return { verb: line.toUpperCase(), argument: '' };
  return { verb: line.slice(0, blank).toUpperCase(), argument: line.slice(blank + 1) };
}
