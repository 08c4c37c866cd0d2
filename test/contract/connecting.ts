import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { Connection } from '../../src/ftp/net/network';
import { Heard, type Check } from './stage';

export function connecting(check: Check): void {
  check('is refused by a closed port', async (stage) => {
    const port = await stage.freePort();
    await assert.rejects(stage.dial({ port }), { name: 'NetError', fault: 'refused', during: 'connect' });
  });

  check('does not reach a host to which there is no way', async (stage) => {
    const { unreachableHost } = stage.world;
    if (unreachableHost) {
      await assert.rejects(stage.dial({ host: unreachableHost, port: 21 }), { fault: 'unreachable' });
    } else {
      // Loopback reaches everybody it can name; of real sockets, the other half of the rule is asked.
      assert.ok(await stage.pair());
    }
  });

  check('does not begin when the signal was aborted before', async (stage) => {
    let met = 0;
    const listener = await stage.listen(() => met++);
    const signal = AbortSignal.abort();
    await assert.rejects(stage.dial(listener.local, { signal }), { fault: 'aborted', during: 'connect' });
    assert.equal(met, 0);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  check('stops when the signal is aborted, and leaves no listener on it', async (stage) => {
    const listener = await stage.listen();
    const abort = new AbortController();
    const dialled = stage.dial(listener.local, { signal: abort.signal });
    abort.abort();
    await assert.rejects(dialled, { fault: 'aborted' });
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  });

  check(
    'leaves no listener on the signal when it succeeds or fails, and does not mind it later',
    async (stage) => {
      const [met, listener] = await stage.meeting();
      const abort = new AbortController();
      const near = await stage.dial(listener.local, { signal: abort.signal });
      const port = await stage.freePort();
      await assert.rejects(stage.dial({ port }, { signal: abort.signal }), { fault: 'refused' });
      assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
      abort.abort();
      const far = await met;
      const heard = new Heard(far);
      near.write(Buffer.from('still here'));
      await stage.until(() => heard.text === 'still here');
    },
  );

  check('knows both ends on both sides', async (stage) => {
    const [near, far] = await stage.pair();
    assert.deepEqual(near.local, far.remote);
    assert.deepEqual(near.remote, far.local);
    assert.equal(near.remote.host, stage.world.serverHost);
    assert.equal(near.remote.family, 4);
    assert.ok(near.local.port > 0);
  });

  check('shows an IPv4 peer of a listener on :: as IPv4', async (stage) => {
    const met: Connection[] = [];
    const listener = await stage.listen((connection) => met.push(connection), { host: '::' });
    assert.equal(listener.local.family, 6);
    const near = await stage.dial({ port: listener.local.port });
    await stage.until(() => met.length > 0);
    assert.deepEqual(met[0]?.remote, near.local);
    assert.deepEqual(met[0]?.local, near.remote);
    assert.equal(met[0]?.remote.family, 4);
  });

  check('finds a host by its name', async (stage) => {
    const listener = await stage.listen(undefined, { host: '127.0.0.1' });
    const near = await stage.dial(
      { host: 'localhost', port: listener.local.port },
      { network: stage.world.server },
    );
    assert.equal(near.remote.host, '127.0.0.1');
  });

  for (const count of [1, 2, 200]) {
    check(`keeps ${count} connections apart`, async (stage) => {
      const listener = await stage.listen((far) => {
        new Heard(far, (bytes) => far.write(Uint8Array.from(bytes)));
      });
      const dials = Array.from({ length: count }, () => stage.dial({ port: listener.local.port }));
      const heard = (await Promise.all(dials)).map((near, index) => {
        const echo = new Heard(near);
        near.write(Buffer.from(`connection ${index}`));
        return echo;
      });
      await stage.until(() => heard.every((echo, index) => echo.text === `connection ${index}`));
    });
  }
}
