import type { Endpoint } from '../../../src/ftp/net/network';
import type { Action } from './actions';
import { CommandLines, type CommandLine } from './commandLines';
import { handlers } from './commands/handlers';
import { refusedInClear } from './commands/security';
import type { Fact } from './facts';
import { Session, type ServerSettings } from './session';
import { Tasks, type Task } from './task';

/**
 * One control connection of the server, without socket, clock or promise: facts in, actions out.
 * Commands are tasks; they run one after the other unless the persona answers during a transfer.
 */
export class ServerCore {
  private readonly session: Session;
  private lines: CommandLines;
  private readonly queue: CommandLine[] = [];
  private readonly tasks = new Tasks();
  /** Verbs of commands that were started and have not got their final reply. */
  private readonly running: string[] = [];
  /** A command that came while a file is sent is lost; the client is told so with the next bytes. */
  private isDeaf = false;
  private idleTimer: string | undefined;
  private ended = false;

  constructor(settings: ServerSettings, local: Endpoint, remote: Endpoint) {
    this.session = new Session(settings, local, remote);
    this.lines = new CommandLines(settings.persona.lineLimit);
  }

  private get quiet(): boolean {
    return !this.session.foreground && !this.session.transfer;
  }

  /** `now`: milliseconds since 1970. */
  handle(fact: Fact, now: number): Action[] {
    this.session.now = now;
    if (!this.ended) this.take(fact);
    if (!this.ended) this.advance();
    const actions = this.session.actions;
    this.session.actions = [];
    return this.isDeaf ? this.answerLost(actions) : actions;
  }

  private take(fact: Fact): void {
    if (fact.kind === 'control-opened') return this.open();
    if (fact.kind === 'control-secured' || fact.kind === 'control-insecure') return this.secured(fact.kind);
    if (fact.kind === 'control-bytes') return this.receive(this.lines.push(fact.bytes));
    if (fact.kind === 'control-ended') return this.end();
    if (fact.kind === 'file-done') return void this.session.outcomes.set(fact.id, fact.outcome);
    if (fact.kind === 'timer') return this.timeIsUp(fact.timer);
    if (fact.kind === 'listening' || fact.kind === 'listen-failed') return this.listened(fact);
    if (fact.kind === 'data-opened' && fact.listener !== undefined) {
      return this.arrived(fact.data, fact.listener, fact.remote);
    }
    this.noteData(fact);
  }

  private open(): void {
    if (this.session.settings.tls?.implicit) this.tasks.start(this.session.secure());
    else this.greet();
  }

  private secured(kind: 'control-secured' | 'control-insecure'): void {
    const { session } = this;
    session.security = kind === 'control-secured' ? 'private' : 'clear';
    // What came in clear behind AUTH is nobody's command (CVE-2011-1575).
    this.queue.length = 0;
    this.lines = new CommandLines(session.persona.lineLimit);
    if (session.settings.tls?.implicit) this.greet();
  }

  private greet(): void {
    if (this.session.settings.greetingDelay) this.session.reply('greeting', 'greetingDelay');
    this.session.reply('greeting', 'greeting');
    this.restartIdleTimer();
  }

  private receive(lines: readonly CommandLine[]): void {
    const isLost = this.session.persona.duringTransfer === 'thrown-away' && this.running.includes('RETR');
    for (const line of lines) {
      this.restartIdleTimer();
      this.report(line);
      // vsftpd, ProFTPD and Pure-FTPd look out for ABOR while they transfer; RFC 959 §4.1.3 adds STAT.
      if (this.session.transfer && this.queue.length === 0 && isUrgent(line.text)) this.start(line);
      else if (isLost) this.isDeaf = true;
      else this.queue.push(line);
    }
  }

  /** Pure-FTPd looks at the control connection whenever it has written, and knows but ABOR there. */
  private answerLost(actions: readonly Action[]): Action[] {
    const sent = actions.findIndex(({ kind }) => kind === 'send');
    if (sent < 0) return [...actions];
    this.isDeaf = false;
    const reply: Action = { kind: 'reply', command: 'RETR', lines: ['500 Unknown command'] };
    return [...actions.slice(0, sent + 1), reply, ...actions.slice(sent + 1)];
  }

  private report(line: CommandLine): void {
    const unanswered = [...this.running, ...this.queue.map(({ text }) => verbOf(text))];
    const waitingBytes = [...this.queue, line].reduce((sum, { text }) => sum + text.length + 2, 0);
    this.session.emit({ kind: 'received', line, unanswered, waitingBytes });
  }

  private advance(): void {
    do {
      while (this.queue.length > 0 && this.mayStart()) this.start(this.queue.shift() as CommandLine);
    } while (this.tasks.run());
    if (this.session.closing && this.quiet) this.end();
  }

  private mayStart(): boolean {
    if (this.session.closing || this.session.security === 'shaking') return false;
    if (this.session.persona.duringTransfer === 'answered-at-once') return !this.session.foreground;
    return this.quiet;
  }

  private start(line: CommandLine): void {
    this.tasks.start(this.turn(line));
  }

