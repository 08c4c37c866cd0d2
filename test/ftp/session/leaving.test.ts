import assert from 'node:assert/strict';
import { leaving } from '../../../src/ftp/session/leaving';

/** The segments that leave, by how many commands they hold, when replies come one by one. */
function segmentsOf(lengths: readonly number[], fenced = false): number[] {
  const segments: number[] = [];
  for (let sent = 0, answered = 0; sent < lengths.length;) {
    const count = leaving({ lengths, sent, answered }, fenced);
    if (count > 0) segments.push(count);
    sent += count;
    if (count === 0) answered += 1;
    assert.ok(answered <= sent, 'waits for an answer to what was never sent');
  }
  return segments;
}

describe('how many commands of a batch leave at once', () => {
  it('all, while they are few and short', () => {
    assert.deepEqual(segmentsOf(Array<number>(20).fill(60)), [20]);
    assert.deepEqual(segmentsOf([]), []);
  });

  it('32, and the rest as soon as it fits', () => {
    const lengths = Array<number>(40).fill(50);
    assert.deepEqual(segmentsOf(lengths), [32, 8]);
    assert.equal(leaving({ lengths, sent: 32, answered: 7 }, false), 0);
    assert.equal(leaving({ lengths, sent: 32, answered: 8 }, false), 8);
  });

  it('2048 bytes', () => {
    assert.deepEqual(segmentsOf(Array<number>(4).fill(1000)), [2, 1, 1]);
  });

  it('half of the bound together, not one for each reply', () => {
    assert.deepEqual(segmentsOf(Array<number>(100).fill(20)), [32, 16, 16, 16, 16, 4]);
  });

  it('one that is longer than the bound alone', () => {
    assert.deepEqual(segmentsOf([10, 5000, 10]), [1, 1, 1]);
  });

  it('one by one where the server is fenced', () => {
    assert.deepEqual(segmentsOf([10, 10, 10], true), [1, 1, 1]);
    assert.equal(leaving({ lengths: [10, 10], sent: 1, answered: 0 }, true), 0);
  });
});
