import type { Action, ReceivedAction, ReplyAction } from '../server/actions';
import type { Fact } from '../server/facts';
import { isTransfer } from '../server/police';
import { withCode } from '../server/replyFaults';
import type { Script } from '../server/script';

/** What becomes of one reply while others are owed, too. */
export type Disorder =
  | 'overtaken'
  /** Each last word on a transfer, always: such a server does not answer in turn. */
  | 'last words last'
  | 'never'
  | 'twice'
  | 'extra 200'
  | 'extra 250'
  | 'refused 500'
  | 'refused 522'
  | 'refused 530'
  | 'goodbye';

/** One reply of what happens from `arm` on comes at the wrong moment. */
export class DisorderScript implements Script {
  /** The replies to two commands that came in each other's place. */
  swapped: string[] = [];
  hasFired = false;
  /** Commands that came before the one before was answered, since this was emptied. */
  queued: string[] = [];
  private isArmed = false;
  /** Replies that came since `arm`, with others owed behind them. */
  private candidates = 0;
  private held: { readonly reply: ReplyAction; readonly session: number } | undefined;
  private readonly open = new Map<number, number>();

  constructor(
    private readonly kind: Disorder,
    private readonly number: number,
    /** So many commands at least are without a reply when it comes. */
    private readonly least = 1,
  ) {}

  arm(): void {
    this.isArmed = true;
  }

  disarm(): void {
    this.isArmed = false;
    this.held = undefined;
  }

  action(action: Action, session: number): readonly Action[] {
    if (action.kind === 'received') this.onReceived(action, session);
    const isAnswer = action.kind === 'reply' && action.command !== 'greeting' && action.command !== 'idle';
    return isAnswer ? this.onReply(action, session) : [action];
  }

  fact(fact: Fact): ReturnType<Script['fact']> {
    return { facts: [fact], actions: [] };
  }

  private onReceived({ line, unanswered }: ReceivedAction, session: number): void {
    this.open.set(session, (this.open.get(session) ?? 0) + 1);
    if (unanswered.length > 0) this.queued.push(`${line.text} behind ${unanswered.join(', ')}`);
  }

  private onReply(reply: ReplyAction, session: number): readonly Action[] {
    const isFinal = Number(reply.lines[0]?.slice(0, 3)) >= 200;
    const open = (this.open.get(session) ?? 0) - (isFinal ? 1 : 0);
    this.open.set(session, open);
    if (this.held?.session === session) return this.release(this.held.reply, reply);
    if (!this.isArmed || open < this.least) return [reply];
    if (this.kind === 'last words last') {
      return isFinal && isTransfer(reply.command) ? this.spoil(reply, session) : [reply];
    }
    if (this.hasFired) return [reply];
    this.candidates++;
    return this.candidates - 1 === this.number ? this.spoil(reply, session) : [reply];
  }

  private spoil(reply: ReplyAction, session: number): readonly Action[] {
    this.hasFired = true;
    switch (this.kind) {
      case 'overtaken':
      case 'last words last':
        this.held = { reply, session };
        return [];
      case 'never':
        return [];
      case 'goodbye':
        return [{ ...reply, lines: ['421 Closing.'] }, { kind: 'control-close' }];
      case 'refused 500':
      case 'refused 522':
      case 'refused 530':
        return [withCode(reply, Number(this.kind.slice(-3)))];
      case 'twice':
        return [reply, reply];
      default:
        return [{ ...reply, lines: [`${this.kind.slice(-3)} Nobody asked.`] }, reply];
    }
  }

  private release(held: ReplyAction, next: ReplyAction): readonly Action[] {
    this.held = undefined;
    if (held.command !== next.command) this.swapped = [...held.lines.slice(-1), ...next.lines.slice(-1)];
    return [next, held];
  }
}