  private *turn(line: CommandLine): Task {
    const turn = { verb: verbOf(line.text) };
    this.session.foreground = turn;
    this.running.push(turn.verb);
    yield* this.command(line);
    this.running.splice(this.running.indexOf(turn.verb), 1);
    if (this.session.foreground === turn) this.session.foreground = undefined;
  }

  private *command(line: CommandLine): Task {
    const { session } = this;
    const blank = line.text.indexOf(' ');
    const verb = verbOf(line.text);
    const argument = blank < 0 ? '' : line.text.slice(blank + 1);
    const handler = handlers[verb];
    const refusal = session.persona.refuses[verb];
    if (line.tooLong) session.reply(verb, 'lineTooLong');
    else if (!handler) session.reply(verb, 'unknownCommand');
    else if (session.login !== 'done' && !handler.free) session.reply(verb, 'notLoggedIn');
    else if (refusedInClear(session, verb)) return;
    else if (refusal !== undefined) session.say(verb, refusal.split('\n'));
    else {
      if (verb !== 'RNTO') session.renameFrom = undefined;
      yield* handler.run(session, argument, verb);
    }
  }

  private listened(fact: Extract<Fact, { kind: 'listening' | 'listen-failed' }>): void {
    const { rendezvous } = this.session;
    if (rendezvous.kind !== 'passive' || rendezvous.listener !== fact.listener) return;
    if (fact.kind === 'listening') rendezvous.local = fact.local;
    else rendezvous.failed = true;
  }

  private arrived(data: string, listener: string, remote: Endpoint): void {
    const { session } = this;
    const { rendezvous } = session;
    const wanted = rendezvous.kind === 'passive' && rendezvous.listener === listener;
    const link = session.link(data);
    link.state = 'open';
    link.remote = remote;
    if (!wanted || !session.admits(remote)) return session.drop(link);
    rendezvous.arrived.push(link);
    if (rendezvous.speaksFirst) link.role = 'client';
    session.secureEarly(link);
    if (session.persona.accepts === 'at-once' && link.security === 'clear') {
      session.emit({ kind: 'accept', data });
    }
  }

  private noteData(fact: DataFact): void {
    const { session } = this;
    const link = session.links.get(fact.data);
    if (!link) {
      // It was given up while it was being dialled.
      if (fact.kind === 'data-opened') session.emit({ kind: 'close', data: fact.data });
      return;
    }
    switch (fact.kind) {
      case 'data-opened':
        link.state = 'open';
        link.remote = fact.remote;
        session.secureEarly(link);
        break;
      case 'data-secured':
        link.security = 'private';
        link.resumed = fact.resumed;
        if (session.persona.accepts === 'at-once') session.emit({ kind: 'accept', data: link.name });
        break;
      case 'dial-failed':
        link.state = 'failed';
        link.fault = fact.fault;
        break;
      case 'data-bytes':
        link.chunks.push(fact.bytes);
        // pyftpdlib dtp_handler: data before the command closes the channel.
        if (session.persona.accepts === 'at-once' && !session.transfer) session.drop(link);
        break;
      case 'data-sent':
        link.unsent--;
        break;
      case 'data-ended':
        link.ended = true;
        link.endedBare = fact.bare === true;
        break;
      case 'data-fault':
        link.faulty = true;
        link.ended = true;
        break;
      case 'data-fin-acknowledged':
        link.finAcknowledged = true;
        break;
    }
    const over = link.finished || session.kept === link;
    if (over && link.ended && session.transfer?.link !== link) session.drop(link);
  }

  private timeIsUp(timer: string): void {
    if (timer !== this.idleTimer) return void this.session.fired.add(timer);
    if (!this.quiet) return this.restartIdleTimer();
    this.session.reply('idle', 'idle');
    this.end();
  }

  private restartIdleTimer(): void {
    const { idleLimit } = this.session.settings;
    if (idleLimit === undefined) return;
    if (this.idleTimer !== undefined) this.session.emit({ kind: 'timer-off', timer: this.idleTimer });
    this.idleTimer = this.session.name('idle');
    this.session.emit({ kind: 'timer', timer: this.idleTimer, milliseconds: idleLimit });
  }

  /** RFC 959 §3.2: the data connection goes with the control connection. The driver disposes the rest. */
  private end(): void {
    this.ended = true;
    this.tasks.drop();
    this.session.setRendezvous({ kind: 'default' });
    for (const link of [...this.session.links.values()]) this.session.drop(link);
    this.session.emit({ kind: 'control-close' });
  }
}

type DataFact = Exclude<
  Fact,
  {
    kind:
      | 'control-opened'
      | 'control-bytes'
      | 'control-ended'
      | 'control-secured'
      | 'control-insecure'
      | 'file-done'
      | 'timer'
      | 'listening'
      | 'listen-failed';
  }
>;

function verbOf(line: string): string {
  const blank = line.indexOf(' ');
  return (blank < 0 ? line : line.slice(0, blank)).toUpperCase();
}

function isUrgent(line: string): boolean {
  const verb = line.trimEnd().toUpperCase();
  return verb === 'ABOR' || verb === 'STAT';
}
