import assert from 'node:assert/strict';
import { parseListing } from '../../../src/ftp/listing/parseListing';
import { bytesOf } from './fixtures';
import { now } from './summary';

/** Each makes a listing of about `length` bytes that a careless scanner would read again and again. */
const families: Record<string, (length: number) => string> = {
  'all blanks': (length) => ' '.repeat(length),
  'all digits': (length) => '9'.repeat(length),
  'all hyphens': (length) => '-'.repeat(length),
  'all colons': (length) => ':'.repeat(length),
  'many columns': (length) => '-rw-r--r-- ' + '1 '.repeat(length / 2),
  'almost a date': (length) => '-rw-r--r-- 1 ' + '5 Jan '.repeat(length / 6),
  arrows: (length) => 'lrwxrwxrwx 1 root other 3 Jan 29 03:26 a' + ' -> b'.repeat(length / 5),
  'almost arrows': (length) => 'lrwxrwxrwx 1 root other 3 Jan 29 03:26 a' + ' ->_'.repeat(length / 4),
  brackets: (length) => '03-09-24 08:15 <JUNCTION> a ' + ' ['.repeat(length / 4) + ' ]'.repeat(length / 4),
  'closing brackets': (length) => '03-09-24 08:15 <JUNCTION> a ' + ']'.repeat(length),
  'separators of a date': (length) => '04-'.repeat(length / 3) + '00 09:09PM 1 a',
  'a glued size': (length) => '-rw-r--r-- 1 owner g' + '1'.repeat(length) + ' Jan 29 03:26 name',
  'empty lines': (length) => '\n'.repeat(length),
  'lines of ls': (length) => '-rw-r--r-- 1 root other 531 Jan 29 03:26 n\n'.repeat(length / 43),
  'lines of dir': (length) => '07-18-00  10:16AM 9730 name\n'.repeat(length / 28),
};

// MLSD has no scanner of its own here: its lines are the business of the facts' parser.
describe('the work of parseListing', () => {
  for (const [title, listingOf] of Object.entries(families)) {
    it(`is linear in ${title}`, () => {
      const [once = 0, twice = 0] = [8192, 16384].map((length) => readsOf(listingOf(length)));
      assert.ok(once >= 8000, `${once} reads cannot have seen all bytes`);
      assert.ok(twice <= 2.1 * once, `${once} reads grew to ${twice}`);
      assert.ok(once <= mostReads * 8192, `${once} reads`);
    });
  }
});

/** Reads of each byte, at most; a little over seven were counted for the worst family. */
const mostReads = 8;

/** How often any byte was looked at: exact, and the same on every machine. */
function readsOf(listing: string): number {
  // With a line end behind it no line is put together from pieces, which would be a copy that nobody counts.
  const bytes = bytesOf(listing + '\n');
  const plain = new WeakMap<Uint8Array, Uint8Array>();
  let reads = 0;
  parseListing(counted(bytes), 'list', { now, decode });
  return reads;

  function decode(text: Uint8Array): string {
    reads += text.length;
    return new TextDecoder().decode(plain.get(text));
  }

  function counted(target: Uint8Array): Uint8Array {
    const proxy = new Proxy(target, {
      get(_, key): unknown {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value === 'number' && key !== 'length') reads += 1;
        return typeof value === 'function' ? method(target, key, value) : value;
      },
    });
    plain.set(proxy, target);
    return proxy;
  }

  function method(target: Uint8Array, key: string | symbol, call: CallableFunction): unknown {
    return (...parameters: unknown[]) => {
      const result: unknown = Reflect.apply(call, target, parameters);
      if (key === 'indexOf') {
        const from = Number(parameters[1] ?? 0);
        reads += (typeof result === 'number' && result >= 0 ? result + 1 : target.length) - from;
      } else if (key !== 'subarray') {
        reads += target.length;
      }
      return result instanceof Uint8Array ? counted(result) : result;
    };
  }
}
