import type { Clock } from '../../../src/base/clock';
import type { Outside } from '../../../src/base/outside';
import type { Disposable } from '../../../src/base/disposable';
import type { Endpoint, Network } from '../../../src/ftp/net/network';
import type { Action, DataAction, ReplyAction } from './actions';
import { encodeReply, linesIn } from './controlBytes';
import { ControlLink } from './controlLink';
import { ServerCore } from './core';
import { DataSockets } from './dataSockets';
import { DeflateWorker } from './deflateWorker';
import type { Fact, FileOutcome } from './facts';
import type { Files } from './files';
import { FileWorker } from './fileWorker';
import { isTransfer, type Police } from './police';
import type { Script } from './script';
import type { ServerSettings } from './session';
import type { Encounter } from './tls/encounters';
import { SessionTls } from './tls/sessionTls';
import type { TrafficRecord } from './tls/traffic';
import type { Handshake } from './tls/tlsConnection';
import type { Wire } from './tls/wire';

/** What all sessions of a server share. */
export interface House {
  readonly network: Network;
  readonly clock: Clock;
  readonly outside: Outside;
  readonly files: Files;
  readonly settings: ServerSettings;
  readonly script: Script | undefined;
  readonly police: Police;
  readonly roundTrip: number | undefined;
  log(session: number, direction: 'C' | 'S', line: string): void;
  /** Keeps the raw bytes of a connection; undefined: nobody wants them. */
  record(session: number, kind: 'control' | 'data', remote: Endpoint): TrafficRecord | undefined;
  met(encounter: Encounter): void;
  ended(session: SessionDriver): void;
  /** The process dies: all sessions with it. */
  die(forGood: boolean): void;
}

