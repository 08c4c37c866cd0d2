import assert from 'node:assert/strict';
import { dosFormat } from '../../../src/ftp/listing/dos';
import { bytesOf } from './fixtures';
import { context, summary } from './summary';

describe('the DOS format', () => {
  const cases: [string, string | undefined][] = [
    ['04-27-00  09:09PM  <DIR>  short gap', 'directory - - - 2000-04-27T21:09:00Z minute [short gap]'],
    ['04-27-00 09:09PM <dir> small', 'directory - - - 2000-04-27T21:09:00Z minute [small]'],
    ['07-18-00  10:16AM  9,730 commas', 'file - 9730 - 2000-07-18T10:16:00Z minute [commas]'],
    ['07-18-00  10:16AM  1,009,730  b ', 'file - 1009730 - 2000-07-18T10:16:00Z minute [ b ]'],
    ['2002-09-02  18:48       <DIR>          iso', 'directory - - - 2002-09-02T18:48:00Z minute [iso]'],
    ['2002-09-02 18:48:07 531 seconds', 'file - 531 - 2002-09-02T18:48:07Z second [seconds]'],
    ['09/02/2002  18:48 531 slashes', 'file - 531 - 2002-09-02T18:48:00Z minute [slashes]'],
    ['09-02-02  12:00AM 531 midnight', 'file - 531 - 2002-09-02T00:00:00Z minute [midnight]'],
    ['09-02-02  12:00pm 531 noon', 'file - 531 - 2002-09-02T12:00:00Z minute [noon]'],
    ['09-02-02  01:05 PM 531 apart', 'file - 531 - 2002-09-02T13:05:00Z minute [apart]'],
    ['09-02-02  1:05 am 531 apart', 'file - 531 - 2002-09-02T01:05:00Z minute [apart]'],
    ['09-02-02  13:05PM 531 no such hour', 'file - 531 - - [no such hour]'],
    ['09-02-02  00:05AM 531 no such hour', 'file - 531 - - [no such hour]'],
    ['13-32-02  13:05 531 no such day', 'file - 531 - - [no such day]'],
    ['09-02-02  13:05 99999999999999999999 big', 'file - - - 2002-09-02T13:05:00Z minute [big]'],
    ['03-09-24  08:15 <JUNCTION> a [b', 'symlink - - - 2024-03-09T08:15:00Z minute [a [b] directory'],
    ['03-09-24  08:15 <JUNCTION> [b]', 'symlink - - - 2024-03-09T08:15:00Z minute [[b]] directory'],
    ['03-09-24  08:15 <JUNCTION> a]', 'symlink - - - 2024-03-09T08:15:00Z minute [a]] directory'],
    ['03-09-24  08:15 <SYMLINK> a []', 'symlink - - - 2024-03-09T08:15:00Z minute [a []] file'],
    ['03-09-24  08:15 <DIR> a [b]', 'directory - - - 2024-03-09T08:15:00Z minute [a [b]]'],
    ['09-02-02  13:05 ,531 comma first', undefined],
    ['09-02-02  13:05 53a1 no number', undefined],
    ['09-02-02  13:05 <DIRECTORY-OF-ALL> name', undefined],
    ['09-02-02  13:05', undefined],
    ['09-02-02  13.05 531 name', undefined],
    ['09-02-02  13:x5 531 name', undefined],
    ['09-02-02  13:05:x 531 name', undefined],
    ['09-02-02', undefined],
    ['09-02-002  13:05 531 name', undefined],
    ['09-02-0x  13:05 531 name', undefined],
    ['09-002-02  13:05 531 name', undefined],
    ['009/02/02  13:05 531 name', undefined],
    ['09-02/02  13:05 531 name', undefined],
    ['0902  13:05 531 name', undefined],
    ['', undefined],
  ];
  for (const [line, expected] of cases) {
    it(`reads ${JSON.stringify(line)}`, () => {
      const parsed = dosFormat.parseLine(bytesOf(line), context);
      assert.notEqual(parsed, 'skip');
      assert.equal(parsed && parsed !== 'skip' ? summary(parsed) : parsed, expected);
    });
  }

  it('skips the folder itself and its parent', () => {
    for (const name of ['.', '..']) {
      assert.equal(dosFormat.parseLine(bytesOf(`09-02-02  13:05 <DIR> ${name}`), context), 'skip');
    }
  });
});
