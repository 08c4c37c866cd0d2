import assert from 'node:assert/strict';
import { Heard, pattern, type Check } from './stage';

export function closing(check: Check): void {
  check('shows a reset with nothing on the way as a fault', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(near);
    far.reset();
    await stage.until(() => heard.ending !== undefined);
    assert.deepEqual(heard.calls, ['fault reset']);
    assert.equal(heard.error?.during, 'read');
  });

  check('shows a reset behind data as a fault or, falsely, as an end', async (stage) => {
    const [near, far] = await stage.pair();
    near.pause();
    const sent = pattern(200_000);
    far.write(sent);
    for (let i = 0; i < 20; i++) await stage.world.breathe();
    far.reset();
    const heard = new Heard(near);
    near.resume();
    await stage.until(() => heard.ending !== undefined);
    assert.match(heard.ending ?? '', /^(fault reset|end)$/);
    assert.ok(
      sent.subarray(0, heard.length).equals(heard.bytes),
      'what came is a beginning of what was sent',
    );
  });

  check('sends all that was written before its close', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(near);
    far.write(pattern(100_000));
    far.close();
    await stage.until(() => heard.ending !== undefined);
    assert.equal(heard.ending, 'end');
    assert.ok(heard.bytes.equals(pattern(100_000)));
  });

  check('holds nothing after its close, even if the peer never closes', async (stage) => {
    const [near, far] = await stage.pair();
    assert.ok(new Heard(far));
    near.close();
    near.close();
    await stage.until(() => stage.world.held().length === 1);
    assert.ok(new Heard(near), 'a receiver after the close is accepted, and hears nothing');
  });

  for (const way of ['close', 'reset'] as const) {
    check(`holds nothing after its end and its ${way} in one go`, async (stage) => {
      const [near, far] = await stage.pair();
      near.write(pattern(100_000));
      near.end();
      near[way]();
      far.reset();
      await stage.until(() => stage.world.held().length === 0);
    });
  }

  for (const way of ['close', 'reset'] as const) {
    check(`calls nobody after its ${way}`, async (stage) => {
      const [near, far] = await stage.pair();
      const heard = new Heard(near, () => near[way]());
      const other = new Heard(far);
      far.write(Buffer.from('one'));
      await stage.until(() => heard.calls.length > 0);
      far.write(Buffer.from('two'));
      await stage.until(() => other.ending !== undefined);
      for (let i = 0; i < 100; i++) await stage.world.breathe();
      assert.deepEqual(heard.calls, ['data']);
      assert.equal(near.write(Buffer.from('x')), false);
    });
  }
}
