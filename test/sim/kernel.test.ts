import assert from 'node:assert/strict';
import { deflateSync, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { Deadlock, Kernel, Livelock } from '../support/sim/kernel';

describe('kernel', () => {
  it('lets hours pass at once', async () => {
    const kernel = new Kernel({ seed: 1 });
    const clock = kernel.clock();
    await kernel.run(() => new Promise<void>((resolve) => clock.setTimer(3_600_000, resolve, 'an hour')));
    assert.equal(clock.now(), 3_600_000);
    assert.equal(kernel.count, 1);
  });

  it('moves wall time along', async () => {
    const kernel = new Kernel({ seed: 1 });
    const before = kernel.clock().wallTime();
    await kernel.run(() => kernel.sleep(1234));
    assert.equal(kernel.clock().wallTime() - before, 1234);
  });

  it('settles long chains of promises, ticks and immediates before time goes on', async () => {
    const kernel = new Kernel({ seed: 1 });
    const times = await kernel.run(async () => {
      const timer = kernel.sleep(1);
      for (let i = 0; i < 200; i++) await Promise.resolve();
      await new Promise<void>((resolve) => process.nextTick(resolve));
      for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
      const settledAt = kernel.now;
      await timer;
      return [settledAt, kernel.now];
    });
    assert.deepEqual(times, [0, 1]);
  });

  it('fires a disposed timer never, and none inside setTimer', async () => {
    const kernel = new Kernel({ seed: 1 });
    const fired: string[] = [];
    await kernel.run(async () => {
      kernel
        .clock()
        .setTimer(5, () => fired.push('disposed'), 'disposed')
        .dispose();
      kernel.clock().setTimer(0, () => fired.push('at once'), 'at once');
      assert.deepEqual(fired, []);
      await kernel.sleep(10);
    });
    assert.deepEqual(fired, ['at once']);
  });

  it('reports a deadlock and names the waiting rest timer', async () => {
    const kernel = new Kernel({ seed: 7, restTimers: ['keep-alive'] });
    kernel.addReporter(() => ['pending: RETR a.txt']);
    const hang = kernel.run(() => {
      kernel.clock('client').setTimer(30_000, () => undefined, 'keep-alive');
      return new Promise(() => undefined);
    });
    await assert.rejects(hang, (error: Error) => {
      assert.ok(error instanceof Deadlock);
      assert.match(error.message, /30000 ms timer client: keep-alive \(rest\)/);
      assert.match(error.message, /seed 7/);
      assert.match(error.message, /pending: RETR a\.txt/);
      return true;
    });
    assert.equal(kernel.now, 0);
  });

  it('reports a livelock', async () => {
    const kernel = new Kernel({ seed: 1, limits: { events: 1000, time: 1e9 } });
    const again = (): void => void kernel.clock().setTimer(1, again, 'again');
    await assert.rejects(
      kernel.run(() => {
        again();
        return new Promise(() => undefined);
      }),
      (error: Error) => error instanceof Livelock && error.message.includes('again'),
    );
  });

  it('reaches rest timers when the test sleeps', async () => {
    const kernel = new Kernel({ seed: 1, restTimers: ['keep-alive'] });
    let fired = 0;
    await kernel.run(async () => {
      kernel.clock().setTimer(30_000, () => fired++, 'keep-alive');
      await kernel.sleep(60_000);
    });
    assert.equal(fired, 1);
  });

  it('is idle when only rest timers are left', async () => {
    const kernel = new Kernel({ seed: 1, restTimers: ['keep-alive'] });
    await kernel.run(async () => {
      kernel.clock().setTimer(30_000, () => undefined, 'keep-alive');
      kernel.clock().setTimer(100, () => undefined, 'reply');
      await kernel.idle();
    });
    assert.equal(kernel.now, 100);
    assert.deepEqual(kernel.pending(), ['30000 ms timer test: keep-alive (rest)']);
  });

  it('fails on a rejection that nobody handles', async () => {
    const kernel = new Kernel({ seed: 1 });
    const escape = kernel.run(async () => {
      abandon(Promise.reject(new Error('nobody cared')));
      await kernel.sleep(1);
    });
    await assert.rejects(escape, /nobody cared/);
  });

  it('fails on an error thrown by a timer', async () => {
    const kernel = new Kernel({ seed: 1 });
    const thrown = kernel.run(async () => {
      kernel.clock().setTimer(
        1,
        () => {
          throw new Error('thrown in a timer');
        },
        'bad',
      );
      await kernel.sleep(2);
    });
    await assert.rejects(thrown, /thrown in a timer/);
  });

  it('gives the listeners of the process back', async () => {
    const before = process.rawListeners('unhandledRejection');
    await new Kernel({ seed: 1 }).run(() => Promise.resolve());
    assert.deepEqual(process.rawListeners('unhandledRejection'), before);
  });

  it('refuses to run beside another kernel', async () => {
    const kernel = new Kernel({ seed: 1 });
    await kernel.run(async () => {
      await assert.rejects(
        new Kernel({ seed: 2 }).run(() => Promise.resolve()),
        /Another kernel/,
      );
    });
  });

  it('stops time between one piece of work outside and the next, however many promises lie between', async () => {
    // A chain of inflate steps was overtaken by a timer: the kernel looked too early whether there was more work.
    const kernel = new Kernel({ seed: 1 });
    const work = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    const at = await kernel.run(async () => {
      const limit = kernel.clock().setTimer(1000, () => undefined, 'limit');
      for (let step = 0; step < 5; step++) {
        await kernel.outside.run('step', work);
        for (let hop = 0; hop < 60; hop++) await Promise.resolve();
      }
      limit.dispose();
      return kernel.now;
    });
    assert.equal(at, 0);
  });

  it('stops time during declared work outside', async () => {
    const kernel = new Kernel({ seed: 1 });
    const packed = deflateSync(Buffer.alloc(1_000_000));
    const order: string[] = [];
    await kernel.run(async () => {
      const timer = kernel.sleep(1).then(() => order.push('timer'));
      const work = (): Promise<unknown> => promisify(inflate)(packed);
      const first = kernel.outside.run('inflate 1', work).then(() => order.push('first'));
      const second = kernel.outside.run('inflate 2', work).then(() => order.push('second'));
      await Promise.all([timer, first, second]);
    });
    assert.deepEqual(order, ['first', 'second', 'timer']);
  });

  it('orders equal times by seed between lanes, never inside one', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) orders.add(await tieOrder(seed));
    assert.deepEqual([...orders].sort(), ['a1 a2 b1 b2', 'b1 b2 a1 a2']);
  });

  it('forks chance by label, whatever was drawn before', () => {
    const kernel = new Kernel({ seed: 99 });
    const expected = kernel.random.fork('names').bytes(8);
    kernel.random.below(10);
    assert.deepEqual(kernel.random.fork('names').bytes(8), expected);
    assert.notDeepEqual(kernel.random.fork('link').bytes(8), expected);
    assert.notDeepEqual(new Kernel({ seed: 98 }).random.fork('names').bytes(8), expected);
  });

  it('draws every number below the bound about equally often', () => {
    const counts = new Array<number>(10).fill(0);
    const { random } = new Kernel({ seed: 5 });
    for (let i = 0; i < 10_000; i++) {
      const drawn = random.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    assert.equal(counts.length, 10);
    for (const count of counts) assert.ok(count > 850 && count < 1150, String(counts));
  });

  it('handles a hundred thousand events', async () => {
    const kernel = new Kernel({ seed: 1 });
    await kernel.run(async () => {
      for (let i = 0; i < 100_000; i++) await kernel.sleep(1);
    });
    assert.equal(kernel.count, 100_000);
    assert.equal(kernel.now, 100_000);
  });

  it('keeps order among many queued events', async () => {
    const kernel = new Kernel({ seed: 3 });
    const times: number[] = [];
    await kernel.run(async () => {
      for (let i = 0; i < 2000; i++) {
        const timer = kernel
          .clock()
          .setTimer(kernel.random.below(500), () => times.push(kernel.now), `t${i}`);
        if (i % 3 === 0) timer.dispose();
      }
      await kernel.idle();
    });
    assert.equal(times.length, 2000 - 667);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });
});

/** What a careless caller does. */
function abandon(_work: Promise<void>): void {}

async function tieOrder(seed: number): Promise<string> {
  const kernel = new Kernel({ seed });
  const order: string[] = [];
  const [a, b] = [kernel.lane(), kernel.lane()];
  await kernel.run(async () => {
    for (const [lane, name] of [
      [a, 'a1'],
      [b, 'b1'],
      [a, 'a2'],
      [b, 'b2'],
    ] as const) {
      kernel.schedule({ after: 5, lane, what: name, fire: () => order.push(name) });
    }
    await kernel.sleep(6);
  });
  return order.join(' ');
}
