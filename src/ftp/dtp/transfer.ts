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
// Stream mode cannot tell a cut from an end, so neither event proves anything alone, and the caller compares sizes.
// Whoever stops early (cancelled, stalled, enough read) closes the data connection and takes the reply that the slot
// is owed, whatever it is; ABOR is sent only when none comes.
import { onAbort } from '../../base/abort';
import type { Exchange } from '../pi/exchange';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { severityOf, type Reply } from '../protocol/reply';
import type { DataConnection } from './dataConnection';
import { marksEnd, type LineParameters, type TransferMode } from './dataLine';
import type { Flow, FlowEnd } from './flow';
import {
  arranged,
  WayFailed,
  type Arrangement,
  type Meeting,
  type Rendezvous,
  type RendezvousContext,
} from './rendezvous';
import { sendTransfer, type Sent } from './sendTransfer';
import { traceClosed, traceOpen } from './traceData';
import { broken, cancelled, cutShort, finalOf, localFailure, stalled } from './transferErrors';
import { settle } from './settle';
import { isSessionRefusal, sessionRefused } from './tlsRefusal';

export interface TransferRequest {
  /** RETR, STOR, APPE, LIST, MLSD with its argument. */
  readonly command: Command;
  /** For errors and the log. */
  readonly path: string;
  readonly direction: 'down' | 'up';
  /** Default: file structure, TYPE I. */
  readonly structure?: LineParameters['structure'];
  readonly type?: LineParameters['type'];
  /** Sent before the rendezvous, or with the command, in the same segment. */
  readonly prelude: readonly Command[];
  /** Looks at the prelude's replies before the command goes out, and refuses the transfer by throwing. */
  readonly check?: (prelude: readonly Reply[]) => void;
  /** Questions that go before `restart` and the command, in the same segment: what the file is at that moment. */
  readonly questions?: (prelude: readonly Reply[]) => readonly Command[];
  /** Asked before the command goes out: whether others come first. Then the transfer rejects with `NotBegun`. */
  readonly isWanted?: () => boolean;
  /** Looks at them when the command may be out already, and ends the transfer by throwing. */
  readonly review?: (prelude: readonly Reply[]) => void;
  /** Sent behind the command, in the same segment; only to servers that answer in turn. */
  readonly behind?: readonly Command[];
  /** Told at once: the replies to `behind`; they reject when the control connection is lost before. */
  readonly sentBehind?: (replies: Promise<readonly Reply[]>) => void;
  /** The server announced that there is nothing to move. */
  readonly isEmpty?: () => boolean;
  /** Over soon: the next data connection may be asked for behind it. */
  readonly isShort?: boolean;
  /** The bytes can be had twice: they may be on their way before the server says that it takes them. */
  readonly isEager?: boolean;
  /**
   * REST, where there is to be one: goes right before the command, in the same segment (RFC 959 §4.1.3). Asked once the
   * mode is known, which says what its argument is (§3.5).
   */
  readonly restart?: (mode: TransferMode) => Command | undefined;
  /** Told the first reply as soon as it comes: after 150 the file is open, whether or not the two ends meet. */
  readonly answered?: (opening: Reply) => void;
  /** Puts the bytes to work once the two ends have met, and the reply to `restart`, if any, is there. */
  readonly start: (begun: Begun) => Flow;
}

export interface Begun {
  readonly connection: DataConnection;
  readonly parameters: LineParameters;
  readonly prelude: readonly Reply[];
  readonly answers: readonly Reply[];
  readonly restarted: Reply | undefined;
}

/** The command was not sent, since somebody more urgent waits: nothing has happened. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

export interface TransferResult {
  readonly bytes: number;
  /** 'ended', 'truncated', 'broken' (a reset, though the server says that all went well) or 'enough'. */
  readonly end: FlowEnd['kind'];
  /** The end of the file was in the data, so that nothing can be missing (RFC 959 §3.3). */
  readonly endIsMarked: boolean;
}

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
    return await perform(send(ahead, context, request), context, request);
  } finally {
    meeting.dispose();
  }
}

