import type { Clock } from '../../base/clock';
import type { Outside } from '../../base/outside';
import { decoderFor, encoderFor, type TransferParameters } from '../mode/modeFor';
import type { DataConnection } from './dataConnection';
import type { TransferMode } from './dataLine';
import { deflated, inflatingInto } from './deflate';
import type { Flow } from './flow';
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
  readonly mode: TransferMode;
}

/** Receives a file; stops early at `limit` bytes where they can be counted on the wire. */
export function startReceiving(
  { connection, mode }: Place,
  sink: Sink,
  limit: number,
  options: FlowOptions,
): Flow {
  const { clock, stallTimeout, outside } = options;
  if (mode === 'deflate') {
    const inflating = inflatingInto(sink, outside);
    return new DataReceiver(
      connection,
      decoderFor(image('stream')),
      inflating,
      Infinity,
      clock,
      stallTimeout,
    );
  }
  return new DataReceiver(connection, decoderFor(image(mode)), sink, limit, clock, stallTimeout);
}

/** Sends a file. */
export function startSending(
  { connection, mode }: Place,
  source: AsyncIterable<Uint8Array>,
  options: FlowOptions,
): Flow {
  const { clock, stallTimeout, outside, deflateLevel } = options;
  const isDeflate = mode === 'deflate';
  const encoder = encoderFor(image(isDeflate ? 'stream' : mode));
  const bytes = isDeflate ? deflated(source, deflateLevel, outside) : source;
  return new DataSender(connection, encoder, bytes, clock, stallTimeout);
}

/** TYPE I and STRU F are in force for everything that we move, listings too. */
function image(mode: TransferParameters['mode']): TransferParameters {
  return { mode, structure: 'file', type: 'image' };
}
