import assert from 'node:assert/strict';
import { ListingSink } from '../../../src/ftp/session/listingSink';
import { FakeClock } from '../../support/fakeClock';

describe('ListingSink', () => {
  const line = Buffer.from('type=file;size=5; some name\r\n');
  const context = { now: 0, decode: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1') };

  it('lets others have their turn after a slice, by a timer and not by a promise alone', async () => {
    const clock = new FakeClock();
    const sink = new ListingSink('mlsd', context, '/', clock);
    const slice = Buffer.concat(Array<Buffer>(10_000).fill(line));
    assert.equal(sink.write(line), undefined);
    const full = sink.write(slice);
    let isOver = false;
    const over = Promise.resolve(full).then(() => (isOver = true));
    await Promise.resolve();
    assert.deepEqual([full !== undefined, isOver, clock.waiting], [true, false, ['listing']]);
    await clock.advance(0);
    await over;
    assert.equal(sink.write(line), undefined);
    assert.equal(sink.take().entries.length, 10_002);
  });

  it('refuses what is too large to be a listing', async () => {
    const sink = new ListingSink('mlsd', context, '/', new FakeClock());
    await assert.rejects(async () => sink.write(new Uint8Array(41 * 1024 * 1024)), { code: 'too-large' });
  });
});
