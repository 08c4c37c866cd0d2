import type { Exchange } from '../pi/exchange';
import type { RendezvousContext } from './rendezvous';

/**
 * Leaves the ledger clean after an early stop: our close makes every known server send the reply it owes; one that
 * does not is told to ABOR. Never rejects: if the control connection is lost on the way, its loss says so.
 */
export async function settle(exchange: Exchange, context: RendezvousContext): Promise<void> {
  const { clock, control, operation } = context;
  if (exchange.isEnded) return;
  exchange.abandon();
  let abort: Exchange | undefined;
  const sendAbort = (): void => {
    // Behind the commands of others it would come too late; then the deadline of the reply ends it.
    if (context.seclude()) [abort] = control.send([{ verb: 'ABOR' }], operation);
  };
  const timer = clock.setTimer(abortGrace, sendAbort, 'abort');
  await exchange.final.catch(() => undefined);
  timer.dispose();
  // The next command must not find the slot of ABOR open: its reply would be taken for ABOR's.
  if (abort) await settleAbort(abort, context);
}

/**
 * One reply came since ABOR. Where it was the transfer's, ABOR's own comes right behind it. It may have been ABOR's,
 * and the transfer has none: so does Pure-FTPd when a data connection ends before its first byte (`226 Since you see
 * this ABOR must've succeeded`), and pyftpdlib when none was there (`225 ABOR command successful`). Then the reply to a
 * NOOP is the next.
 */
async function settleAbort(abort: Exchange, { clock, control, operation }: RendezvousContext): Promise<void> {
  let fence: Promise<unknown> = Promise.resolve();
  const forgive = (): void => {
    control.forgive(abort);
    fence = control.exchange({ verb: 'NOOP' }, operation).catch(() => undefined);
  };
  const timer = clock.setTimer(abortGrace, forgive, 'abort');
  await abort.final.catch(() => undefined);
  timer.dispose();
  await fence;
}

/** Milliseconds that a server may take to notice our close: a slow link's round trip, not a person's patience. */
const abortGrace = 2000;