/** One control connection on a network: carries out what its core asks for, and tells it what happened. */
export class SessionDriver {
  readonly data: DataSockets;
  private readonly core: ServerCore;
  private readonly control: ControlLink;
  private readonly worker: FileWorker;
  private readonly deflate: DeflateWorker;
  private readonly timers = new Map<string, Disposable>();
  private readonly facts: Fact[] = [];
  private busy = false;
  private gone = false;
  private laters = 0;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly house: House,
    readonly number: number,
    wire: Wire,
  ) {
    const { tls } = house.settings;
    const sessionTls = tls && new SessionTls(tls, () => house.clock.now());
    this.control = new ControlLink(wire, sessionTls, house.clock, this);
    this.core = new ServerCore(house.settings, wire.local, wire.remote);
    this.data = new DataSockets(house, number, wire.local, sessionTls, (fact) => this.tell(fact));
    this.worker = new FileWorker(house.files);
    this.deflate = new DeflateWorker(house.outside);
  }

  start(): void {
    this.house.police.opened(this.number, this.control.remote.host);
    this.control.start();
    this.tell({ kind: 'control-opened' });
  }

  /** Ends everything the session holds; resolves when its files are closed. */
  async stop(): Promise<void> {
    this.control.reset();
    this.leave('reset');
    await Promise.all(this.pending);
  }

  said(line: string): void {
    this.house.log(this.number, 'S', line);
  }

  secured(handshake: Handshake): void {
    const endedProperly = (): boolean => this.control.endedProperly;
    this.house.met({
      session: this.number,
      kind: 'control',
      tls: { ...handshake, role: 'server' },
      endedProperly,
    });
  }

  closed(): void {
    this.leave('close');
  }

  tell(fact: Fact): void {
    this.facts.push(fact);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.facts.shift(); next; next = this.facts.shift()) this.hear(next);
    this.busy = false;
  }

  private hear(fact: Fact): void {
    if (this.gone) return;
    const heard = this.house.script?.fact(fact, this.number) ?? { facts: [fact], actions: [] };
    heard.actions.forEach((action) => this.perform(action));
    for (const each of heard.facts) {
      for (const action of this.core.handle(each, this.house.clock.wallTime())) this.request(action);
    }
  }

  private request(action: Action): void {
    if (this.gone) return;
    if (action.kind === 'received') this.house.police.received(this.number, action);
    if (action.kind === 'reply') this.watchClose(action);
    const altered = this.house.script?.action(action, this.number) ?? [action];
    altered.forEach((each) => this.perform(each));
  }

  /** RFC 959 §5.2: who sees the other side close "should promptly […] issue the close on its own side". */
  private watchClose(reply: ReplyAction): void {
    const { roundTrip, police } = this.house;
    const final = Number(reply.lines.at(-1)?.slice(0, 3)) >= 200;
    if (roundTrip === undefined || !final || !isTransfer(reply.command)) return;
    const finished = [...this.data.finished];
    this.setTimer(`police-${++this.laters}`, roundTrip, () => {
      const stillOpen = finished.filter((name) => this.data.finished.has(name));
      police.roundTripAfter(this.number, reply, stillOpen);
    });
  }

  private perform(action: Action): void {
    if (this.gone) return;
    switch (action.kind) {
      case 'received':
        return this.house.log(this.number, 'C', action.line.text);
      case 'reply':
        return this.control.outbox.put({ kind: 'bytes', bytes: encodeReply(action), lines: action.lines });
      case 'control-bytes':
        return this.control.outbox.put({ kind: 'bytes', bytes: action.bytes, lines: linesIn(action.bytes) });
      case 'control-wait':
        return this.control.outbox.put({ kind: 'wait', milliseconds: action.milliseconds });
      case 'control-close':
        return this.control.outbox.put({ kind: 'close' });
      case 'control-reset':
        return this.control.outbox.put({ kind: 'reset' });
      case 'secure-control':
        return this.control.startTls(action.fault);
      case 'stay-clear':
        return this.tell({ kind: 'control-insecure' });
      case 'clear-control':
        return this.control.stopTls();
      case 'timer':
        return this.setTimer(action.timer, action.milliseconds, () =>
          this.tell({ kind: 'timer', timer: action.timer }),
        );
      case 'timer-off':
        return this.stopTimer(action.timer);
      case 'later':
        return this.setTimer(`later-${++this.laters}`, action.milliseconds, () =>
          action.actions.forEach((each) => this.perform(each)),
        );
      case 'file':
        return this.workOn(action.id, this.worker.run(action));
      case 'zlib':
        return this.workOn(action.id, this.deflate.run(action));
      case 'file-fault':
        return this.tell({ kind: 'file-done', id: action.id, outcome: { fault: action.fault } });
      case 'die':
        return this.house.die(action.forGood);
      default:
        return this.performData(action);
    }
  }

  private performData(action: DataAction): void {
    const { data } = this;
    switch (action.kind) {
      case 'listen':
        return data.listen(action.listener, action.ports);
      case 'unlisten':
        return data.unlisten(action.listener);
      case 'dial':
        return data.dial(action);
      case 'dial-fault':
        return this.tell({ kind: 'dial-failed', data: action.data, fault: 'refused' });
      case 'stranger':
        return this.wait(data.stranger(action.from, action.host, action.port, action.then));
      case 'spoil':
        return data.spoil(action.name, action.how);
      case 'send':
      case 'send-quietly':
        return data.send(action.data, action.bytes, action.kind === 'send-quietly');
      case 'pretend-sent':
        return this.tell({ kind: 'data-sent', data: action.data });
      case 'accept':
      case 'more':
      case 'end':
      case 'linger':
      case 'close':
      case 'reset':
      case 'break':
        return data[action.kind](action.data);
      case 'secure-data':
        return data.secure(action);
      case 'end-bare':
        return data.endBare(action.data);
      case 'hang-up':
        return data.hangUp(action.data);
      case 'keep':
        return;
    }
  }

  private workOn(id: number, work: Promise<FileOutcome<unknown>>): void {
    this.wait(work.then((outcome) => this.tell({ kind: 'file-done', id, outcome })));
  }

  private wait(work: Promise<void>): void {
    this.pending.add(work);
    const done = (): boolean => this.pending.delete(work);
    // What fails stays in the set: `stop` rejects with it.
    work.then(done, () => undefined);
  }

  private setTimer(name: string, milliseconds: number, fire: () => void): void {
    const timer = this.house.clock.setTimer(
      milliseconds,
      () => {
        this.timers.delete(name);
        fire();
      },
      `server: ${name}`,
    );
    this.timers.set(name, timer);
  }

  private stopTimer(name: string): void {
    this.timers.get(name)?.dispose();
    this.timers.delete(name);
  }

  private leave(how: 'close' | 'reset'): void {
    if (this.gone) return;
    this.gone = true;
    this.control.outbox.stop();
    for (const timer of this.timers.values()) timer.dispose();
    this.data.dispose(how);
    this.deflate.closeAll();
    this.wait(Promise.all(this.pending).then(() => this.worker.closeAll()));
    this.house.police.closed(this.number);
    this.house.ended(this);
  }
}
