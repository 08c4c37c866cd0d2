import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AsciiDecoder, AsciiEncoder } from '../../../src/ftp/mode/ascii';
import { cutAt } from '../../support/feed';
import { wire } from './wire';

// From the wire, to the local text.
const decoded: [string, string][] = [
  ['', ''],
  ['abc', 'abc'],
  ['a\r\nb\r\n', 'a\nb\n'],
  ['\r\n\r\n', '\n\n'],
  ['a\nb', 'a\nb'],
  ['a\rb', 'a\rb'],
  ['a\r', 'a\r'],
  ['a\r\r\nb', 'a\r\nb'],
  ['\r\r\r', '\r\r\r'],
  ['a\r\0b', 'a\r\0b'],
  ['\xe9\xff\r\n', '\xe9\xff\n'],
];

// From the local text, to the wire.
const encoded: [string, string][] = [
  ['', ''],
  ['abc', 'abc'],
  ['a\nb\n', 'a\r\nb\r\n'],
  ['\n\n', '\r\n\r\n'],
  ['a\r\nb', 'a\r\nb'],
  ['a\rb', 'a\rb'],
  ['a\r\r\n\n', 'a\r\r\n\r\n'],
  ['\r', '\r'],
];

describe('AsciiDecoder', () => {
  for (const [bytes, text] of decoded) {
    it(`makes ${JSON.stringify(text)} of ${JSON.stringify(bytes)}`, () => {
      for (const pieces of everyCut(wire(bytes))) assert.equal(decode(pieces), text);
    });
  }

  it('copies nothing without a CR', () => {
    const bytes = wire('a\nb');
    const decoder = new AsciiDecoder();
    assert.equal(decoder.push(bytes), bytes);
    assert.deepEqual(decoder.push(wire('\r')), wire());
    assert.deepEqual(decoder.push(wire()), wire());
    assert.deepEqual(decoder.push(wire('\n')), wire('\n'));
    assert.equal(decoder.push(bytes), bytes);
    assert.deepEqual(decoder.end(), wire());
  });

  it('hands out a held CR once', () => {
    const decoder = new AsciiDecoder();
    decoder.push(wire('\r'));
    assert.deepEqual([decoder.end(), decoder.end()], [wire('\r'), wire()]);
  });
});

describe('AsciiEncoder', () => {
  for (const [text, bytes] of encoded) {
    it(`makes ${JSON.stringify(bytes)} of ${JSON.stringify(text)}`, () => {
      for (const pieces of everyCut(wire(text))) assert.equal(latin1(encode(pieces)), bytes);
    });
  }

  it('copies nothing without an LF', () => {
    const bytes = wire('a\rb');
    assert.equal(new AsciiEncoder().push(bytes), bytes);
  });
});

describe('TYPE A', () => {
  const text = fc
    .array(fc.constantFrom('\r', '\n', '\0', 'a', '\xff'), { maxLength: 30 })
    .map((characters) => characters.join(''));
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 8 });

  it('gives back any text whose lines end with LF, however it is cut', () => {
    fc.assert(
      fc.property(text, cuts, cuts, (any, first, second) => {
        const local = any.replaceAll('\r\n', '\n');
        fc.pre(!local.includes('\r\n'));
        assert.equal(decode(cutAt(Buffer.concat(encode(cutAt(wire(local), first))), second)), local);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back any other text with CR LF as LF, and sends no bare LF', () => {
    fc.assert(
      fc.property(text, cuts, cuts, (local, first, second) => {
        const sent = encode(cutAt(wire(local), first));
        assert.equal(decode(cutAt(Buffer.concat(sent), second)), local.replaceAll('\r\n', '\n'));
        assert.equal(latin1(sent).replaceAll('\r\n', '').includes('\n'), false);
      }),
      { numRuns: 1000 },
    );
  });
});

function decode(pieces: Iterable<Uint8Array>): string {
  const decoder = new AsciiDecoder();
  return latin1([...mapped(pieces, (piece) => decoder.push(piece)), decoder.end()]);
}

function encode(pieces: Iterable<Uint8Array>): Uint8Array[] {
  const encoder = new AsciiEncoder();
  return mapped(pieces, (piece) => encoder.push(piece));
}

function mapped(pieces: Iterable<Uint8Array>, change: (piece: Uint8Array) => Uint8Array): Uint8Array[] {
  return Array.from(pieces, (piece) => change(piece));
}

function everyCut(bytes: Uint8Array): Uint8Array[][] {
  const halves = Array.from(bytes, (_, place) => cutAt(bytes, [place]));
  return [[bytes], Array.from(bytes, (byte) => wire(byte)), ...halves];
}

function latin1(pieces: Uint8Array[]): string {
  return Buffer.concat(pieces).toString('latin1');
}
