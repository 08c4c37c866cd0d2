import assert from 'node:assert/strict';
import { CompressedEncoder } from '../../../src/ftp/mode/compressed';
import { storeBytes } from '../../../src/ftp/mode/dataGatherer';
import { decoderFor } from '../../../src/ftp/mode/modeFor';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { feedEveryWay } from '../../support/feed';
import { fed, said, saidOf, wire, type Said } from './wire';

const image = { mode: 'compressed', structure: 'record', type: 'image' } as const;
const ascii = { ...image, type: 'ascii' } as const;

const eof = [0, 64, 0xc0];

describe('CompressedDecoder', () => {
  const cut = 'error: the data connection ended in the middle of a file';
  const aimless = 'error: an escape that is about no string';
  // Title, bytes, what they say. After each the connection is closed.
  const good: [string, Uint8Array, Said[]][] = [
    ['nothing at all', wire(), []],
    ['a byte string', wire(5, 'hello', ...eof), said('=hello', 'end-of-file')],
    ['two byte strings', wire(2, 'ab', 1, 'c', ...eof), said('=abc', 'end-of-file')],
    ['a replicated byte', wire(0x83, 'x', ...eof), said('=xxx', 'end-of-file')],
    ['a replicated zero', wire(0x82, 0, ...eof), said(0, 0, 'end-of-file')],
    ['63 times a byte', wire(0xbf, 'y', ...eof), said(`=${'y'.repeat(63)}`, 'end-of-file')],
    ['no times a byte', wire(0x80, 'y', 1, 'a', ...eof), said('=a', 'end-of-file')],
    ['fillers', wire(0xc3, 1, 'a', 0xc1, ...eof), said(0, 0, 0, '=a', 0, 'end-of-file')],
    ['no fillers', wire(0xc0, 1, 'a', ...eof), said('=a', 'end-of-file')],
    ['the end before the last string', wire(1, 'a', 0, 64, 2, 'bc'), said('=abc', 'end-of-file')],
    ['the end before a replicated byte', wire(0, 64, 0x82, 'b'), said('=bb', 'end-of-file')],
    ['the end before fillers', wire(0, 64, 0xc2), said(0, 0, 'end-of-file')],
    ['the end before no replicated byte', wire(0, 64, 0x80, 'b'), said('end-of-file')],
    [
      'records',
      wire(0, 128, 2, 'ab', 1, 'c', 0, 128, 0xc0, 0, 192, 0x82, 'd'),
      said('=ab', 'end-of-record', '=c', 'end-of-record', '=dd', 'end-of-record', 'end-of-file'),
    ],
    [
      'a marker between data',
      wire(1, 'a', 0, 16, 6, 'abc123', 1, 'b', ...eof),
      said('=a', 'marker abc123', '=b', 'end-of-file'),
    ],
    ['a marker of one replicated byte', wire(0, 16, 0x83, '7', ...eof), said('marker 777', 'end-of-file')],
    ['a marker at the end', wire(0, 208, 1, 'm'), said('marker m', 'end-of-record', 'end-of-file')],
    ['suspected errors', wire(0, 32, 1, 'a', 1, 'b', ...eof), said('suspect', '=a', '=b', 'end-of-file')],
    ['an escape that says nothing', wire(0, 0, 1, 'a', ...eof), said('=a', 'end-of-file')],
    [
      'bytes that look like strings and escapes',
      wire(6, 0, 64, 0xc0, 0x83, 0, 16, ...eof),
      said(0, 64, 0xc0, 0x83, 0, 16, 'end-of-file'),
    ],
    [
      'three files on one connection',
      wire(1, 'a', ...eof, ...eof, 0, 64, 1, 'b'),
      said('=a', 'end-of-file', 'end-of-file', '=b', 'end-of-file'),
    ],
  ];
  for (const [title, bytes, expected] of good) {
    it(`reads ${title}`, () => {
      feedEveryWay(() => fed(image), bytes, expected, wire(0, 64));
      assert.deepEqual(saidOf(image, [bytes]), expected);
    });
  }

  it('takes blanks for fillers in TYPE A', () => {
    feedEveryWay(() => fed(ascii), wire(0xc3, 0x82, 0, ...eof), said('=   ', 0, 0, 'end-of-file'));
  });

  it('takes a last escape alone for the end of the file, once the connection is closed', () => {
    const decoder = fed(image);
    decoder.push(wire(1, 'a', 0, 64));
    assert.equal(decoder.atBoundary, false);
    decoder.close();
    assert.equal(decoder.atBoundary, true);
    for (const [bytes, expected] of [
      [wire(1, 'a', 0, 64), said('=a', 'end-of-file')],
      [wire(0, 192), said('end-of-record', 'end-of-file')],
      [
        wire(0, 128, 1, 'a', ...eof, 1, 'b', 0, 64),
        said('=a', 'end-of-record', 'end-of-file', '=b', 'end-of-file'),
      ],
    ] as const) {
      assert.deepEqual(saidOf(image, [bytes]), expected);
    }
  });

  const bad: [string, Uint8Array, Said[]][] = [
    ['a count that runs past the end', wire(0, 64, 5, 'hell'), said('=hell', cut)],
    ['a replication without its byte', wire(0, 64, 0x85), said(cut)],
    ['no end of file', wire(1, 'a'), said('=a', cut)],
    ['half an escape', wire(1, 'a', 0), said('=a', cut)],
    ['an end of record without its string', wire(1, 'a', 0, 128), said('=a', cut)],
    ['a last escape alone after records', wire(0, 128, 1, 'a', 0, 192), said('=a', 'end-of-record', cut)],
    ['a last marker that is none', wire(0, 80), said('error: a restart marker of 0 bytes')],
    ['half a marker', wire(0, 16, 3, 'ab'), said(cut)],
    ['an escape before an escape', wire(1, 'a', 0, 128, 0, 64), said('=a', aimless)],
    ['a row of zeros', wire(0, 0, 0, 0), said(aimless)],
    ['an unknown code', wire(1, 'a', 0, 65), said('=a', 'error: a descriptor with unknown codes: 65')],
    ['an empty marker', wire(0, 16, 0xc0), said('error: a restart marker of 0 bytes')],
    ['a marker of fillers', wire(0, 16, 0xc2), said('error: a restart marker that is not printable')],
    [
      'a marker with a line end',
      wire(0, 16, 2, '\r\n'),
      said('error: a restart marker that is not printable'),
    ],
  ];
  for (const [title, bytes, expected] of bad) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(saidOf(image, [bytes]), expected);
      assert.deepEqual(
        saidOf(
          image,
          Array.from(bytes, (byte) => wire(byte)),
        ),
        expected,
      );
    });
  }

  it('makes 63 bytes of one at most, and holds no more than its store', () => {
    const decoder = decoderFor(image);
    const pieces: number[] = [];
    decoder.push(new Uint8Array(10_000).fill(0xff), (decoded) => {
      assert.ok(decoded.kind === 'data');
      assert.ok(decoded.bytes.every((byte) => byte === 0));
      pieces.push(decoded.bytes.length);
    });
    assert.equal(
      pieces.reduce((sum, length) => sum + length, 0),
      630_000,
    );
    assert.ok(pieces.every((length) => length <= storeBytes && length > 0));
    assert.ok(pieces.length <= 21, `${pieces.length} pieces`);
  });

  it('joins small strings to few pieces', () => {
    const pieces: Uint8Array[] = [];
    decoderFor(image).push(wire(1, 'a', 0x82, 'b', 0xc1, 2, 'cd'), (decoded) => {
      assert.ok(decoded.kind === 'data');
      pieces.push(decoded.bytes.slice());
    });
    assert.deepEqual(pieces, [wire('abb', 0, 'cd')]);
  });
});

