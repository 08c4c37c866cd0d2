import assert from 'node:assert/strict';
import { finished } from 'node:stream/promises';
import { Heard, pattern, type Check } from './stage';

export function reading(check: Check): void {
  check('hands over data, then the end', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(near);
    far.write(Buffer.from('226 done'));
    far.end();
    await stage.until(() => heard.ending !== undefined);
    assert.equal(heard.text, '226 done');
    assert.equal(heard.ending, 'end');
  });

  check('hands over what came before, after the call of receive has returned', async (stage) => {
    const [near, far] = await stage.pair();
    far.write(Buffer.from('early'));
    far.end();
    for (let i = 0; i < 100; i++) await stage.world.breathe();
    const heard = new Heard(near);
    assert.deepEqual(heard.calls, []);
    await stage.until(() => heard.ending !== undefined);
    assert.equal(heard.text, 'early');
  });

  check('tells of an end that came before anybody asked', async (stage) => {
    const [near, far] = await stage.pair();
    far.end();
    for (let i = 0; i < 100; i++) await stage.world.breathe();
    const heard = new Heard(near);
    await stage.until(() => heard.ending === 'end');
    assert.deepEqual(heard.calls, ['end']);
  });

  check('leaves alone what the receiver keeps', async (stage) => {
    const [near, far] = await stage.pair();
    const kept: Uint8Array[] = [];
    let ended = false;
    near.receive({
      keeps: true,
      data: (bytes) => void kept.push(bytes),
      end: () => (ended = true),
      fault: assert.ifError,
    });
    const sent = pattern(3_000_000);
    far.write(sent);
    far.end();
    await stage.until(() => ended);
    assert.ok(Buffer.concat(kept).equals(sent));
  });

  check('says nothing inside resume', async (stage) => {
    const [near, far] = await stage.pair();
    near.pause();
    const heard = new Heard(near);
    far.write(Buffer.from('later'));
    for (let i = 0; i < 100; i++) await stage.world.breathe();
    near.resume();
    assert.deepEqual(heard.calls, []);
    await stage.until(() => heard.text === 'later');
  });

  check('loses nothing while paused, from the first byte or in the middle', async (stage) => {
    const [near, far] = await stage.pair();
    near.pause();
    let pauses = 0;
    const heard: Heard = new Heard(near, () => {
      if (pauses++ % 3 !== 0) return;
      near.pause();
      const before = heard.length;
      void stage.world.breathe().then(
        () => {
          assert.equal(heard.length, before);
          near.resume();
        },
        () => undefined,
      );
    });
    const sent = pattern(300_000);
    far.write(sent);
    far.end();
    for (let i = 0; i < 50; i++) await stage.world.breathe();
    assert.deepEqual(heard.calls, []);
    near.resume();
    await stage.until(() => heard.ending !== undefined);
    assert.ok(heard.bytes.equals(sent));
  });

  for (const middle of [0, 1, 1448, 4096, 65_536, 131_072]) {
    check(`hands over every length around ${middle}`, async (stage) => {
      for (let length = Math.max(0, middle - 3); length <= middle + 3; length++) {
        const [near, far] = await stage.pair();
        const heard = new Heard(near);
        const sent = pattern(length);
        far.write(sent);
        far.end();
        await stage.until(() => heard.ending !== undefined);
        assert.equal(heard.length, length);
        assert.ok(heard.bytes.equals(sent));
        near.end();
      }
    });
  }

  check('is read by the last who asked for it, and loses nothing', async (stage) => {
    const [near, far] = await stage.pair();
    const second: string[] = [];
    const first: Heard = new Heard(near, () => {
      if (first.length === 9) near.duplex().on('data', (bytes: Buffer) => second.push(bytes.toString()));
    });
    far.write(Buffer.from('234 go on'));
    await stage.until(() => first.calls.length > 0);
    far.write(Buffer.from('hello'));
    await stage.until(() => second.join('') === 'hello');
    const third = new Heard(near);
    far.write(Buffer.from('in clear again'));
    far.end();
    await stage.until(() => third.ending === 'end');
    assert.deepEqual([first.text, third.text], ['234 go on', 'in clear again']);
  });

  check('gives its stream what came and was not handed over', async (stage) => {
    const [near, far] = await stage.pair();
    near.pause();
    const early = new Heard(near);
    far.write(Buffer.from('hello'));
    for (let i = 0; i < 100; i++) await stage.world.breathe();
    const read: Buffer[] = [];
    near.duplex().on('data', (bytes: Buffer) => read.push(Buffer.from(bytes)));
    await stage.until(() => Buffer.concat(read).toString() === 'hello');
    assert.deepEqual(early.calls, []);
  });

  check('can be read and written as a stream', async (stage) => {
    const [near, far] = await stage.pair();
    const stream = near.duplex();
    const sent = pattern(200_000);
    const heard = new Heard(far, (bytes) => far.write(Uint8Array.from(bytes)));
    const echoed: Buffer[] = [];
    stream.on('data', (bytes: Buffer) => echoed.push(Buffer.from(bytes)));
    stream.end(sent);
    await stage.until(() => heard.ending === 'end');
    far.end();
    await finished(stream);
    assert.ok(heard.bytes.equals(sent));
    assert.ok(Buffer.concat(echoed).equals(sent));
  });
}
