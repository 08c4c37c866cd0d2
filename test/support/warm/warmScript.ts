import type { Action, ReceivedAction, ReplyAction } from '../server/actions';
import type { Fact } from '../server/facts';
import { isTransfer } from '../server/police';
import type { Script } from '../server/script';

/** What befalls a data connection that was made ready before anybody needed it; the others are left alone. */
export interface Befalling {
  /** In place of the reply to EPSV. */
  readonly announced?: (reply: ReplyAction) => readonly Action[];
  /** Before the server listens for it. */
  readonly listening?: (listener: string) => readonly Action[];
  /** As soon as it is there; `left`: milliseconds until the operation begins that is to use it. */
  readonly open?: (data: string, left: number) => readonly Action[];
  /** In the moment in which the transfer command arrives that is to use it. */
  readonly used?: (data: string) => readonly Action[];
  /** In place of each reply to that command. */
  readonly answered?: (reply: ReplyAction) => readonly Action[];
  /** In place of the first bytes that it carries down. */
  readonly carrying?: (data: string) => readonly Action[];
}

/** Knows which data connections the client makes ready, and lets befall them what is to befall them. */
export class WarmScript implements Script {
  /** An operation is under way: what is negotiated now is for itself, unless it stands behind a transfer. */
  busy = false;
  /** How many were made ready, or asked for. */
  met = 0;
  /** When the next operation begins. */
  next = 0;
  private healed = false;
  /** Whether the last EPSV was for one. */
  private isWarm = false;
  private listener: string | undefined;
  private data: string | undefined;
  /** The transfer command that uses it. */
  private user: string | undefined;

  constructor(
    private readonly befalling: Befalling,
    private readonly now: () => number,
  ) {}

  get isHealed(): boolean {
    return this.healed;
  }

  heal(): void {
    this.healed = true;
  }

  action(action: Action): readonly Action[] {
    if (action.kind === 'received') return this.onReceived(action);
    if (this.healed) return [action];
    if (action.kind === 'listen' && this.isWarm) {
      this.listener = action.listener;
      return [...(this.befalling.listening?.(action.listener) ?? []), action];
    }
    if (action.kind === 'reply') return this.onReply(action);
    if (action.kind === 'send' && this.user !== undefined && this.befalling.carrying) {
      this.user = undefined;
      return this.befalling.carrying(action.data);
    }
    return [action];
  }

  fact(fact: Fact): ReturnType<Script['fact']> {
    const isIt =
      fact.kind === 'data-opened' && fact.listener !== undefined && fact.listener === this.listener;
    if (isIt) this.data = fact.data;
    const actions =
      isIt && !this.healed ? (this.befalling.open?.(fact.data, this.next - this.now()) ?? []) : [];
    return { facts: [fact], actions };
  }

  private onReceived(action: ReceivedAction): readonly Action[] {
    const [verb = ''] = action.line.text.split(' ');
    if (verb === 'EPSV' || verb === 'PASV') this.onAsked(action);
    if (!isTransfer(verb)) return [action];
    this.user = this.listener === undefined ? undefined : verb;
    const { data } = this;
    this.data = undefined;
    this.listener = undefined;
    if (this.healed || data === undefined) return [action];
    return [action, ...(this.befalling.used?.(data) ?? [])];
  }

  private onAsked({ unanswered }: ReceivedAction): void {
    this.isWarm = !this.busy || unanswered.some(isTransfer);
    this.data = undefined;
    this.listener = undefined;
    if (this.isWarm && !this.healed) this.met++;
  }

  private onReply(reply: ReplyAction): readonly Action[] {
    const { announced, answered } = this.befalling;
    if (this.isWarm && (reply.command === 'EPSV' || reply.command === 'PASV')) {
      return announced?.(reply) ?? [reply];
    }
    return this.user === reply.command ? (answered?.(reply) ?? [reply]) : [reply];
  }
}
