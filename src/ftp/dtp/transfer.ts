// Theory of operation
//
// A transfer is arranged (rendezvous), asked for (RETR, STOR, LIST, …), and over when two things have happened, in
// either order: the data ended, and a final reply came. A read over a data connection that is made for it:
//
//   > SIZE, EPSV        < 213, 229          how much to expect, and the way, in one segment
//   = open
//   > RETR              < 150               preliminary: no deadline for the reply while data flow
//   = ended                                 our end is closed at once (RFC 959 §5.2); the deadline runs again
//                       < 226               completed; 4xx or 5xx here is a failure, even if all bytes are there
//
// Where the place is agreed upon already (warmConnection.ts, reuse.ts), or can be announced in the same breath (active.ts), what
// goes ahead of RETR shares its segment, and so does what goes behind it on servers that answer in turn:
//
//   > SIZE, RETR, EPSV  < 213, 150, 226, 229
//
// In active mode several transfers may be asked for in the same segment (session/company.ts). The server takes them in
// turn, and no deadline of a transfer runs before it has come to it.
//
// Stream mode cannot tell a cut from an end, so neither event proves anything alone, and the caller compares sizes.
// Whoever stops early (cancelled, stalled, enough read) closes the data connection and takes the reply that the slot
// is owed, whatever it is; ABOR is sent only when none comes.
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { severityOf, type Reply } from '../protocol/reply';
import { conduct } from './conduct';
import type { DataConnection } from './dataConnection';
import type { Flow } from './flow';
import {
  arranged,
  WayFailed,
  type Arrangement,
  type Meeting,
  type Rendezvous,
  type RendezvousContext,
} from './rendezvous';
import { sendTransfer, type Sent } from './sendTransfer';
import { settle } from './settle';
import { isSessionRefusal, sessionRefused } from './tlsRefusal';
import { traceOpen } from './traceData';
import { cancelled } from './transferErrors';
import { NotBegun, type TransferRequest, type TransferResult } from './transferRequest';

/** One try over one way. Rejects with `WayFailed` when the two ends did not meet. */
export async function transfer(
  way: Rendezvous,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<TransferResult> {
  const arrangement = await way.arrange(context, request.prelude);
  const { meeting } = arrangement;
  try {
    const ahead =
      request.check || request.questions ? await clearTheWay(arrangement, context, request) : arrangement;
    // STOR would empty the file of somebody who has changed his mind.
    if (context.signal.aborted) throw cancelled();
    if (request.isWanted?.()) throw new NotBegun();
    return await perform(await send(ahead, context, request), context, request);
  } finally {
    meeting.dispose();
  }
}

function send(arrangement: Arrangement, context: RendezvousContext, request: TransferRequest): Promise<Sent> {
  const restart = request.restart?.(context.line.parameters.mode);
  const questions = request.questions?.(arrangement.read([]));
  return sendTransfer(arrangement, context, { ...request, restart, questions });
}

/** Has everything answered that could forbid the transfer, before its command goes out. */
async function clearTheWay(
  { meeting, ahead, read }: Arrangement,
  { control, operation }: RendezvousContext,
  { check }: TransferRequest,
): Promise<Arrangement> {
  const prelude = read(ahead.length > 0 ? await control.batch(ahead, operation) : []);
  check?.(prelude);
  return arranged(meeting, prelude);
}

async function perform(
  sent: Sent,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<TransferResult> {
  const { exchange } = sent;
  // At once: a handshake takes its time while the prelude is answered.
  const met = meet(sent, context, request);
  const prelude = await replyTo(sent, met, context, request);
  const connection = await met;
  const [answers, restarted] = await Promise.all([sent.answers, sent.restarted]).catch((error: unknown) => {
    connection.close();
    throw error;
  });
  const { parameters } = context.line;
  const start = (): Flow => request.start({ connection, parameters, prelude, answers, restarted });
  return conduct({ connection, exchange, context, request }, start);
}

/** The replies to the prelude, which may still forbid what has been asked for. */
async function replyTo(
  { meeting, exchange, prelude }: Sent,
  met: Promise<DataConnection>,
  context: RendezvousContext,
  { review }: TransferRequest,
): Promise<readonly Reply[]> {
  try {
    const replies = await prelude;
    review?.(replies);
    return replies;
  } catch (error) {
    meeting.dispose();
    const connection = await met.catch(() => undefined);
    connection?.close();
    await settle(exchange, context);
    throw error;
  }
}

/** Waits for the data connection, or for the reply that there will be none. */
async function meet(
  { meeting, exchange, prelude }: Sent,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<DataConnection> {
  const refused = exchange.final.then((reply) => {
    // A completed reply before the connection was taken up: the data are still to come.
    if (severityOf(reply) === 'completed') return never;
    throw transferRefusal(reply, meeting, context, request);
  });
  try {
    const connection = await Promise.race([meeting.connection(exchange.opening, prelude), refused]);
    traceOpen(connection, meeting, context);
    if (request.direction === 'down') exchange.watch(() => connection.isBarren);
    return connection;
  } catch (error) {
    meeting.dispose();
    await settle(exchange, context);
    throw (await replyBehind(error, exchange, meeting, context, request)) ?? error;
  }
}

/**
 * When the handshake failed, the reply may say why: ProFTPD and pyftpdlib close the data connection and then say 550.
 * 425 and 426 may only answer that we have given up.
 */
async function replyBehind(
  error: unknown,
  exchange: Exchange,
  meeting: Meeting,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<Error | undefined> {
  if (!FtpError.is(error, 'tls-handshake-failed')) return undefined;
  const reply = await exchange.final.catch(() => undefined);
  if (!reply || severityOf(reply) === 'completed') return undefined;
  const answersOurClose = (reply.code === 425 || reply.code === 426) && !isSessionRefusal(reply, undefined);
  return answersOurClose ? undefined : transferRefusal(reply, meeting, context, request);
}

const never = new Promise<never>(() => undefined);

// 425 Can't open data connection.
function transferRefusal(
  reply: Reply,
  meeting: Meeting,
  context: RendezvousContext,
  request: TransferRequest,
): Error {
  if (context.line.protect && isSessionRefusal(reply, undefined)) return sessionRefused(reply, context);
  if (reply.code !== 425) return refusal(reply, request.command.verb, request.path);
  const said = reply.lines.at(-1) ?? '';
  const facts = { said };
  if (context.line.protect && meeting.isMet) {
    return new FtpError('tls-handshake-failed', `No TLS on the data connection: ${said}`, { reply, facts });
  }
  const error = new FtpError(unreachableCodes[meeting.method], `No data connection: ${said}`, {
    reply,
    facts,
  });
  return new WayFailed(meeting.method, 'unreachable', error);
}

const unreachableCodes = {
  EPSV: 'data-passive-unreachable',
  PASV: 'data-passive-unreachable',
  EPRT: 'data-active-unreachable',
  PORT: 'data-active-unreachable',
  'default-port': 'data-default-port-failed',
} as const;
