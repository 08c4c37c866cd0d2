import assert from 'node:assert/strict';
import { decoderFor, encoderFor, type TransferParameters } from '../../../src/ftp/mode/modeFor';
import { RemoteProtocolError } from '../../../src/ftp/protocol/errors';
import { wire } from './wire';

const image: Pick<TransferParameters, 'type'> = { type: 'image' };

describe('encoderFor', () => {
  const cases: [TransferParameters, Uint8Array][] = [
    [{ mode: 'stream', structure: 'file', ...image }, wire(0, 0, 255)],
    [{ mode: 'stream', structure: 'record', ...image }, wire(0, 0, 255, 255, 255, 2)],
    [{ mode: 'block', structure: 'file', ...image }, wire(0, 0, 3, 0, 0, 255, 64, 0, 0)],
    [{ mode: 'block', structure: 'record', ...image }, wire(0, 0, 3, 0, 0, 255, 64, 0, 0)],
    [{ mode: 'compressed', structure: 'file', ...image }, wire(0xc2, 1, 255, 0, 64, 0xc0)],
    [{ mode: 'compressed', structure: 'record', type: 'ascii' }, wire(3, 0, 0, 255, 0, 64, 0xc0)],
  ];
  for (const [parameters, expected] of cases) {
    const { mode, structure, type } = parameters;
    it(`writes ${mode} mode, ${structure} structure, type ${type}, and decoderFor reads it`, () => {
      const encoder = encoderFor(parameters);
      const sent = Buffer.concat([...encoder.data(wire(0, 0, 255)), encoder.endOfFile()]);
      assert.deepEqual(Uint8Array.from(sent), expected);
      const kinds: string[] = [];
      const decoder = decoderFor(parameters);
      decoder.push(sent, ({ kind }) => kinds.push(kind));
      decoder.close(({ kind }) => kinds.push(kind));
      assert.deepEqual([...new Set(kinds)], ['data', 'end-of-file']);
    });
  }
});

describe('decoderFor', () => {
  const lies: [TransferParameters['mode'], Uint8Array][] = [
    ['stream', wire(255, 9)],
    ['block', wire(1, 0, 0)],
    // The file is whole, but what ends it is no marker.
    ['block', wire(80, 0, 1, ' ')],
    ['compressed', wire(0, 1)],
  ];
  for (const [mode, bytes] of lies) {
    it(`trusts nothing on a connection where ${mode} mode was broken by ${bytes.join(' ')}`, () => {
      const decoder = decoderFor({ mode, structure: 'record', ...image });
      const errors = [
        () => decoder.push(bytes, refuse),
        () => decoder.push(wire(64, 0, 0), refuse),
        () => decoder.push(wire(), refuse),
        () => decoder.close(refuse),
      ].map(errorOf);
      assert.ok(errors[0] instanceof RemoteProtocolError);
      assert.ok(errors.every((error) => error === errors[0]));
      assert.equal(decoder.atBoundary, false);
    });
  }

  it('does not go on after a receiver that failed in mid-file', () => {
    const decoder = decoderFor({ mode: 'block', structure: 'file', ...image });
    const broken = new Error('the disk is full');
    const fail = (): never => {
      throw broken;
    };
    assert.equal(
      errorOf(() => decoder.push(wire(64, 0, 1, 'a'), fail)),
      broken,
    );
    assert.equal(
      errorOf(() => decoder.push(wire(64, 0, 0), refuse)),
      broken,
    );
    assert.equal(decoder.atBoundary, false);
  });
});

function refuse(): never {
  assert.fail('it went on');
}

function errorOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
