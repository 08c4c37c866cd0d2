// Theory of operation
//
// Every command that goes out owns a slot (an Exchange), in the order of sending. A reply belongs to the oldest
// open slot, the head, and the exchange table says what it does there: a preliminary reply leaves the slot open,
// a final one closes it. Six kinds of reply are not the head's, and are recognised:
//
// - the double reply to a transfer (226 and 226, 426 and 226, 225 and 226 after ABOR): it comes right behind the
//   reply that closed the slot of a transfer or of ABOR, and is absorbed once for each;
// - 421, which may come at any time: the server says good-bye;
// - the reply to a STAT that was sent into a running transfer, which comes before that transfer's own, or behind it;
// - 500 to a RETR that has begun: a command that was sent behind it was thrown away (Pure-FTPd, of what comes while it
//   sends a file), which is as good as out of order;
// - a reply that only a command further down can get, while the head still waits (pyftpdlib answers PORT and RETR, sent
//   together, with 150 before 200; PORT and SIZE with 213 before 200): the server answers out of order. Unless the head
//   is a transfer that was cut before its first byte, of which Pure-FTPd says nothing more than 150;
// - a time to SIZE, and none to the MDTM beside it: each has the other's reply. 213 to CWD: a file would pass for a
//   directory. Out of order as well.
//
// Anything else means that we no longer know which reply is whose. That is never guessed at: the caller drops
// the control connection. So it does for a reply that can only be another command's (215 to PWD, 200 to SIZE): a
// server that answered PASS twice makes all later ones slip by one, and a slipped 200 would pass for a stored file.
import { stepAfter, isTransfer } from '../protocol/exchange';
import { FtpError, RemoteProtocolError } from '../protocol/errors';
import { parseTimeValue } from '../protocol/facts';
import { replyText, type Reply } from '../protocol/reply';
import type { Exchange } from './exchange';

export type LedgerVerdict = 'accepted' | 'absorbed' | 'out-of-order' | RemoteProtocolError;

export class ReplyLedger {
  private readonly slots: Exchange[] = [];
  /** How many replies may still trail behind finished transfers. */
  private trailing = 0;
  /** The slot that was closed last, with its reply. */
  private last: Answered | undefined;

  get head(): Exchange | undefined {
    return this.slots[0];
  }

  get size(): number {
    return this.slots.length;
  }

  /** What a reply that is due holds goes elsewhere. */
  get isDiverting(): boolean {
    return this.slots.some((slot) => slot.isDiverted);
  }

  /** Verbs that were sent and not finally answered, oldest first. */
  get unanswered(): string[] {
    return this.slots.map((slot) => slot.command.verb);
  }

  add(exchange: Exchange): void {
    this.slots.push(exchange);
  }

  handleReply(reply: Reply): LedgerVerdict {
    const head = this.head;
    if (this.isTrailing(reply, head)) {
      this.trailing--;
      return 'absorbed';
    }
    if (!head) return unexpected(reply, undefined);
    const status = this.statusSlot(reply, head);
    if (status) {
      this.slots.splice(this.slots.indexOf(status), 1);
      status.handleFinal(reply);
      return 'accepted';
    }
    if (this.isOfAnother(reply, head)) return 'out-of-order';
    if (this.isOutOfTurn(reply, head)) {
      if (!head.endWithoutWord()) return 'out-of-order';
      this.slots.shift();
      this.trailing = 1;
      return this.handleReply(reply);
    }
    const step = stepAfter(head.command.verb, reply.code);
    if (step === 'violation' || hasSlipped(reply, head)) return unexpected(reply, head);
    if (isExchanged(this.last, { verb: head.command.verb, reply })) return 'out-of-order';
    const isMark = reply.code === 110;
    if (step === 'wait' && (isMark || !head.endsWithSecondPreliminary)) head.handlePreliminary(reply);
    else this.close(head, reply);
    return 'accepted';
  }

  /** Takes out the ABOR that waits at the head. If its reply comes after all, it is one that trails. */
  forgive(abort: Exchange): void {
    if (this.head !== abort) return;
    this.slots.shift();
    this.trailing = 1;
    abort.fail(new FtpError('reply-timed-out', 'No reply to ABOR.'));
  }

  /** Takes all open slots out, to be failed by the caller. */
  takeAll(): Exchange[] {
    return this.slots.splice(0);
  }

  private close(head: Exchange, reply: Reply): void {
    this.slots.shift();
    this.last = { verb: head.command.verb, reply };
    this.trailing = trailsAfter(head) ? 1 : this.slots.length > 0 ? this.trailing : 0;
    head.handleFinal(reply);
  }

