import type { Flow } from '../dtp/flow';
import { WayFailed, type Rendezvous } from '../dtp/rendezvous';
import type { TransferRequest, TransferResult } from '../dtp/transferRequest';
import { FtpError, type FtpErrorCode } from '../protocol/errors';

/** A download begins anew with a sink that is empty, an upload with bytes that can be had twice. */
export function canBeginAgain({ direction, isEager }: TransferRequest): boolean {
  return direction === 'down' || isEager === true;
}

/** What brought nothing, though nobody had announced that, proves nothing: it may have been dead. */
export function isProof(
  { bytes, endIsMarked }: TransferResult,
  { direction, isEmpty }: TransferRequest,
): boolean {
  return bytes > 0 || endIsMarked || direction === 'up' || isEmpty?.() === true;
}

/** It was dead, and no byte is lost by beginning again over a new data connection. `flow`: where one began. */
export function isSpoilt(error: unknown, { direction }: TransferRequest, flow: Flow | undefined): boolean {
  if (isUnmet(error)) return true;
  if (!(error instanceof FtpError)) return false;
  // Before the handshake was done nothing could move.
  if (error.code === 'tls-handshake-failed') return !flow;
  // 451 Error during read from data connection (Pure-FTPd).
  const isSign = signsOfDeath.has(error.code) || error.reply?.code === 451;
  return isSign && (direction === 'up' || !flow || flow.bytes === 0);
}

/** Among them 421 in place of 150, or no word at all: the server waits for a data connection of which it never heard. */
const signsOfDeath: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'data-cut',
  'data-stalled',
  'data-unconfirmed',
  'reply-timed-out',
  'service-closing',
]);

/** Lost with the control connection, though all of it can be done again on another, STOR as well. */
export class Repeatable extends Error {
  override readonly name = 'Repeatable';

  constructor(
    /** What the caller sees when it is not. */
    readonly error: FtpError,
  ) {
    super(error.message, { cause: error });
  }
}

/** The control connection went with it, and the operation begins again on another. */
export function unmet({ method }: Rendezvous, error: unknown): unknown {
  return error instanceof FtpError ? new WayFailed(method, 'timed-out', error) : error;
}

// 425 Can't open data connection.
export function isUnmet(error: unknown): boolean {
  return error instanceof WayFailed || (error instanceof FtpError && error.reply?.code === 425);
}
