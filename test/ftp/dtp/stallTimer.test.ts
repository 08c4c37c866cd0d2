import assert from 'node:assert/strict';
import { StallTimer } from '../../../src/ftp/dtp/stallTimer';
import { FakeClock } from '../../support/fakeClock';

describe('stall timer', () => {
  let clock: FakeClock;
  let firedAt: number[];
  let timer: StallTimer;

  beforeEach(() => {
    clock = new FakeClock();
    firedAt = [];
    timer = new StallTimer(clock, 1000, () => firedAt.push(clock.now()));
  });

  it('fires once, after the time without a sign of life', async () => {
    await clock.advance(5000);
    assert.deepEqual(firedAt, [1000]);
    assert.deepEqual(clock.waiting, []);
  });

  it('counts from the last sign of life, however many there were', async () => {
    for (let signs = 0; signs < 30; signs++) {
      await clock.advance(100);
      timer.restart();
    }
    assert.deepEqual(clock.waiting, ['data stall']);
    await clock.advance(5000);
    assert.deepEqual(firedAt, [4000]);
  });

  it('fires earlier when it is given less time', async () => {
    await clock.advance(100);
    timer.restart(200);
    await clock.advance(5000);
    assert.deepEqual(firedAt, [300]);
  });

  it('fires later when it is given more time', async () => {
    timer.restart(3000);
    await clock.advance(5000);
    assert.deepEqual(firedAt, [3000]);
  });

  it('does not count while it pauses, however long', async () => {
    await clock.advance(900);
    timer.pause();
    await clock.advance(10_000);
    assert.deepEqual(firedAt, []);
    timer.restart();
    await clock.advance(5000);
    assert.deepEqual(firedAt, [11_900]);
  });

  it('leaves no timer behind when it is stopped', () => {
    timer.restart();
    timer.stop();
    assert.deepEqual(clock.waiting, []);
  });

  it('goes on after a stop', async () => {
    timer.stop();
    await clock.advance(2000);
    timer.restart();
    await clock.advance(5000);
    assert.deepEqual(firedAt, [3000]);
  });
});
