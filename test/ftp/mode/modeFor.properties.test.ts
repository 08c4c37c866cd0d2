import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CompressedEncoder } from '../../../src/ftp/mode/compressed';
import { encoderFor, type TransferParameters } from '../../../src/ftp/mode/modeFor';
import { cutAt } from '../../support/feed';
import { saidOf, type Said } from './wire';

type Part = { readonly data: Uint8Array } | { readonly marker: string } | 'end-of-record';

// Runs around each limit: 3, 63 and 127; and the bytes that mean something somewhere.
const run = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 16, 32, 64, 97, 128, 192, 255),
    fc.constantFrom(1, 1, 1, 2, 3, 62, 63, 64, 130),
  )
  .map(([byte, count]) => Array<number>(count).fill(byte));
const data = fc
  .oneof(
    fc.array(run, { maxLength: 12 }).map((runs) => Uint8Array.from(runs.flat())),
    fc.uint8Array({ maxLength: 300 }),
  )
  .map((bytes): Part => ({ data: bytes }));
const marker = fc
  .array(fc.constantFrom(...'!09AZaz~'), { minLength: 1, maxLength: 127 })
  .map((characters): Part => ({ marker: characters.join('') }));
const record = fc.constant<Part>('end-of-record');
const cuts = fc.array(fc.nat({ max: 1500 }), { maxLength: 12 });

const withMarkers: TransferParameters[] = [
  { mode: 'block', structure: 'record', type: 'image' },
  { mode: 'compressed', structure: 'record', type: 'image' },
  { mode: 'compressed', structure: 'record', type: 'ascii' },
];
const streamRecords: TransferParameters = { mode: 'stream', structure: 'record', type: 'image' };
const stream: TransferParameters = { mode: 'stream', structure: 'file', type: 'image' };

describe('the transmission modes, for any files', () => {
  for (const parameters of [...withMarkers, streamRecords]) {
    const part = parameters === streamRecords ? fc.oneof(data, record) : fc.oneof(data, record, marker);
    const files = fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 4 });
    it(`give back what ${parameters.mode} mode sent in type ${parameters.type}, however it is cut`, () => {
      holds(
        fc.property(files, cuts, (sent, places) => {
          const bytes = Buffer.concat(sent.map((file) => encode(parameters, file)));
          assert.deepEqual(saidOf(parameters, cutAt(bytes, places)), sent.flatMap(expectedOf));
        }),
      );
    });
  }

  it('give back what stream mode sent, however it is cut', () => {
    holds(
      fc.property(fc.array(data), cuts, (file, places) => {
        assert.deepEqual(saidOf(stream, cutAt(encode(stream, file), places)), expectedOf(file));
      }),
    );
  });

  for (const parameters of [...withMarkers, streamRecords]) {
    it(`never take a file that ${parameters.mode} mode sent in type ${parameters.type} for whole when it is cut`, () => {
      const file = fc.array(fc.oneof(data, record), { minLength: 1, maxLength: 5 });
      holds(
        fc.property(file, fc.nat(), (sent, place) => {
          const bytes = encode(parameters, sent);
          const cut = bytes.subarray(0, place % bytes.length);
          const said = saidOf(parameters, [cut]);
          // Only an escape that announces the end may stand for it: then all bytes of the file had come.
          const whole = said.at(-1) === 'end-of-file';
          if (whole) assert.deepEqual([parameters.mode, said], ['compressed', expectedOf(sent)]);
          else assert.ok(cut.length === 0 || String(said.at(-1)).startsWith('error: '));
        }),
      );
    });
  }

  it('compress to at most one byte in 127 more, and one', () => {
    holds(
      fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
        const bytes = Uint8Array.from(runs.flat());
        const sent = Buffer.concat(new CompressedEncoder(0).data(bytes));
        assert.ok(sent.length <= bytes.length + Math.floor(bytes.length / 127) + 1);
      }),
    );
  });
});

describe('the transmission modes, for any bytes', () => {
  const byte = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 2, 16, 32, 64, 80, 128, 192, 255));
  const hostile = fc.array(byte, { maxLength: 200 }).map((bytes) => Uint8Array.from(bytes));

  for (const parameters of [...withMarkers, streamRecords]) {
    const most = parameters.mode === 'compressed' ? 63 : 1;
    it(`say the same under any cut, and ${most} bytes for one at most: ${parameters.mode}, ${parameters.type}`, () => {
      holds(
        fc.property(hostile, cuts, (bytes, places) => {
          const whole = saidOf(parameters, [bytes]);
          assert.deepEqual(saidOf(parameters, cutAt(bytes, places)), whole);
          assert.deepEqual(saidOf(parameters, cutAt(bytes, [...bytes.keys()])), whole);
          const files = whole.filter((value) => typeof value === 'number').length;
          assert.ok(files <= most * bytes.length);
        }),
      );
    });
  }
});

function encode(parameters: TransferParameters, file: readonly Part[]): Uint8Array {
  const encoder = encoderFor(parameters);
  const sent = file.flatMap((part) => {
    if (part === 'end-of-record') return [encoder.endOfRecord()];
    return 'data' in part ? encoder.data(part.data) : [encoder.restartMarker(Buffer.from(part.marker))];
  });
  return Buffer.concat([...sent, encoder.endOfFile()]);
}

function expectedOf(file: readonly Part[]): Said[] {
  const parts = file.flatMap((part): Said[] => {
    if (part === 'end-of-record') return [part];
    return 'data' in part ? [...part.data] : [`marker ${part.marker}`];
  });
  return [...parts, 'end-of-file'];
}

function holds<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: 500 });
}
