import { grouped } from '../../base/grouped';
import { dataTlsText } from '../trace/tlsText';
import type { DataConnection } from './dataConnection';
import type { Flow, FlowEnd } from './flow';
import { showEndpoint, type Meeting, type RendezvousContext } from './rendezvous';

/** A data connection is there. */
export function traceOpen(
  connection: DataConnection,
  { method }: Pick<Meeting, 'method'>,
  context: RendezvousContext,
): void {
  const local = showEndpoint(connection.local);
  const remote = showEndpoint(connection.remote);
  const text =
    method === 'EPSV' || method === 'PASV'
      ? `open, passive ${method}, ${local} to ${remote}`
      : `open, ${method === 'default-port' ? 'default port' : `active ${method}`}, server dialled ${local} from ${remote}`;
  const { tls } = connection;
  const told = { operation: context.operation, phase: 'open', method, local, remote } as const;
  context.tracer.data(tls ? { ...told, tls, text: `${text}, ${dataTlsText(tls)}` } : { ...told, text });
}

/** The bytes of one file have moved, or have ceased to. */
export function traceClosed(
  flow: Flow,
  end: FlowEnd,
  context: RendezvousContext,
  direction: 'down' | 'up',
): void {
  const closedBy = end.kind === 'broken' ? 'reset' : closedByServer(end, direction) ? 'server' : 'client';
  const moved = `${direction === 'down' ? 'received' : 'sent'} ${grouped(flow.bytes)} bytes`;
  const how = end.kind === 'truncated' ? ' without close_notify' : '';
  const text = `${moved}, ${closedBy === 'reset' ? 'reset' : `closed by the ${closedBy}`}${how}`;
  context.tracer.data({
    operation: context.operation,
    phase: 'closed',
    bytes: flow.bytes,
    direction,
    closedBy,
    text,
  });
}

function closedByServer(end: FlowEnd, direction: 'down' | 'up'): boolean {
  return direction === 'down' ? endedBySender.has(end.kind) : end.kind === 'cut';
}

const endedBySender: ReadonlySet<FlowEnd['kind']> = new Set<FlowEnd['kind']>(['ended', 'truncated']);
