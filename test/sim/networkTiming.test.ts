import assert from 'node:assert/strict';
import { Deadlock } from '../support/sim/kernel';
import { anyPort, Log, meet, neverAborted as signal, pair, roundTrip } from '../support/sim/pair';

const text = (content: string): Buffer => Buffer.from(content, 'latin1');

describe('simulated network: time', () => {
  it('takes one round trip to connect', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const listener = await made.server.network.listen(
        { host: '::', ports: anyPort, backlog: 1 },
        () => undefined,
      );
      await made.client.network.connect(
        { host: 'fd00::2', port: listener.local.port },
        { noDelay: true, signal },
      );
      assert.equal(made.kernel.now, roundTrip);
    });
  });

  it('takes one round trip for a request and its response', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const start = made.kernel.now;
      new Log(made.kernel, far, () => far.write(text('200 OK')));
      const heard = new Log(made.kernel, near);
      near.write(text('NOOP'));
      await made.kernel.idle();
      assert.equal(heard.text, '200 OK');
      assert.deepEqual(heard.at, [start + roundTrip]);
    });
  });

  it('takes two round trips for twenty replies on a new connection, one when the window has grown', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      new Log(made.kernel, far, () => {
        for (let i = 0; i < 20; i++) far.write(text('213 20260101000000\r\n'));
      });
      const heard = new Log(made.kernel, near);
      const ask = async (): Promise<number> => {
        const start = made.kernel.now;
        near.write(text('20 × MDTM'));
        await made.kernel.idle();
        return ((heard.at.at(-1) ?? 0) - start) / roundTrip;
      };
      assert.equal(await ask(), 2);
      assert.equal(await ask(), 1);
    });
  });

  it('sends 10, then 20, then 40 segments of a file per round trip, as far as the receiver takes', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      const start = made.kernel.now;
      far.write(new Uint8Array(60_000));
      far.end();
      await made.kernel.idle();
      const trips = heard.at.map((time) => (time - start) / roundTrip);
      assert.equal(trips.filter((trip) => trip === 0.5).length, 10);
      assert.equal(trips.filter((trip) => trip === 1.5).length, 20);
      assert.equal(trips.length, Math.ceil(60_000 / 1448));
    });
  });

  it('loses a round trip to Nagle when noDelay is forgotten', async () => {
    const spent: number[] = [];
    for (const noDelay of [true, false]) {
      const made = pair();
      await made.kernel.run(async () => {
        const [near, far] = await meet(made, noDelay);
        const heard = new Log(made.kernel, far);
        const start = made.kernel.now;
        near.write(text('EPSV\r\n'));
        near.write(text('RETR a\r\n'));
        await made.kernel.idle();
        assert.equal(heard.text, 'EPSV\r\nRETR a\r\n');
        spent.push((heard.at.at(-1) ?? 0) - start);
      });
    }
    assert.deepEqual(spent, [25, 75]);
  });

  it('delays acknowledgements by 40 ms where the host does so', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      made.client.delayedAcknowledgement = true;
      made.server.noDelay = false;
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      const start = made.kernel.now;
      far.write(text('150 '));
      far.write(text('226 '));
      await made.kernel.idle();
      assert.deepEqual(
        heard.at.map((time) => time - start),
        [25, 25 + 40 + 50],
      );
    });
  });

  it('tells a server when its FIN was acknowledged: one round trip after it left', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      new Log(made.kernel, near);
      const start = made.kernel.now;
      far.write(text('data'));
      far.close();
      await far.finAcknowledged;
      assert.equal(made.kernel.now - start, roundTrip);
    });
  });

  it('gives a link of limited rate its time', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      made.world.link('client', 'server', { delay: 25, rate: 10 });
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      const start = made.kernel.now;
      far.write(new Uint8Array(14_480));
      await made.kernel.idle();
      assert.equal(Math.round((heard.at.at(-1) ?? 0) - start), 25 + (14_480 + 520) / 10);
    });
  });

  it('runs the same for the same seed, and otherwise for another', async () => {
    const hashes: string[] = [];
    for (const seed of [1, 1, 2]) hashes.push(await busyRun(seed));
    assert.equal(hashes[0], hashes[1]);
    assert.notEqual(hashes[0], hashes[2]);
  });

  it('names sockets in the report of a deadlock', async () => {
    const made = pair();
    const hang = made.kernel.run(async () => {
      const [near] = await meet(made);
      new Log(made.kernel, near);
      await new Promise(() => undefined);
    });
    await assert.rejects(hang, (error: Error) => {
      assert.ok(error instanceof Deadlock);
      assert.match(error.message, /sockets of client:\n {2}connection 10\.0\.0\.1:\d+ – 10\.0\.0\.2:\d+/);
      return true;
    });
  });

  it('makes 25 000 round trips, 100 000 events', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      new Log(made.kernel, far, () => far.write(text('200\r\n')));
      let left = 25_000;
      await new Promise<void>((resolve) => {
        near.receive({
          data: () => (--left > 0 ? near.write(text('NOOP\r\n')) : resolve()),
          end: () => undefined,
          fault: () => undefined,
        });
        near.write(text('NOOP\r\n'));
      });
      assert.ok(made.kernel.count >= 99_990);
    });
  });
});

/** Several connections with chance in their cuts and lengths. */
async function busyRun(seed: number): Promise<string> {
  const made = pair(seed);
  made.client.cut = 'seeded';
  await made.kernel.run(async () => {
    for (let i = 0; i < 5; i++) {
      const [near, far] = await meet(made);
      new Log(made.kernel, near, (bytes) => near.write(bytes.slice(0, 1)));
      new Log(made.kernel, far);
      far.write(made.kernel.random.fork(`file ${i}`).bytes(5000));
      far.end();
    }
    await made.kernel.idle();
  });
  return made.kernel.hash.toString();
}
