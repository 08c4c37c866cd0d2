import { concatBytes } from '../../../src/base/bytes';
import type {
  Action,
  DialAction,
  EndAction,
  FileAction,
  KeepAction,
  ReplyAction,
  SendAction,
} from './actions';
import { encodeReply } from './controlBytes';
import type { Fact } from './facts';
import { faultKinds, type Fault, type FaultKind } from './faultKinds';
import { Points, splitPoint } from './points';
import { spoilReply, withCode } from './replyFaults';
import type { HandshakeFault } from './tls/wireDuplex';
import type { Script } from './script';

/** One fault at one point of a run, or, with `once: false`, from there on. */
export class FaultScript implements Script {
  /** How often the fault happened. A planned fault that never fires is a mistake of the plan. */
  fired = 0;
  private readonly names = new Points();
  private readonly label: string;
  private readonly number: number;
  /** A reply that waits for the next one of its session. */
  private held: { readonly reply: ReplyAction; readonly session: number } | undefined;
  /** Data connections on which nothing more is said. */
  private readonly muted = new Set<string>();
  /** The code that the next final reply of a transfer gets. */
  private nextFinal: number | undefined;
  /** Finals to be swallowed, because they were said too early. */
  private swallow: string | undefined;
  /** Sessions whose AUTH was accepted, and whose client never heard of it. */
  private readonly unsaid = new Set<number>();
  private healed = false;

  constructor(private readonly fault: Fault) {
    const { label, number } = splitPoint(fault.point);
    const place = label.slice(0, label.indexOf('(')) as keyof typeof faultKinds;
    const fitting: readonly string[] = faultKinds[place];
    if (!fitting.includes(fault.kind)) throw new Error(`'${fault.kind}' does not fit ${fault.point}.`);
    this.label = label;
    this.number = number;
  }

  /** No fault from now on: the second phase of a case. */
  heal(): void {
    this.healed = true;
    this.held = undefined;
    this.nextFinal = undefined;
    this.swallow = undefined;
  }

  action(action: Action, session: number): readonly Action[] {
    const here = this.isHere(this.names.ofAction(action));
    if (action.kind === 'reply') return this.onReply(action, here, session);
    if ('data' in action && this.muted.has(action.data)) return muted(action);
    if (action.kind === 'secure-control' && this.unsaid.delete(session)) return [{ kind: 'stay-clear' }];
    if (!here) return [action];
    if (action.kind === 'secure-control' || action.kind === 'secure-data') {
      return [{ ...action, fault: this.fault.kind as HandshakeFault }];
    }
    if (action.kind === 'send') return this.onSend(action);
    if (action.kind === 'end') return this.onEnd(action);
    if (action.kind === 'dial') return this.onDial(action);
    if (action.kind === 'file') return this.onFile(action);
    if (action.kind === 'keep') return this.onKeep(action);
    return action.kind === 'listen' ? this.onListen(action.listener, action) : [action];
  }

  fact(fact: Fact): ReturnType<Script['fact']> {
    if (!this.isHere(this.names.ofFact(fact))) return { facts: [fact], actions: [] };
    const control = fact.kind === 'control-bytes';
    const data = 'data' in fact ? fact.data : '';
    switch (this.fault.kind) {
      case 'silence':
        return { facts: [], actions: [] };
      case 'run':
        this.fault.run?.();
        return { facts: [fact], actions: [] };
      case 'close':
        return { facts: [], actions: [control ? { kind: 'control-close' } : { kind: 'close', data }] };
      case 'reset':
        this.finalWith(this.fault.code);
        return { facts: [], actions: [control ? { kind: 'control-reset' } : { kind: 'break', data }] };
      case 'fin':
        return { facts: [fact], actions: [{ kind: 'end', data }] };
      default:
        this.swallow = 'STOR';
        return { facts: [fact], actions: [{ kind: 'reply', command: 'STOR', lines: ['226 Already.'] }] };
    }
  }

  private isHere(point: string | undefined): boolean {
    if (point === undefined || this.healed) return false;
    const { label, number } = splitPoint(point);
    const here = label === this.label && (number === this.number || (this.persists && number > this.number));
    if (here) this.fired++;
    return here;
  }

  private get persists(): boolean {
    return this.fault.once === false;
  }

  private onReply(reply: ReplyAction, here: boolean, session: number): readonly Action[] {
    const code = Number(reply.lines[0]?.slice(0, 3));
    if (this.swallow === reply.command && code >= 200) {
      this.swallow = undefined;
      return [];
    }
    // What was held back on a connection that is gone goes with it.
    if (this.held?.session === session) return this.release(this.held.reply, reply);
    if (here) return this.spoil(reply, session);
    if (this.nextFinal === undefined || code < 200 || !isTransfer(reply.command)) return [reply];
    const replaced = withCode(reply, this.nextFinal);
    this.nextFinal = undefined;
    return [replaced];
  }