  private isTrailing(reply: Reply, head: Exchange | undefined): boolean {
    if (this.trailing === 0 || !trailingCodes.has(reply.code)) return false;
    return head === undefined || !trailsAfter(head);
  }

  /** The slot of a bare STAT that is answered before the transfer it was sent into (RFC 959 §4.1.3). */
  private statusSlot({ code }: Reply, head: Exchange): Exchange | undefined {
    if (!isTransfer(head.command.verb) || !head.isOpened || !statusCodes.has(code)) return undefined;
    const next = this.slots[1];
    return next?.command.verb === 'STAT' && next.command.argument === undefined ? next : undefined;
  }

  // 500 Unknown command
  private isOfAnother({ code }: Reply, head: Exchange): boolean {
    if (code !== 500 || head.command.verb !== 'RETR' || !head.isOpened) return false;
    const next = this.slots[1];
    return next !== undefined && next.command.verb !== 'ABOR';
  }

  private isOutOfTurn(reply: Reply, head: Exchange): boolean {
    const fits = (slot: Exchange): boolean => answersOnly(reply.code, slot.command.verb);
    return isDistinctive(reply.code) && !fits(head) && this.slots.slice(1).some(fits);
  }
}

/** Codes that belong to few commands, so that one of them at the wrong slot tells of a wrong order. */
const distinctive: ReadonlyMap<number, readonly string[]> = new Map([
  [213, ['SIZE', 'MDTM', 'MFMT', 'STAT']],
  [215, ['SYST']],
  [227, ['PASV', 'CPSV']],
  [229, ['EPSV']],
  [257, ['PWD', 'MKD', 'XPWD', 'XMKD']],
  [350, ['REST', 'RNFR', 'SITE']],
]);

/** The head has a code of its own, and this is not it. SITE may be answered by any (Pure-FTPd: 213 UTIME OK). */
function hasSlipped({ code }: Reply, head: Exchange): boolean {
  const { verb } = head.command;
  // 200 before 150: somebody else's. A finished transfer is 226 or 250 (RFC 959 §5.4).
  if (isTransfer(verb) && !head.isOpened) return code >= 200 && code < 300 && !finished.has(code);
  if (verb === 'SIZE') return code >= 200 && code < 300 && code !== 213;
  const own = [...distinctive.values()].some((verbs) => verbs.includes(verb));
  return own && verb !== 'SITE' && distinctive.has(code) && !answersOnly(code, verb);
}

interface Answered {
  readonly verb: string;
  readonly reply: Reply;
}

// SIZE   213 20261120140200
// MDTM   213 12944
function isExchanged(first: Answered | undefined, second: Answered): boolean {
  if (second.verb === 'CWD') return second.reply.code === 213;
  if (first?.verb === 'SIZE' && second.verb === 'MDTM') return isTime(first.reply) && !isTime(second.reply);
  return first?.verb === 'MDTM' && second.verb === 'SIZE' && isTime(second.reply) && !isTime(first.reply);
}

/** As a size it would be twenty terabytes. */
function isTime(reply: Reply): boolean {
  return reply.code === 213 && parseTimeValue(replyText(reply).trim()) !== undefined;
}

const finished: ReadonlySet<number> = new Set([225, 226, 250]);

// 211 System status.  213 File status.  500 Unknown command (Pure-FTPd).  502, 503: not now.
/** What STAT is answered in mid-transfer, and a transfer that has begun never is. */
const statusCodes: ReadonlySet<number> = new Set([211, 212, 213, 500, 502, 503]);

function isDistinctive(code: number): boolean {
  return code < 200 || distinctive.has(code);
}

function answersOnly(code: number, verb: string): boolean {
  return code < 200 ? isTransfer(verb) : distinctive.get(code)?.includes(verb) === true;
}

// 225 ABOR command successful.  226 Transfer complete.  426 Data connection closed, transfer aborted.
const trailingCodes: ReadonlySet<number> = new Set([225, 226, 426]);

function trailsAfter(exchange: Exchange): boolean {
  return isTransfer(exchange.command.verb) || exchange.command.verb === 'ABOR';
}

function unexpected(reply: Reply, head: Exchange | undefined): RemoteProtocolError {
  const said = `a reply ${reply.code} that answers ${head ? head.command.verb : 'no command'}`;
  return new RemoteProtocolError(`The server sent ${said}.`, {
    reply,
    facts: { said: reply.lines.at(-1) ?? '' },
  });
}