describe('CompressedEncoder', () => {
  const encoder = new CompressedEncoder(0);
  const cases: [string, Uint8Array, Uint8Array][] = [
    ['a string', wire('hello'), wire(5, 'hello')],
    ['a run of two, which is none', wire('aabb'), wire(4, 'aabb')],
    ['a run of three', wire('aaa'), wire(0x83, 'a')],
    ['a run between strings', wire('abbbbc'), wire(1, 'a', 0x84, 'b', 1, 'c')],
    ['two runs', wire('aaabbb'), wire(0x83, 'a', 0x83, 'b')],
    ['one filler, which is none', wire('a', 0, 'b'), wire(3, 'a', 0, 'b')],
    ['two fillers', wire('a', 0, 0, 'b'), wire(1, 'a', 0xc2, 1, 'b')],
    ['63 times a byte', wire('a'.repeat(63)), wire(0xbf, 'a')],
    ['64 times a byte', wire('a'.repeat(64)), wire(0xbf, 'a', 1, 'a')],
    ['126 times a byte', wire('a'.repeat(126)), wire(0xbf, 'a', 0xbf, 'a')],
    ['64 fillers', new Uint8Array(64), wire(0xff, 1, 0)],
    ['127 bytes', wire('ab'.repeat(63), 'a'), wire(127, 'ab'.repeat(63), 'a')],
    ['128 bytes', wire('ab'.repeat(64)), wire(127, 'ab'.repeat(63), 'a', 1, 'b')],
  ];
  for (const [title, bytes, expected] of cases) {
    it(`writes ${title}`, () => assert.deepEqual(encoder.data(bytes), [expected]));
  }

  it('writes blanks as fillers in TYPE A', () => {
    assert.deepEqual(new CompressedEncoder(32).data(wire('a    ', 0, 0)), [wire(1, 'a', 0xc4, 2, 0, 0)]);
  });

  it('writes nothing for nothing', () => assert.deepEqual(encoder.data(wire()), []));

  it('writes what is no data, each with a string of its own', () => {
    assert.deepEqual(encoder.endOfRecord(), wire(0, 128, 0xc0));
    assert.deepEqual(encoder.endOfFile(), wire(0, 64, 0xc0));
    assert.deepEqual(encoder.restartMarker(wire('abc123')), wire(0, 16, 6, 'abc123'));
    const longest = 'm'.repeat(127);
    assert.deepEqual(encoder.restartMarker(wire(longest)), wire(0, 16, 127, longest));
  });

  for (const marker of ['', 'a b', 'm'.repeat(128)]) {
    it(`sends no marker ${JSON.stringify(marker.slice(0, 9))} of ${marker.length} bytes`, () => {
      assert.throws(() => encoder.restartMarker(wire(marker)), LocalProtocolError);
    });
  }
});
