import assert from 'node:assert/strict';
import { concatBytes } from '../../src/base/bytes';
import { readerFor, writerFor, type Form } from '../support/server/modes/codecs';
import { Incoming, Outgoing } from '../support/server/modes/fileText';
import { markerAt, offsetOfMarker } from '../support/server/modes/mode';
import type { Piece } from '../support/server/modes/piece';
import { fromHex, toHex } from './dialogue';

const text = (value: string, marks: Omit<Piece, 'bytes'> = {}): Piece => ({
  bytes: Buffer.from(value, 'latin1'),
  ...marks,
});
const endOfFile = { endOfFile: true };
const record = { endOfRecord: true };

/** RFC 959 §3.4, worked out by hand. */
const vectors: { title: string; form: Form; pieces: Piece[]; wire: string; blockSize?: number }[] = [
  {
    title: 'block: data, and the end on the last of them',
    form: { mode: 'B', structure: 'F', type: 'I' },
    pieces: [text('abc'), text('d', endOfFile)],
    wire: `00 00 03 'abc' 40 00 01 'd'`,
  },
  {
    title: 'block: an empty file',
    form: { mode: 'B', structure: 'F', type: 'I' },
    pieces: [text('', endOfFile)],
    wire: '40 00 00',
  },
  {
    title: 'block: records, an empty one, and the end of record and file together',
    form: { mode: 'B', structure: 'R', type: 'A' },
    pieces: [text('one', record), text('', record), text('two', { ...record, ...endOfFile })],
    wire: `80 00 03 'one' 80 00 00 c0 00 03 'two'`,
  },
  {
    title: 'block: a restart marker',
    form: { mode: 'B', structure: 'F', type: 'I' },
    pieces: [text('ab'), text('@2', { marker: true }), text('', endOfFile)],
    wire: `00 00 02 'ab' 10 00 02 '@2' 40 00 00`,
  },
  {
    title: 'block: only the last block of a record is marked',
    form: { mode: 'B', structure: 'R', type: 'A' },
    blockSize: 2,
    pieces: [text('abcde', record)],
    wire: `00 00 02 'ab' 00 00 02 'cd' 80 00 01 'e'`,
  },
  {
    title: 'compressed: plain, replicated and filler bytes',
    form: { mode: 'C', structure: 'F', type: 'I' },
    pieces: [text('abbc\0\0\0dddd'), text('e', endOfFile)],
    wire: `04 'abbc' c3 84 'd' 00 40 01 'e'`,
  },
  {
    title: 'compressed: the filler of TYPE A is a blank',
    form: { mode: 'C', structure: 'F', type: 'A' },
    pieces: [text('  \0\0\0', endOfFile)],
    wire: `c2 00 40 83 00`,
  },
  {
    title: 'compressed: marks stand before the string that they mean, or before no fillers',
    form: { mode: 'C', structure: 'R', type: 'A' },
    pieces: [text('one', record), text('', record), text('', endOfFile)],
    wire: `00 80 03 'one' 00 80 c0 00 40 c0`,
  },
  {
    title: 'compressed: the longest strings',
    form: { mode: 'C', structure: 'F', type: 'I' },
    pieces: [text('x'.repeat(64)), text('\0'.repeat(64)), text('ab'.repeat(64), endOfFile)],
    wire: `bf 'x' 01 'x' ff 01 00 7f '${'ab'.repeat(63)}a' 00 40 01 'b'`,
  },
  {
    title: 'stream with records: FF is doubled',
    form: { mode: 'S', structure: 'R', type: 'I' },
    pieces: [text('a\xffb', record), text('', record), text('c', { ...record, ...endOfFile })],
    wire: `'a' ff ff 'b' ff 01 ff 01 'c' ff 03`,
  },
  {
    title: 'stream with records: a last record that does not end',
    form: { mode: 'S', structure: 'R', type: 'I' },
    pieces: [text('a', record), text('b', endOfFile)],
    wire: `'a' ff 01 'b' ff 02`,
  },
];

describe('modes of the reference server', () => {
  for (const { title, form, pieces, wire, blockSize = 100 } of vectors) {
    it(title, () => {
      const writer = writerFor(form, { blockSize });
      const written = concatBytes(pieces.map((piece) => writer.write(piece)));
      assert.equal(toHex(written), toHex(fromHex(wire)));
      const sent = gather(pieces);
      assert.deepEqual(gather(read(form, [written])), sent);
      assert.deepEqual(
        gather(
          read(
            form,
            Array.from(written, (byte) => Uint8Array.of(byte)),
          ),
        ),
        sent,
      );
    });
  }

  it('what comes behind the end is kept for the next file', () => {
    for (const mode of ['B', 'C'] as const) {
      const form = { mode, structure: 'F', type: 'I' } as const;
      const file = writerFor(form, { blockSize: 100 }).write(text('ab', endOfFile));
      const reader = readerFor(form);
      assert.equal(gather(reader.push(concatBytes([file, file]))), 'ab$');
      assert.equal(reader.state, 'ended');
      assert.deepEqual(reader.rest, file);
    }
  });

  it('knows what is no such mode', () => {
    for (const [mode, wire] of [
      ['B', '0f 00 01 61'],
      ['B', '01'],
      ['C', '00 08'],
      ['S', 'ff 04'],
    ] as const) {
      const reader = readerFor({ mode, structure: 'R', type: 'I' });
      assert.deepEqual(reader.push(fromHex(wire)), []);
      assert.equal(reader.state, 'broken');
    }
  });

  it('the lines of a file are its records, and come back as they were', () => {
    for (const stored of ['one\ntwo\n', 'one\n\ntwo', '', '\n', 'no end']) {
      const sent = new Outgoing('records');
      const pieces = [...stored].flatMap((letter) => sent.pieces(Buffer.from(letter)));
      const back = new Incoming('records');
      const whole = concatBytes(pieces.map((piece) => back.stored(piece)));
      assert.equal(Buffer.from(whole).toString(), stored);
    }
  });

  it('knows its own restart markers', () => {
    for (const offset of [0, 1, 36, 5_000_000_000]) assert.equal(offsetOfMarker(markerAt(offset)), offset);
    for (const marker of ['', '@', '100', '@1 2', '@A']) assert.equal(offsetOfMarker(marker), undefined);
  });
});

function read(form: Form, chunks: readonly Uint8Array[]): Piece[] {
  const reader = readerFor(form);
  const pieces = chunks.flatMap((chunk) => reader.push(chunk));
  assert.notEqual(reader.state, 'broken');
  return pieces;
}

/** `|` ends a record, `$` the file, a marker stands in brackets. */
function gather(pieces: readonly Piece[]): string {
  return pieces
    .map(({ bytes, marker, endOfRecord, endOfFile: end }) => {
      const whole = Buffer.from(bytes).toString('latin1');
      return `${marker ? `[${whole}]` : whole}${endOfRecord ? '|' : ''}${end ? '$' : ''}`;
    })
    .join('');
}
