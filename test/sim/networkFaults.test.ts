import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { Connection } from '../../src/ftp/net/network';
import { anyPort, Log, meet, neverAborted as signal, pair, roundTrip, type Pair } from '../support/sim/pair';
import { skew, type ResetShape } from '../support/sim/rules';
import type { SimHost } from '../support/sim/simHost';

const text = (content: string): Buffer => Buffer.from(content, 'latin1');

describe('simulated network: faults', () => {
  it('gives up a black hole after 127 s', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      made.server.vanished = true;
      const dialled = made.client.network.connect({ host: '10.0.0.2', port: 21 }, { noDelay: true, signal });
      await assert.rejects(dialled, { fault: 'timed-out', during: 'connect' });
      assert.equal(made.kernel.now, 127_000);
      assert.deepEqual(made.client.connections, []);
    });
  });

  it('tries the second address when the first is a black hole on a slow link', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      made.world.link('client', 'server', { delay: 300 });
      made.world.host('hole', ['10.0.0.9']).vanished = true;
      made.world.link('client', 'hole');
      made.world.name('ftp.example', ['10.0.0.9', '10.0.0.2']);
      await made.server.network.listen(
        { host: '0.0.0.0', ports: { first: 21, last: 21 }, backlog: 1 },
        () => 0,
      );
      const found = await made.client.network.connect(
        { host: 'ftp.example', port: 21 },
        { noDelay: true, signal },
      );
      assert.equal(found.remote.host, '10.0.0.2');
      assert.equal(made.kernel.now, 4_600);
      await made.kernel.idle();
      assert.equal(made.client.connections.length, 1);
    });
  });

  it('does not reach a host without a link, nor an unknown name', async () => {
    const made = pair();
    made.world.host('far away', ['10.9.9.9']);
    await made.kernel.run(async () => {
      const dial = (host: string): Promise<Connection> =>
        made.client.network.connect({ host, port: 21 }, { noDelay: true, signal });
      await assert.rejects(dial('10.9.9.9'), { fault: 'unreachable' });
      await assert.rejects(dial('10.1.2.3'), { fault: 'unreachable' });
      await assert.rejects(dial('nowhere.example'), { fault: 'host-not-found' });
    });
  });

  it('fails after 924 s when the peer has vanished', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near] = await meet(made);
      const heard = new Log(made.kernel, near);
      made.server.vanished = true;
      const start = made.kernel.now;
      near.write(text('NOOP'));
      await made.kernel.idle();
      assert.equal(heard.text, '|timed-out');
      assert.ok(Math.abs(made.kernel.now - start - 924_600) < 1);
    });
  });

  it('sends again what was lost while the peer was away', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, far);
      made.server.vanished = true;
      near.write(text('one '));
      near.write(text('two '));
      await made.kernel.sleep(1000);
      made.server.vanished = false;
      near.write(text('three'));
      await made.kernel.idle();
      assert.equal(heard.text, 'one two three');
    });
  });

  it('resets old connections after a reboot of the peer', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      const gone = new Log(made.kernel, far);
      made.server.reboot();
      await made.kernel.sleep(100);
      assert.equal(heard.text, '');
      near.write(text('NOOP'));
      await made.kernel.idle();
      assert.equal(heard.text, '|reset');
      assert.equal(gone.text, '');
    });
  });

  for (const [shape, expected] of [
    ['error', /^d{50000}\|reset$/],
    ['error-losing-data', /^d{0,50000}\|reset$/],
    ['as-end', /^d{0,50000}\|end$/],
  ] as [ResetShape, RegExp][]) {
    it(`shows a reset as ${shape}`, async () => {
      const lengths = new Set<number>();
      for (let seed = 0; seed < 10; seed++) {
        const made = pair(seed);
        made.client.resetShape = shape;
        await made.kernel.run(async () => {
          const [near, far] = await meet(made);
          const heard = new Log(made.kernel, near);
          far.write(text('d'.repeat(50_000)));
          await made.kernel.sleep(shape === 'error' ? 200 : 65);
          far.reset();
          await made.kernel.idle();
          assert.match(heard.text, expected);
          lengths.add(heard.text.length);
          assert.deepEqual(made.client.connections, []);
        });
      }
      assert.equal(lengths.size > 1, shape !== 'error', 'what is lost is the seed’s choice');
    });
  }

  it('breaks the pipe when something is written after a reset that looked like an end', async () => {
    const made = pair();
    made.client.resetShape = 'as-end';
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      far.write(text('150 '));
      await made.kernel.idle();
      far.reset();
      await made.kernel.idle();
      assert.equal(near.write(text('more')), false);
      await made.kernel.idle();
      assert.equal(heard.text, '150 |end|broken-pipe');
    });
  });

  it('resets the peer when it closes with bytes unread, and when bytes come after the close', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      near.write(text('unread'));
      await made.kernel.idle();
      far.close();
      await made.kernel.idle();
      assert.equal(heard.text, '|reset');

      const [second, peer] = await meet(made);
      const said = new Log(made.kernel, second);
      peer.close();
      await made.kernel.idle();
      second.write(text('too late'));
      await made.kernel.idle();
      assert.equal(said.text, '|end|broken-pipe');
    });
  });

  it('cuts what arrives at every byte, at offsets, by seed, or joins it', async () => {
    const pieces = async (turn: (host: SimHost) => void): Promise<number[]> => {
      const made = pair(11);
      turn(made.client);
      const lengths: number[] = [];
      await made.kernel.run(async () => {
        const [near, far] = await meet(made);
        for (const part of ['220 ', 'hello ', 'there']) far.write(text(part));
        await made.kernel.idle();
        const heard = new Log(made.kernel, near, (bytes) => lengths.push(bytes.length));
        await made.kernel.idle();
        assert.equal(heard.text, '220 hello there');
      });
      return lengths;
    };
    assert.deepEqual(await pieces(() => undefined), [4, 6, 5]);
    assert.deepEqual(await pieces((host) => (host.merge = true)), [15]);
    assert.deepEqual(await pieces((host) => (host.cut = 'every-byte')), new Array(15).fill(1));
    assert.deepEqual(await pieces((host) => (host.cut = [2, 7])), [2, 2, 3, 3, 5]);
    assert.ok((await pieces((host) => (host.cut = 'seeded'))).length > 3);
  });

  it('overwrites what it handed over, once the call has returned', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const kept: Uint8Array[] = [];
      const heard = new Log(made.kernel, near, (bytes) => kept.push(bytes));
      far.write(text('ABC'));
      await made.kernel.idle();
      assert.equal(heard.text, 'ABC');
      assert.deepEqual([...(kept[0] ?? [])], [0xdb, 0xdb, 0xdb]);
    });
  });

  it('skews one connection against another', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const [other, otherFar] = await meet(made);
      const heard = [new Log(made.kernel, near), new Log(made.kernel, other)];
      const rule = made.world.rule(skew((from) => from.port === far.local.port, 10));
      const start = made.kernel.now;
      far.write(text('late'));
      otherFar.write(text('prompt'));
      await made.kernel.idle();
      rule.dispose();
      assert.deepEqual(
        heard.map(({ at }) => (at[0] ?? 0) - start),
        [35, 25],
      );
    });
  });

  it('delays by repeats what a rule drops', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const [near, far] = await meet(made);
      const heard = new Log(made.kernel, near);
      let drops = 2;
      made.world.rule((segment) => (segment.bytes.length > 0 && drops-- > 0 ? 'drop' : 'pass'));
      const start = made.kernel.now;
      far.write(text('a'));
      await made.kernel.idle();
      assert.equal(heard.text, 'a');
      assert.deepEqual(heard.at, [start + 200 + 400 + 25]);
    });
  });

  it('keeps a port pair in TIME-WAIT on the side that closed first', async () => {
    for (const reuse of ['never', 'timestamps'] as const) {
      const made = pair();
      made.client.reuse = reuse;
      await made.kernel.run(async () => {
        const again = await closeAndDialAgain(made);
        if (reuse === 'timestamps') await again();
        else await assert.rejects(again, { fault: 'address-not-available' });
        await made.kernel.sleep(60_000);
        await again();
      });
    }
  });

  it('refuses a third connection while two fill the accept queue, until there is room', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const met: Connection[] = [];
      const listener = await made.server.network.listen(
        { host: '0.0.0.0', ports: anyPort, backlog: 2 },
        (one) => met.push(one),
      );
      const dial = (): Promise<Connection> =>
        made.client.network.connect(
          { host: '10.0.0.2', port: listener.local.port },
          { noDelay: true, signal },
        );
      await Promise.all([dial(), dial(), dial()]);
      assert.equal(made.kernel.now, 1000 + roundTrip);
      await made.kernel.idle();
      assert.equal(met.length, 3);
    });
  });

  it('leaves nothing behind when a connection attempt is aborted', async () => {
    const made = pair();
    await made.kernel.run(async () => {
      const met: Connection[] = [];
      const listener = await made.server.network.listen(
        { host: '0.0.0.0', ports: anyPort, backlog: 2 },
        (one) => met.push(one),
      );
      const abort = new AbortController();
      const to = { host: 'server', port: listener.local.port };
      const dialled = made.client.network.connect(to, { noDelay: true, signal: abort.signal });
      await made.kernel.sleep(30);
      abort.abort();
      await assert.rejects(dialled, { fault: 'aborted' });
      listener.dispose();
      await made.kernel.idle();
      assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
      assert.deepEqual([met.length, made.client.connections.length, made.kernel.pending().length], [0, 0, 0]);
    });
  });
});

/** Connects from a port of its own, closes first, and returns what connects from there again. */
async function closeAndDialAgain({ kernel, client, server }: Pair): Promise<() => Promise<void>> {
  const peers: Connection[] = [];
  await server.network.listen({ host: '0.0.0.0', ports: { first: 20, last: 20 }, backlog: 2 }, (peer) => {
    peers.push(peer);
    peer.receive({ data: () => undefined, end: () => peer.close(), fault: () => undefined });
  });
  const dial = async (): Promise<void> => {
    const connection = await client.network.connect(
      { host: '10.0.0.2', port: 20 },
      { from: { port: 5000 }, noDelay: true, signal },
    );
    connection.close();
    await kernel.idle();
  };
  await dial();
  return dial;
}
