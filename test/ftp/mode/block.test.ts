import assert from 'node:assert/strict';
import { BlockEncoder, blockBytes } from '../../../src/ftp/mode/block';
import { longestMarker } from '../../../src/ftp/mode/restartMarker';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { feedEveryWay } from '../../support/feed';
import { fed, said, saidOf, wire, type Said } from './wire';

const block = { mode: 'block', structure: 'record', type: 'image' } as const;

describe('BlockDecoder', () => {
  const cut = 'error: the data connection ended in the middle of a file';
  // Title, bytes, what they say. After each the connection is closed.
  const good: [string, Uint8Array, Said[]][] = [
    ['nothing at all', wire(), []],
    ['a file of one block', wire(64, 0, 5, 'hello'), said('=hello', 'end-of-file')],
    ['an empty file', wire(64, 0, 0), said('end-of-file')],
    ['the end in a block of its own', wire(0, 0, 2, 'ab', 64, 0, 0), said('=ab', 'end-of-file')],
    ['two blocks', wire(0, 0, 2, 'ab', 64, 0, 1, 'c'), said('=abc', 'end-of-file')],
    [
      'two records',
      wire(128, 0, 2, 'ab', 192, 0, 1, 'c'),
      said('=ab', 'end-of-record', '=c', 'end-of-record', 'end-of-file'),
    ],
    [
      'a record of two blocks, and an empty one',
      wire(0, 0, 1, 'a', 128, 0, 1, 'b', 128, 0, 0, 64, 0, 0),
      said('=ab', 'end-of-record', 'end-of-record', 'end-of-file'),
    ],
    [
      'empty blocks anywhere',
      wire(0, 0, 0, 0, 0, 1, 'a', 0, 0, 0, 0, 0, 0, 64, 0, 0),
      said('=a', 'end-of-file'),
    ],
    [
      "the RFC's marker of six characters",
      wire(16, 0, 6, 'abc123', 64, 0, 0),
      said('marker abc123', 'end-of-file'),
    ],
    [
      'a marker between data, whose bytes are none of it',
      wire(0, 0, 2, 'ab', 16, 0, 2, '42', 64, 0, 2, 'cd'),
      said('=ab', 'marker 42', '=cd', 'end-of-file'),
    ],
    [
      'a marker at the end of record and file',
      wire(0, 0, 1, 'a', 208, 0, 1, '9'),
      said('=a', 'marker 9', 'end-of-record', 'end-of-file'),
    ],
    [
      'a marker in letters of another language',
      wire(80, 0, 2, 0xc3, 0xa9),
      said('marker \xc3\xa9', 'end-of-file'),
    ],
    ['suspected errors', wire(32, 0, 1, 'a', 64, 0, 1, 'b'), said('suspect', '=a', '=b', 'end-of-file')],
    ['suspected errors in an empty block', wire(96, 0, 0), said('suspect', 'end-of-file')],
    ['all at once', wire(240, 0, 1, 'm'), said('suspect', 'marker m', 'end-of-record', 'end-of-file')],
    [
      'bytes that look like headers',
      wire(64, 0, 6, 64, 0, 0, 16, 0, 1),
      said(64, 0, 0, 16, 0, 1, 'end-of-file'),
    ],
    [
      'three files on one connection',
      wire(64, 0, 1, 'a', 64, 0, 0, 0, 0, 1, 'b', 64, 0, 0),
      said('=a', 'end-of-file', 'end-of-file', '=b', 'end-of-file'),
    ],
  ];
  for (const [title, bytes, expected] of good) {
    it(`reads ${title}`, () => {
      feedEveryWay(() => fed(block), bytes, expected, wire(0, 0));
      assert.deepEqual(saidOf(block, [bytes]), expected);
    });
  }

  const bad: [string, Uint8Array, Said[]][] = [
    ['a count that runs past the end', wire(64, 0, 5, 'hell'), said('=hell', cut)],
    ['a count of 65535 for five bytes', wire(64, 255, 255, 'hello'), said('=hello', cut)],
    ['no end of file', wire(0, 0, 1, 'a'), said('=a', cut)],
    ['no end of file after an end of record', wire(128, 0, 1, 'a'), said('=a', 'end-of-record', cut)],
    ['half a header', wire(0, 0, 0, 64, 0), said(cut)],
    ['the first byte of a header', wire(64), said(cut)],
    ['half a marker', wire(16, 0, 3, 'ab'), said(cut)],
    [
      'a count that is too small',
      wire(0, 0, 1, 'ab', 0, 0),
      said('=a', 'error: a descriptor with unknown codes: 98'),
    ],
    [
      'an unknown code',
      wire(0, 0, 1, 'a', 65, 0, 1, 'b'),
      said('=a', 'error: a descriptor with unknown codes: 65'),
    ],
    ['each unknown code', wire(15, 0, 0), said('error: a descriptor with unknown codes: 15')],
    ['an empty marker', wire(16, 0, 0), said('error: a restart marker of 0 bytes')],
    ['an endless marker', wire(16, 1, 1), said('error: a restart marker of 257 bytes')],
    ['a blank in a marker', wire(16, 0, 3, 'a b'), said('error: a restart marker that is not printable')],
    [
      'a line end in a marker',
      wire(16, 0, 3, 'a\r\n'),
      said('error: a restart marker that is not printable'),
    ],
    ['a DEL in a marker', wire(16, 0, 1, 127), said('error: a restart marker that is not printable')],
  ];
  for (const [title, bytes, expected] of bad) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(saidOf(block, [bytes]), expected);
      assert.deepEqual(
        saidOf(
          block,
          Array.from(bytes, (byte) => wire(byte)),
        ),
        expected,
      );
    });
  }

  it('refuses each single code that is not assigned', () => {
    for (const code of [1, 2, 4, 8]) {
      assert.deepEqual(saidOf(block, [wire(code, 0, 0)]), [
        `error: a descriptor with unknown codes: ${code}`,
      ]);
    }
  });

  it('reads a block of 65535 bytes and a marker of the longest kind', () => {
    const data = new Uint8Array(65535).fill(7);
    const marker = 'm'.repeat(longestMarker);
    const expected = [...data, `marker ${marker}`, 'end-of-file'];
    assert.deepEqual(saidOf(block, [wire(0, 255, 255), data, wire(80, 1, 0, marker)]), expected);
  });

  it('is between files only before the first byte and after an end of file', () => {
    const decoder = fed(block);
    const places = [...wire(0, 0, 1, 'a', 64, 0, 0, 64, 0, 1, 'b')].map((byte) => {
      decoder.push(wire(byte));
      return decoder.atBoundary;
    });
    assert.equal(fed(block).atBoundary, true);
    const [no, yes] = [false, true];
    assert.deepEqual(places, [no, no, no, no, no, no, yes, no, no, no, yes]);
  });
});

