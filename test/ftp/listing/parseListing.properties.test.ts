import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListingParser, parseListing, type ListingCommand } from '../../../src/ftp/listing/parseListing';
import { entrylessListings, expectedListings } from './expectedListings';
import { bytesOf, fixtureLines } from './fixtures';
import { context } from './summary';

const realLines = [...expectedListings, ...entrylessListings].flatMap(({ file }) => fixtureLines(file));
const words = [...new Set(realLines.flatMap((line) => line.split(' ')))];

const command = fc.constantFrom<ListingCommand>('mlsd', 'list');
const realLine = fc.constantFrom(...realLines).map(bytesOf);
const shuffledLine = fc
  .array(fc.constantFrom(...words), { maxLength: 14 })
  .map((some) => bytesOf(some.join(' ')));
const damagedLine = fc
  .tuple(realLine, fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([line, at, byte]) => line.with(at % line.length, byte));
const anyBytes = fc.uint8Array({ maxLength: 80 });
const line = fc.oneof(realLine, shuffledLine, damagedLine, anyBytes);
const listing = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
  .map((some) => Buffer.concat(some.flatMap(([bytes, end]) => [bytes, bytesOf(end)])));

describe('parseListing, for any bytes', () => {
  it('gives one entry a line at most, and accounts for no line twice', () => {
    holds(
      fc.property(listing, command, (bytes, how) => {
        const { entries, unparsed, format } = parseListing(bytes, how, context);
        assert.ok(entries.length + unparsed <= linesOf(bytes).length);
        if (entries.length > 0) assert.notEqual(format, undefined);
      }),
    );
  });

  it('never gives a name that leads elsewhere', () => {
    holds(
      fc.property(listing, command, (bytes, how) => {
        for (const { name } of parseListing(bytes, how, context).entries) {
          assert.ok(!['', '.', '..'].includes(name));
          assert.ok(!['/', '\\', '\0'].some((character) => name.includes(character)));
        }
      }),
    );
  });

  it('takes names from the lines, in their order', () => {
    holds(
      fc.property(listing, command, (bytes, how) => {
        const lines = linesOf(bytes);
        let next = 0;
        // What is no UTF-8 is decoded to something that no line holds.
        const latin1 = { ...context, decode: (text: Uint8Array) => Buffer.from(text).toString('latin1') };
        for (const { name } of parseListing(bytes, how, latin1).entries) {
          const found = lines.findIndex(
            (text, index) => index >= next && text.includes(Buffer.from(name, 'latin1')),
          );
          assert.ok(found >= 0);
          next = found + 1;
        }
      }),
    );
  });

  it('gives only numbers that are exact', () => {
    holds(
      fc.property(listing, command, (bytes, how) => {
        for (const { size = 0, mode = 0, modified } of parseListing(bytes, how, context).entries) {
          assert.ok(Number.isSafeInteger(size) && size >= 0);
          assert.ok(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777);
          if (modified) assert.ok(Number.isSafeInteger(modified.time));
        }
      }),
    );
  });

  it('does not change earlier entries of MLSD when a line is added', () => {
    holds(
      fc.property(listing, line, (bytes, added) => {
        const before = parseListing(bytes, 'mlsd', context).entries;
        const after = parseListing(Buffer.concat([bytes, added]), 'mlsd', context).entries;
        assert.deepEqual(after.slice(0, before.length), before);
      }),
    );
  });

  it('reads the same however the bytes are cut', () => {
    holds(
      fc.property(listing, command, fc.array(fc.nat({ max: 40 })), (bytes, how, cuts) => {
        const parser = new ListingParser(how, context);
        let start = 0;
        for (const cut of cuts) {
          parser.push(bytes.subarray(start, start + cut));
          start += cut;
        }
        parser.push(bytes.subarray(start));
        assert.deepEqual(parser.finish(), parseListing(bytes, how, context));
      }),
    );
  });

  it('reads plain lines, many at once, as their formats read them one by one', () => {
    holds(
      fc.property(listing, command, (bytes, how) => {
        const parser = new ListingParser(how, context);
        for (const byte of bytes) parser.push(Uint8Array.of(byte));
        assert.deepEqual(parser.finish(), parseListing(bytes, how, context));
      }),
    );
  });
});

function holds<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: 500 });
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0, end = 0; end < bytes.length; start = end + 1) {
    end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    lines.push(bytes.subarray(start, end));
  }
  return lines;
}
