import { onAbort } from '../../base/abort';
import type { Exchange } from '../pi/exchange';
import type { FtpError } from '../protocol/errors';
import { refusal } from '../protocol/refusal';
import { severityOf, type Reply } from '../protocol/reply';
import type { DataConnection } from './dataConnection';
import { marksEnd } from './dataLine';
import type { Flow, FlowEnd } from './flow';
import type { RendezvousContext } from './rendezvous';
import { settle } from './settle';
import { isSessionRefusal, sessionRefused } from './tlsRefusal';
import { traceClosed } from './traceData';
import { broken, cancelled, cutShort, finalOf, localFailure, stalled } from './transferErrors';
import type { TransferRequest, TransferResult } from './transferRequest';

/** A transfer whose two ends have met. */
export interface MetTransfer {
  readonly connection: DataConnection;
  readonly exchange: Exchange;
  readonly context: RendezvousContext;
  readonly request: TransferRequest;
}

/** Moves the bytes, and takes the reply that says what became of them. */
export async function conduct(met: MetTransfer, start: () => Flow): Promise<TransferResult> {
  const { connection, exchange, context, request } = met;
  if (request.direction === 'up' && !mayHurry(met)) await opened(met);
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
    const reply = await conclude(met, flow, end);
    if (end.kind === 'ended' && outlives(reply, context)) keep(connection, context, request);
    else connection.close();
    const endIsMarked = context.line.endIsMarked && end.kind !== 'broken';
    return { bytes: flow.bytes, end: end.kind, endIsMarked, reply };
  } catch (error) {
    // What an upload has left in the buffers must not reach a file that others write by then.
    if (request.direction === 'up') connection.reset();
    else connection.close();
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
function mayHurry({ connection: { method }, context, request }: MetTransfer): boolean {
  return request.isEager === true && context.waitsForCommand && (method === 'EPSV' || method === 'PASV');
}

/** Nothing is sent before the server said that it will take it: pyftpdlib closes on bytes that come early. */
async function opened(met: MetTransfer): Promise<void> {
  const { connection, exchange, context } = met;
  const cancel = onAbort(context.signal, () => connection.reset());
  try {
    const reply = await exchange.opening;
    if (context.signal.aborted) throw cancelled();
    const severity = severityOf(reply);
    if (severity === 'preliminary' || severity === 'completed') return;
    throw refused(reply, met);
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
async function conclude(met: MetTransfer, flow: Flow, end: FlowEnd): Promise<Reply | undefined> {
  const { exchange, context, request } = met;
  if (context.signal.aborted || stopsEarly(end)) {
    if (end.kind === 'stopped') request.stopped?.(exchange.final);
    await settle(exchange, context);
    if (context.signal.aborted) throw cancelled();
    await expectMet(exchange, request);
    if (end.kind === 'local') throw localFailure(end.error);
    if (end.kind === 'violation') throw end.error;
    if (end.kind === 'stalled') throw stalled(request, flow);
    return undefined;
  }
  if (isGone(end)) exchange.abandon();
  else exchange.release();
  // Reset before its first byte. pyftpdlib, and Pure-FTPd after its 150, say nothing more; ABOR makes them.
  if (end.kind === 'broken' && flow.bytes === 0 && request.direction === 'down') {
    await settle(exchange, context);
  }
  const reply = await finalOf(exchange, request);
  // 150 0.041 seconds (measured here): Pure-FTPd's last word.
  if (severityOf(reply) === 'preliminary') throw cutShort(request, flow);
  if (severityOf(reply) !== 'completed') {
    throw broken(refused(reply, met), flow);
  }
  if (end.kind === 'cut') throw cutShort(request, flow);
  return reply;
}

function refused(reply: Reply, { connection: { tls }, context, request }: MetTransfer): FtpError {
  if (tls && isSessionRefusal(reply, tls)) return sessionRefused(reply, context);
  return refusal(reply, request.command.verb, request.path);
}

/** The other end has given up, and its last word is the same as if we had closed ours. */
function isGone({ kind }: FlowEnd): boolean {
  return kind === 'broken' || kind === 'cut';
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
  'stopped',
  'local',
  'stalled',
  'violation',
]);