describe('BlockEncoder', () => {
  const encoder = new BlockEncoder();

  it('writes header and bytes', () => {
    assert.deepEqual(encoder.data(wire('hello')), [wire(0, 0, 5), wire('hello')]);
    assert.deepEqual(encoder.data(wire()), []);
    assert.deepEqual(encoder.endOfRecord(), wire(128, 0, 0));
    assert.deepEqual(encoder.restartMarker(wire('abc123')), wire(16, 0, 6, 'abc123'));
    assert.deepEqual(encoder.endOfFile(), wire(64, 0, 0));
  });

  it('cuts what is longer than a block, and copies nothing', () => {
    const bytes = new Uint8Array(2 * blockBytes + 1);
    const sent = encoder.data(bytes);
    const headers = [wire(0, 64, 0), wire(0, 64, 0), wire(0, 0, 1)];
    assert.deepEqual([sent[0], sent[2], sent[4]], headers);
    assert.deepEqual(
      [sent[1], sent[3], sent[5]].map((part) => part?.length),
      [blockBytes, blockBytes, 1],
    );
    assert.ok(sent.every((part, index) => index % 2 === 0 || part.buffer === bytes.buffer));
    assert.equal(sent.length, 6);
  });

  it('has no count that a signed reader takes for negative', () => assert.ok(blockBytes < 32768));

  for (const marker of ['', 'a b', 'a\r\n', 'm'.repeat(longestMarker + 1)]) {
    it(`sends no marker ${JSON.stringify(marker.slice(0, 9))} of ${marker.length} bytes`, () => {
      assert.throws(() => encoder.restartMarker(wire(marker)), LocalProtocolError);
    });
  }

  it('sends the longest marker', () => {
    const marker = 'm'.repeat(longestMarker);
    assert.deepEqual(encoder.restartMarker(wire(marker)), wire(16, 1, 0, marker));
  });
});
