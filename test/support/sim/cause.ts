import type { SimEvent } from './eventQueue';
import { endpointKey, Segment } from './segment';
import { finAcknowledged } from './tcp';

/**
 * What a reply waited for: that our kernel acknowledged the server's FIN on the data connection; that we closed our
 * end; that an earlier reply was acknowledged (Nagle); that the congestion window let it through; nothing.
 */
export type Cause = 'fin-acknowledged' | 'peer-closed' | 'ack-of-reply' | 'window' | 'none';

/** @param heard the event in which the client read the reply, of a kernel that keeps track of causes */
export function causeOf(heard: SimEvent | undefined): Cause {
  const chain = [...ancestry(heard)];
  const arrival = chain.findIndex(({ what }) => what instanceof Segment && what.bytes.length > 0);
  const reply = chain[arrival]?.what;
  if (!(reply instanceof Segment)) throw new Error('No reply: does the kernel keep track of causes?');
  if (reply.waitedFor) return reply.waitedFor === 'window' ? 'window' : 'ack-of-reply';
  const before = chain.slice(arrival + 1);
  const command = before.findIndex(({ what }) => what instanceof Segment && isCommandFor(reply, what));
  return causeAmong(before.slice(0, command < 0 ? undefined : command));
}

function causeAmong(events: readonly SimEvent[]): Cause {
  for (const [index, { what }] of events.entries()) {
    if (typeof what === 'string' && what.startsWith(finAcknowledged)) return 'fin-acknowledged';
    if (!(what instanceof Segment) || !what.fin) continue;
    const older = events.slice(index + 1);
    // Our FIN answers the server's: after a download. After an upload it is the end of the file itself.
    if (older.some((event) => event.what instanceof Segment && isFinBefore(what, event.what))) {
      return 'peer-closed';
    }
  }
  return 'none';
}

/** From the event itself to the oldest. */
function* ancestry(event: SimEvent | undefined): Generator<SimEvent> {
  for (let next = event; next; next = next.parent) yield next;
}

function isCommandFor(reply: Segment, candidate: Segment): boolean {
  return candidate.bytes.length > 0 && isOpposite(reply, candidate);
}

function isFinBefore(ours: Segment, candidate: Segment): boolean {
  return candidate.fin && isOpposite(ours, candidate);
}

function isOpposite(one: Segment, other: Segment): boolean {
  return endpointKey(one.from) === endpointKey(other.to) && endpointKey(one.to) === endpointKey(other.from);
}