function send(arrangement: Arrangement, context: RendezvousContext, request: TransferRequest): Sent {
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
  const met = meet(sent.meeting, exchange, context, request);
  const prelude = await replyTo(sent, met, context, request);
  const connection = await met;
  const [answers, restarted] = await Promise.all([sent.answers, sent.restarted]).catch((error: unknown) => {
    connection.close();
    throw error;
  });
  const { parameters } = context.line;
  const start = (): Flow => request.start({ connection, parameters, prelude, answers, restarted });
  return conduct(connection, exchange, start, context, request);
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
  meeting: Meeting,
  exchange: Exchange,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<DataConnection> {
  const refused = exchange.final.then((reply) => {
    // A completed reply before the connection was taken up: the data are still to come.
    if (severityOf(reply) === 'completed') return never;
    throw transferRefusal(reply, meeting, context, request);
  });
  try {
    const connection = await Promise.race([meeting.connection(exchange.opening), refused]);
    traceOpen(connection, meeting, context);
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

async function conduct(
  connection: DataConnection,
  exchange: Exchange,
  start: () => Flow,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<TransferResult> {
  if (request.direction === 'up' && !mayHurry(connection, context, request)) {
    await opened(connection, exchange, context, request);
  }
  const flow = start();
  const cut = (): void => flow.cut();
  // A reset takes a connection out of the backlog, and ProFTPD would wait for another: it has to be accepted first.
  const cutLater = (): void => void exchange.opening.then(cut, cut);
  const cancel = onAbort(context.signal, request.direction === 'up' ? cutLater : cut);
  exchange.opening.then(
    (reply) => severityOf(reply) === 'preliminary' && exchange.hold(),
    () => undefined,
  );
  followFinal(exchange, flow, context);
  try {
    const end = await flow.ended;
    traceClosed(flow, end, context, request.direction);
    const reply = await conclude(connection, flow, end, exchange, context, request);
    if (end.kind === 'ended' && outlives(reply, context)) keep(connection, context, request);
    else connection.close();
    const endIsMarked = context.line.endIsMarked && end.kind !== 'broken';
    return { bytes: flow.bytes, end: end.kind, endIsMarked };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    cancel.dispose();
  }
}

// 250 File transfer completed: the data connection is left open.  226: it is closed (RFC 959 §3.2, §5.4).
function outlives(reply: Reply | undefined, { line }: RendezvousContext): boolean {
  return marksEnd(line.parameters.mode) && reply?.code === 250;
}

function keep(connection: DataConnection, { line }: RendezvousContext, { direction }: TransferRequest): void {
  line.hasMarkedEnds ||= direction === 'down';
  line.keep(connection);
}

/** The bytes wait in the backlog of a server that takes the data connection out of it only for the command. */
function mayHurry(
  { method }: DataConnection,
  { waitsForCommand }: RendezvousContext,
  { isEager }: TransferRequest,
): boolean {
  return isEager === true && waitsForCommand && (method === 'EPSV' || method === 'PASV');
}

/** Nothing is sent before the server said that it will take it: pyftpdlib closes on bytes that come early. */
async function opened(
  connection: DataConnection,
  exchange: Exchange,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<void> {
  const cancel = onAbort(context.signal, () => connection.reset());
  try {
    const reply = await exchange.opening;
    if (context.signal.aborted) throw cancelled();
    const severity = severityOf(reply);
    if (severity === 'preliminary' || severity === 'completed') return;
    throw refused(reply, connection, context, request);
  } catch (error) {
    connection.reset();
    await settle(exchange, context);
    throw error;
  } finally {
    cancel.dispose();
  }
}

/** After a negative final reply, or the loss of the control connection, no byte is worth waiting for. */
function followFinal(exchange: Exchange, flow: Flow, { line }: RendezvousContext): void {
  exchange.final.then(
    (reply) => {
      if (severityOf(reply) !== 'completed') flow.cut();
      else if (line.endIsMarked) flow.expectEnd?.();
    },
    () => flow.cut(),
  );
}

/** The data ended in one way or another; now the reply. */
async function conclude(
  connection: DataConnection,
  flow: Flow,
  end: FlowEnd,
  exchange: Exchange,
  context: RendezvousContext,
  request: TransferRequest,
): Promise<Reply | undefined> {
  if (context.signal.aborted || stopsEarly(end)) {
    await settle(exchange, context);
    if (context.signal.aborted) throw cancelled();
    await expectMet(exchange, request);
    if (end.kind === 'local') throw localFailure(end.error);
    if (end.kind === 'violation') throw end.error;
    if (end.kind === 'stalled') throw stalled(request, flow);
    return undefined;
  }
  exchange.release();
  const reply = await finalOf(exchange, request);
  if (severityOf(reply) !== 'completed') {
    throw broken(refused(reply, connection, context, request), flow);
  }
  if (end.kind === 'cut') throw cutShort(request, flow);
  return reply;
}

function refused(
  reply: Reply,
  { tls }: DataConnection,
  context: RendezvousContext,
  request: TransferRequest,
): FtpError {
  if (tls && isSessionRefusal(reply, tls)) return sessionRefused(reply, context);
  return refusal(reply, request.command.verb, request.path);
}

/** 425 says that the server never had the data connection, whatever came of our end of it. */
async function expectMet(exchange: Exchange, request: TransferRequest): Promise<void> {
  const reply = await exchange.final.catch(() => undefined);
  if (reply?.code === 425) throw refusal(reply, request.command.verb, request.path);
}

/** We stop, though the server may not know it yet. */
function stopsEarly(end: FlowEnd): boolean {
  return early.has(end.kind);
}

const early: ReadonlySet<FlowEnd['kind']> = new Set<FlowEnd['kind']>([
  'enough',
  'local',
  'stalled',
  'violation',
]);
