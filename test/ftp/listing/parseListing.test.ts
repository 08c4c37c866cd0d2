import assert from 'node:assert/strict';
import {
  ListingParser,
  longestLine,
  parseListing,
  type Listing,
} from '../../../src/ftp/listing/parseListing';
import { entrylessListings, expectedListings } from './expectedListings';
import { bytesOf, fixtureLines } from './fixtures';
import { context, summary } from './summary';

const name = '-rw-r--r-- 1 root other 531 Jan 29 03:26 name';
const dosName = '07-18-00  10:16AM                 9730 name';

describe('parseListing', () => {
  for (const { file, how, format, entries } of expectedListings) {
    const lines = fixtureLines(file);
    const check = (listing: Listing) => {
      assert.deepEqual(listing.entries.map(summary), entries);
      assert.equal(listing.format, format);
      assert.equal(listing.unparsed, 0);
    };
    it(`reads ${file} with CR LF`, () => check(parse(lines.join('\r\n') + '\r\n')));
    it(`reads ${file} with LF`, () => check(parse(lines.join('\n') + '\n')));
    it(`reads ${file} without a last line end`, () => check(parse(lines.join('\n'))));
    it(`reads ${file} byte by byte`, () => {
      const parser = new ListingParser(how, context);
      for (const byte of bytesOf(lines.join('\r\n'))) parser.push(Uint8Array.of(byte));
      check(parser.finish());
    });

    function parse(text: string): Listing {
      return parseListing(bytesOf(text), how, context);
    }
  }

  for (const { file, how, skipped } of entrylessListings) {
    it(`finds no entry in ${file}`, () => {
      const lines = fixtureLines(file);
      const listing = parseListing(bytesOf(lines.join('\r\n')), how, context);
      assert.deepEqual(listing.entries, []);
      assert.equal(listing.unparsed, lines.length - skipped);
    });
  }

  it('reads an empty listing as an empty folder', () => {
    for (const text of ['', '\r\n', ' \n\t\r\n']) {
      assert.deepEqual(list(text), { entries: [], format: undefined, unparsed: 0 });
    }
  });

  it('reads a total and dots alone as an empty folder of a known format', () => {
    const listing = list('total 0\r\ndrwxr-xr-x 2 0 0 4096 Mar 10 11:02 .\r\n');
    assert.deepEqual(listing, { entries: [], format: 'unix', unparsed: 0 });
  });

  it('tells a foreign format by unparsed lines and no format', () => {
    const listing = list('QSYS 77824 02/23/00 15:09:55 *DIR name/\r\nQSYS 1 02/23/00 15:09:55 *STMF x\r\n');
    assert.deepEqual(listing, { entries: [], format: undefined, unparsed: 2 });
  });

  it('keeps the format that fails least, whatever the first line looks like', () => {
    const listing = list([name, dosName, dosName].join('\n'));
    assert.equal(listing.format, 'dos');
    assert.equal(listing.unparsed, 1);
    assert.deepEqual(
      listing.entries.map(summary),
      Array(2).fill('file - 9730 - 2000-07-18T10:16:00Z minute [name]'),
    );
  });

  it('prefers ls where both fail alike', () => {
    assert.equal(list([dosName, name].join('\n')).format, 'unix');
  });

  it('reads facts only when MLSD was asked, and nothing else then', () => {
    assert.equal(list('type=file;size=531; name').format, undefined);
    assert.equal(parseListing(bytesOf(name), 'mlsd', context).entries.length, 0);
  });

  it('takes one CR off a line and leaves no other byte out of the name', () => {
    const [entry] = list('-rw-r--r-- 1 root other 531 Jan 29 03:26 \u00e4 \u{1f980}  \r\n').entries;
    assert.equal(entry?.name, '\u00e4 \u{1f980}  ');
  });

  it('decodes a name of bytes that the encoding does not know', () => {
    const line = [...bytesOf('-rw-r--r-- 1 root other 531 Jan 29 03:26 '), 0xe4, 0x20, 0xff];
    const [entry] = parseListing(Uint8Array.from(line), 'list', context).entries;
    assert.equal(entry?.name, '\ufffd \ufffd');
  });

  it('refuses a name with NUL', () => {
    assert.deepEqual(list(name + '\0').entries, []);
  });

  for (const lineEnd of ['\n', '\r\n']) {
    it(`counts a line above the cap as unparsed and reads on (${lineEnd.length} bytes of line end)`, () => {
      const prefix = name.slice(0, -4);
      const longest = prefix + 'n'.repeat(longestLine - prefix.length);
      const bytes = bytesOf([name, longest, longest + 'n', name].join(lineEnd));
      for (const piece of [bytes.length, 4096, 1000]) {
        const parser = new ListingParser('list', context);
        for (let at = 0; at < bytes.length; at += piece) parser.push(bytes.subarray(at, at + piece));
        const listing = parser.finish();
        assert.equal(listing.unparsed, 1);
        assert.deepEqual(
          listing.entries.map((entry) => entry.name.length),
          [4, longestLine - prefix.length, 4],
        );
      }
    });
  }

  it('reads a long listing with a few odd names', () => {
    const names = Array.from({ length: 9000 }, (_, n) => (n % 1000 === 500 ? `\u00e4 ${n}` : `a ${n}`));
    const listing = list(names.map((each) => name.replace('name', each)).join('\r\n'));
    assert.deepEqual(
      listing.entries.map((entry) => entry.name),
      names,
    );
    assert.equal(listing.unparsed, 0);
  });

  // 2000-17 had once the time of 2001-01, when that had been read before.
  it('does not take an impossible month for that of another year', () => {
    const times = ['20010105101112', '20001705101112', '20010105101112'];
    const lines = times.map((time) => `type=file;size=1;modify=${time}; name\r\n`);
    const { entries } = parseListing(bytesOf(lines.join('')), 'mlsd', context);
    const january = Date.UTC(2001, 0, 5, 10, 11, 12);
    assert.deepEqual(
      entries.map(({ modified }) => modified?.time),
      [january, undefined, january],
    );
  });

  it('counts one line however long it is', () => {
    assert.equal(list('x'.repeat(4 * longestLine)).unparsed, 1);
  });
});

function list(text: string): Listing {
  return parseListing(bytesOf(text), 'list', context);
}
