import { RemoteProtocolError } from '../../../src/ftp/protocol/errors';
import { decoderFor, type TransferParameters } from '../../../src/ftp/mode/modeFor';
import type { Decoded } from '../../../src/ftp/mode/decoder';
import type { Fed } from '../../support/feed';

/** Bytes as the tables write them: numbers, and text in Latin-1. */
export function wire(...parts: (number | string)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : latin1(part))));
}

/** What a decoder says: a number for each byte of the file, so that it does not matter how data was cut. */
export type Said = number | string;

export function said(...parts: (number | string)[]): Said[] {
  return parts.flatMap((part) =>
    typeof part === 'string' && part.startsWith('=') ? latin1(part.slice(1)) : [part],
  );
}

/** A decoder as `feedEveryWay` wants it. An error is its last word: `error: …`. */
export function fed(
  parameters: TransferParameters,
): Fed<Said> & { close(): void; readonly atBoundary: boolean } {
  const decoder = decoderFor(parameters);
  const values: Said[] = [];
  let failed = false;
  return {
    push: (bytes) => attempt(() => decoder.push(bytes, take)),
    close: () => attempt(() => decoder.close(take)),
    next: () => values.shift(),
    get atBoundary() {
      return decoder.atBoundary;
    },
  };

  function take(decoded: Decoded): void {
    if (decoded.kind === 'data') values.push(...decoded.bytes);
    else values.push('marker' in decoded ? `marker ${latin1Text(decoded.marker)}` : decoded.kind);
  }

  function attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      if (!failed) values.push(`error: ${error.message}`);
      failed = true;
    }
  }
}

/** Everything that a decoder says to these bytes, and then to the close. */
export function saidOf(parameters: TransferParameters, pieces: Iterable<Uint8Array>): Said[] {
  const decoder = fed(parameters);
  for (const piece of pieces) decoder.push(piece);
  decoder.close();
  const all: Said[] = [];
  for (let value = decoder.next(); value !== undefined; value = decoder.next()) all.push(value);
  return all;
}

function latin1(text: string): number[] {
  return [...Buffer.from(text, 'latin1')];
}

function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
