import assert from 'node:assert/strict';
import { nodeEnvironment } from '../../../src/ftp/net/nodeEnvironment';
import { nodeRegister } from '../../../src/ftp/net/nodeRegister';

const { clock, random, outside } = nodeEnvironment();

describe('nodeEnvironment', () => {
  it('fires a timer once, and names it in the register until then', async () => {
    const before = clock.now();
    const fired = new Promise<void>((resolve) => clock.setTimer(1, resolve, 'reply'));
    assert.deepEqual(nodeRegister.list(), ['timer reply']);
    assert.equal(nodeRegister.count('timer'), 1);
    await fired;
    assert.ok(clock.now() > before);
    assert.deepEqual(nodeRegister.list(), []);
  });

  it('does not fire a disposed timer', async () => {
    const timer = clock.setTimer(0, () => assert.fail('It was disposed.'), 'disposed');
    timer.dispose();
    timer.dispose();
    assert.equal(nodeRegister.count('timer'), 0);
    await new Promise<void>((resolve) => clock.setTimer(1, resolve, 'after'));
  });

  it('takes a delay that Node would turn into a millisecond', async () => {
    const month = clock.setTimer(31 * 86_400_000, () => assert.fail('Not yet.'), 'month');
    await new Promise<void>((resolve) => clock.setTimer(5, resolve, 'a while'));
    month.dispose();
    assert.equal(nodeRegister.count('timer'), 0);
  });

  it('knows the date', () => {
    assert.ok(clock.wallTime() > Date.UTC(2025, 0));
  });

  it('draws below the bound, and bytes by number', () => {
    for (let i = 0; i < 100; i++) assert.ok([0, 1, 2].includes(random.below(3)));
    assert.equal(random.bytes(16).length, 16);
    assert.notDeepEqual(random.bytes(16), random.bytes(16));
  });

  it('just does work outside', async () => {
    assert.equal(await outside.run('sum', () => Promise.resolve(3)), 3);
  });
});