  private spoil(reply: ReplyAction, session: number): readonly Action[] {
    const { kind } = this.fault;
    if (reply.command === 'AUTH' && isMute(kind)) this.unsaid.add(session);
    if (kind === 'swapped' || kind === 'merged') {
      this.held = { reply, session };
      return [];
    }
    if (kind !== 'early-final') return spoilReply(reply, this.fault);
    // At `reply(RETR,1)`: the last word comes with the first, and not again.
    this.swallow = reply.command;
    return [reply, { ...reply, lines: ['226 Transfer complete.'] }];
  }

  private release(held: ReplyAction, next: ReplyAction): readonly Action[] {
    this.held = undefined;
    if (this.fault.kind === 'swapped') return [next, held];
    return [{ kind: 'control-bytes', bytes: concatBytes([encodeReply(held), encodeReply(next)]) }];
  }

  private onSend(send: SendAction): readonly Action[] {
    const { data, bytes } = send;
    const part = bytes.subarray(0, this.fault.bytes ?? bytes.length >> 1);
    const some: Action = { kind: 'send-quietly', data, bytes: part };
    switch (this.fault.kind) {
      case 'cut':
        this.finalWith(this.fault.code ?? 226);
        this.muted.add(data);
        return [some, { kind: 'end', data }, { kind: 'pretend-sent', data }];
      case 'truncated':
        this.finalWith(this.fault.code ?? 226);
        this.muted.add(data);
        return [some, { kind: 'end-bare', data }, { kind: 'pretend-sent', data }];
      case 'reset':
        this.finalWith(this.fault.code ?? 426);
        return [some, { kind: 'break', data }];
      case 'stall':
        return [some];
      case 'trickle':
        return trickle(send, this.fault.milliseconds ?? 1000);
      default:
        return [{ ...send, bytes: concatBytes([bytes, bytes.subarray(0, 16), MORE]) }];
    }
  }

  private onEnd(end: EndAction): readonly Action[] {
    const { milliseconds = 10_000, kind } = this.fault;
    if (kind === 'silence') return [];
    if (kind === 'late') return [{ kind: 'later', milliseconds, actions: [end] }];
    if (kind === 'truncated') return [{ kind: 'end-bare', data: end.data }];
    this.finalWith(this.fault.code ?? 226);
    return [{ kind: 'break', data: end.data }];
  }

  /** RFC 959 §5.2 forbids it: after a 250 the user-PI counts on the data connection. */
  private onKeep({ data }: KeepAction): readonly Action[] {
    const closing: Action = { kind: this.fault.kind === 'reset' ? 'break' : 'hang-up', data };
    const { milliseconds = 0 } = this.fault;
    return milliseconds === 0 ? [closing] : [{ kind: 'later', milliseconds, actions: [closing] }];
  }

  private onListen(listener: string, action: Action): readonly Action[] {
    const { kind } = this.fault;
    if (kind === 'code') return [{ kind: 'spoil', name: listener, how: 'fail' }, action];
    const how =
      kind === 'refused' ? 'shut' : kind === 'ignored' ? 'ignore' : kind === 'fin' ? 'end' : 'reset';
    return [{ kind: 'spoil', name: listener, how }, action];
  }

  private onDial(dial: DialAction): readonly Action[] {
    const { data, host, port } = dial;
    const { kind, host: other = '127.0.0.2' } = this.fault;
    if (kind === 'never') return [];
    if (kind === 'refused') return [{ kind: 'dial-fault', data }];
    if (kind === 'other-address') return [{ ...dial, fromHost: other }];
    if (kind === 'stranger') return [{ kind: 'stranger', from: other, host, port, then: dial }];
    return [{ kind: 'spoil', name: data, how: kind === 'fin' ? 'end' : 'reset' }, dial];
  }

  private onFile(action: FileAction): readonly Action[] {
    const { kind } = this.fault;
    if (kind === 'full' || kind === 'denied' || kind === 'failed') {
      return [{ kind: 'file-fault', id: action.id, fault: kind }];
    }
    if (kind !== 'run') return [{ kind: 'die', forGood: kind === 'killed-for-good' }];
    this.fault.run?.();
    return [action];
  }

  private finalWith(code: number | undefined): void {
    this.nextFinal = code;
  }
}

/** After it the client does not know that TLS would begin. */
function isMute(kind: FaultKind): boolean {
  return ['silence', 'close', 'reset', 'goodbye', 'code', 'garbage'].includes(kind);
}

const MORE = new TextEncoder().encode('and more than was announced');

/** On a connection whose FIN has been sent: the core may think that it goes on. */
function muted(action: Action): readonly Action[] {
  if (action.kind === 'send') return [{ kind: 'pretend-sent', data: action.data }];
  return action.kind === 'end' ? [] : [action];
}

function trickle({ data, bytes }: SendAction, milliseconds: number): readonly Action[] {
  return Array.from(bytes, (byte, index): Action => {
    const kind = index === bytes.length - 1 ? 'send' : 'send-quietly';
    const action: Action = { kind, data, bytes: Uint8Array.of(byte) };
    return { kind: 'later', milliseconds: milliseconds * (index + 1), actions: [action] };
  });
}

function isTransfer(command: string): boolean {
  return ['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD'].includes(command);
}
