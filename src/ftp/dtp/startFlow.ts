import type { Clock } from '../../base/clock';
import type { Outside } from '../../base/outside';
import { decoderFor, encoderFor } from '../mode/modeFor';
import type { DataConnection } from './dataConnection';
import type { LineParameters } from './dataLine';
import { deflated, inflatingInto } from './deflate';
import type { Pieces } from './pieces';
import { DataReceiver, type Sink } from './receiver';
import { DataSender } from './sender';

export interface FlowOptions {
  readonly clock: Clock;
  readonly outside: Outside;
  /** Milliseconds without a byte. */
  readonly stallTimeout: number;
  /** zlib's level for MODE Z, 1 to 9. */
  readonly deflateLevel: number;
}

interface Place {
  readonly connection: DataConnection;
  readonly parameters: LineParameters;
}

/** Receives a file; stops early at `limit` bytes where they can be counted on the wire. */
export function startReceiving(
  { connection, parameters }: Place,
  sink: Sink,
  limit: number,
  options: FlowOptions,
): DataReceiver {
  const { clock, stallTimeout, outside } = options;
  const { mode } = parameters;
  // Deflate packs what stream mode would send.
  const decoder = decoderFor({ ...parameters, mode: mode === 'deflate' ? 'stream' : mode });
  if (mode !== 'deflate') return new DataReceiver(connection, decoder, sink, limit, clock, stallTimeout);
  return new DataReceiver(connection, decoder, inflatingInto(sink, outside), Infinity, clock, stallTimeout);
}

/** Sends a file. */
export function startSending(
  { connection, parameters }: Place,
  source: Pieces,
  options: FlowOptions,
): DataSender {
  const { clock, stallTimeout, outside, deflateLevel } = options;
  const { mode } = parameters;
  const isDeflate = mode === 'deflate';
  const encoder = encoderFor({ ...parameters, mode: isDeflate ? 'stream' : mode });
  const pieces = isDeflate ? deflated(source, deflateLevel, outside) : source;
  return new DataSender(connection, encoder, pieces, clock, stallTimeout);
}
