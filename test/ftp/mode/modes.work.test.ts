import assert from 'node:assert/strict';
import { AsciiDecoder, AsciiEncoder } from '../../../src/ftp/mode/ascii';
import { decoderFor, encoderFor, type TransferParameters } from '../../../src/ftp/mode/modeFor';
import { countReads } from '../../support/countedBytes';
import { wire } from './wire';

type Family = (length: number) => Uint8Array;
type Reader = (bytes: Uint8Array) => void;

const repeated =
  (...parts: (number | string)[]): Family =>
  (length) => {
    const once = wire(...parts);
    return Uint8Array.from({ length }, (_, index) => once[index % once.length] ?? 0);
  };

/** What could make a careless codec read again and again, or never end. */
const families: [string, TransferParameters['mode'], Family][] = [
  ['blocks without bytes', 'block', repeated(0, 0, 0)],
  ['empty suspect blocks', 'block', repeated(32, 0, 0)],
  ['empty files', 'block', repeated(64, 0, 0)],
  ['blocks of one byte', 'block', repeated(0, 0, 1, 'a')],
  ['markers', 'block', repeated(16, 0, 5, 'abcde')],
  ['one block', 'block', (length) => wire(0, length >> 8, length & 255, 'a'.repeat(length - 3))],
  ['fillers without end', 'compressed', repeated(0xff)],
  ['no fillers, without end', 'compressed', repeated(0xc0)],
  ['escapes that say nothing', 'compressed', repeated(0, 0, 0xc0)],
  ['replicated bytes', 'compressed', repeated(0xbf, 'a')],
  ['strings of one byte', 'compressed', repeated(1, 'a')],
  ['long strings', 'compressed', repeated(127, 'a'.repeat(127))],
  ['short markers', 'compressed', repeated(0, 16, 1, 'a')],
  ['escaped bytes', 'stream', repeated(255, 255)],
  ['empty records', 'stream', repeated(255, 1)],
  ['plain bytes', 'stream', repeated('a')],
];

const files: [string, Family][] = [
  ['one long run', repeated('a')],
  ['fillers', repeated(0)],
  ['runs of two', repeated('aabb')],
  ['runs of three', repeated('aaabbb')],
  ['no runs', repeated('abcdefg')],
  ['bytes 255', repeated(255)],
];

const lines: [string, Family][] = [
  ['CR', repeated('\r')],
  ['LF', repeated('\n')],
  ['CR LF', repeated('\r\n')],
  ['letters', repeated('a')],
];

describe('the work of the transmission modes', () => {
  for (const [title, mode, family] of families) {
    const parameters: TransferParameters = { mode, structure: 'record', type: 'image' };
    isLinear(`reading ${title} in ${mode} mode`, family, () => {
      const decoder = decoderFor(parameters);
      return (bytes) => decoder.push(bytes, () => undefined);
    });
  }

  for (const mode of ['stream', 'block', 'compressed'] as const) {
    for (const [title, family] of files) {
      isLinear(`writing ${title} in ${mode} mode`, family, () => {
        const encoder = encoderFor({ mode, structure: 'record', type: 'image' });
        return (bytes) => Buffer.concat(encoder.data(bytes).map((part) => Uint8Array.from(part)));
      });
    }
  }

  for (const [title, family] of lines) {
    isLinear(`reading lines of ${title} in TYPE A`, family, () => {
      const decoder = new AsciiDecoder();
      return (bytes) => decoder.push(bytes);
    });
    isLinear(`writing lines of ${title} in TYPE A`, family, () => {
      const encoder = new AsciiEncoder();
      return (bytes) => encoder.push(bytes);
    });
  }
});

/** Reads of each byte, at most; four were counted for the worst family. */
const mostReads = 4;

function isLinear(title: string, family: Family, reader: () => Reader): void {
  it(`is linear in ${title}`, () => {
    for (const pieceBytes of [Infinity, 1]) {
      const [once = 0, twice = 0] = [8192, 16384].map((length) =>
        readsOf(family(length), pieceBytes, reader()),
      );
      assert.ok(twice <= 2.1 * once, `${once} reads grew to ${twice}`);
      assert.ok(once <= mostReads * 8192, `${once} reads`);
    }
  });
}

function readsOf(bytes: Uint8Array, pieceBytes: number, read: Reader): number {
  return countReads(bytes, (counted) => {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      read(counted.subarray(start, start + pieceBytes));
    }
  });
}
