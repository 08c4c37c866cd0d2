import assert from 'node:assert/strict';
import { StreamDecoder, StreamEncoder } from '../../../src/ftp/mode/stream';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { feedEveryWay } from '../../support/feed';
import { fed, said, saidOf, wire } from './wire';

const stream = { mode: 'stream', structure: 'file', type: 'image' } as const;

describe('StreamDecoder', () => {
  it('takes every byte for data, and the close for the end', () => {
    const bytes = wire(0xff, 1, 0xff, 2, 0, 64, 'a');
    feedEveryWay(() => fed(stream), bytes, [...bytes]);
    assert.deepEqual(saidOf(stream, [bytes]), [...bytes, 'end-of-file']);
    assert.deepEqual(saidOf(stream, []), said('end-of-file'));
  });

  it('copies nothing, and says nothing of nothing', () => {
    const bytes = wire('abc');
    const seen: unknown[] = [];
    const decoder = new StreamDecoder();
    decoder.push(bytes, (decoded) => seen.push(decoded.kind === 'data' && decoded.bytes));
    decoder.push(wire(), (decoded) => seen.push(decoded));
    assert.equal(seen.length, 1);
    assert.equal(seen[0], bytes);
  });

  it('is never between files', () => assert.equal(fed(stream).atBoundary, false));
});

describe('StreamEncoder', () => {
  const encoder = new StreamEncoder();

  it('sends bytes as they are, and nothing at the end', () => {
    const bytes = wire(0xff, 'abc');
    assert.equal(encoder.data(bytes)[0], bytes);
    assert.equal(encoder.data(bytes).length, 1);
    assert.deepEqual(encoder.data(wire()), []);
    assert.deepEqual(encoder.endOfFile(), wire());
  });

  it('has neither records nor markers', () => {
    assert.throws(() => encoder.endOfRecord(), LocalProtocolError);
    assert.throws(() => encoder.restartMarker(), LocalProtocolError);
  });
});
