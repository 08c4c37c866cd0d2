import assert from 'node:assert/strict';
import { StreamRecordEncoder } from '../../../src/ftp/mode/streamRecords';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { feedEveryWay } from '../../support/feed';
import { fed, said, saidOf, wire, type Said } from './wire';

const records = { mode: 'stream', structure: 'record', type: 'ascii' } as const;

describe('StreamRecordDecoder', () => {
  const cut = 'error: the data connection ended in the middle of a file';
  // Title, bytes, what they say. After each the connection is closed.
  const good: [string, Uint8Array, Said[]][] = [
    ['nothing at all', wire(), []],
    ['an empty file', wire(255, 2), said('end-of-file')],
    ['an empty record', wire(255, 3), said('end-of-record', 'end-of-file')],
    ['a record', wire('abc', 255, 1, 255, 2), said('=abc', 'end-of-record', 'end-of-file')],
    [
      'two records',
      wire('ab', 255, 1, 'c', 255, 3),
      said('=ab', 'end-of-record', '=c', 'end-of-record', 'end-of-file'),
    ],
    ['bytes behind the last record', wire(255, 1, 'a', 255, 2), said('end-of-record', '=a', 'end-of-file')],
    ['a byte 255', wire('a', 255, 255, 'b', 255, 2), said('=a', 255, '=b', 'end-of-file')],
    ['many of them', wire(255, 255, 255, 255, 255, 2), said(255, 255, 'end-of-file')],
    ['a byte 255, then 1', wire(255, 255, 1, 255, 2), said(255, 1, 'end-of-file')],
    ['line ends, which are bytes', wire('a\r\n', 255, 3), said('=a\r\n', 'end-of-record', 'end-of-file')],
    [
      'two files',
      wire('a', 255, 2, 'b', 255, 3),
      said('=a', 'end-of-file', '=b', 'end-of-record', 'end-of-file'),
    ],
  ];
  for (const [title, bytes, expected] of good) {
    it(`reads ${title}`, () => {
      feedEveryWay(() => fed(records), bytes, expected, wire(255));
      assert.deepEqual(saidOf(records, [bytes]), expected);
    });
  }

  const bad: [string, Uint8Array, Said[]][] = [
    ['no end of file', wire('abc', 255, 1), said('=abc', 'end-of-record', cut)],
    ['bytes and no end', wire('abc'), said('=abc', cut)],
    ['half a control code', wire('abc', 255), said('=abc', cut)],
    ['the code 0', wire('a', 255, 0), said('=a', 'error: an unknown control code in the records: 0')],
    ['the code 4', wire('a', 255, 4), said('=a', 'error: an unknown control code in the records: 4')],
    ['the code 254', wire(255, 254), said('error: an unknown control code in the records: 254')],
  ];
  for (const [title, bytes, expected] of bad) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(saidOf(records, [bytes]), expected);
      assert.deepEqual(
        saidOf(
          records,
          Array.from(bytes, (byte) => wire(byte)),
        ),
        expected,
      );
    });
  }

  it('is between files only before the first byte and after an end of file', () => {
    const decoder = fed(records);
    assert.equal(decoder.atBoundary, true);
    const places = [...wire('a', 255, 1, 255, 2, 255, 3)].map((byte) => {
      decoder.push(wire(byte));
      return decoder.atBoundary;
    });
    assert.deepEqual(places, [false, false, false, false, true, false, true]);
  });
});

describe('StreamRecordEncoder', () => {
  const encoder = new StreamRecordEncoder();

  it('doubles the byte 255, and copies nothing without one', () => {
    const plain = wire('abc');
    assert.equal(encoder.data(plain)[0], plain);
    assert.deepEqual(encoder.data(wire(255, 'a', 255)), [wire(255, 255, 'a', 255, 255)]);
    assert.deepEqual(encoder.data(wire()), []);
  });

  it('ends records and files, and has no markers', () => {
    assert.deepEqual(encoder.endOfRecord(), wire(255, 1));
    assert.deepEqual(encoder.endOfFile(), wire(255, 2));
    assert.throws(() => encoder.restartMarker(), LocalProtocolError);
  });
});
