import assert from 'node:assert/strict';
import { grouped } from '../../src/base/grouped';

describe('grouped', () => {
  for (const count of [0, 7, 999, 1000, 12_944, 999_999, 1_000_000, 1_073_741_824, 2 ** 50]) {
    it(`writes ${count} as people do`, () => {
      assert.equal(grouped(count), count.toLocaleString('en-US'));
    });
  }
});
