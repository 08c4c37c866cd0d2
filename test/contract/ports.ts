import assert from 'node:assert/strict';
import type { Connection } from '../../src/ftp/net/network';
import { Heard, type Check, type Stage } from './stage';

export function ports(check: Check): void {
  check('dials from the port it is told', async (stage) => {
    const free = await stage.listen(undefined, { network: stage.world.client, host: '0.0.0.0' });
    const { port } = free.local;
    free.dispose();
    const [near, far] = await stage.pair({ port });
    assert.equal(near.local.port, port);
    assert.equal(far.remote.port, port);
  });

  check('listens on the port of a connection that was bound first, and is dialled there', async (stage) => {
    const [near, far] = await stage.pair({});
    const met: Connection[] = [];
    const { host, port } = near.local;
    const at = { network: stage.world.client, host, ports: { first: port, last: port } };
    await stage.listen((connection) => met.push(connection), at);
    const back = await stage.dial(far.remote, { network: stage.world.server, from: {} });
    await stage.until(() => met.length > 0);
    assert.equal(met[0]?.local.port, port);
    const heard = [new Heard(near), ...met.map((connection) => new Heard(connection))];
    far.write(Buffer.from('control'));
    back.write(Buffer.from('data'));
    await stage.until(() => heard.map(({ text }) => text).join() === 'control,data');
  });

  check('cannot listen on the port of a connection that was not bound', async (stage) => {
    const [near] = await stage.pair();
    const { host, port } = near.local;
    const at = { network: stage.world.client, host, ports: { first: port, last: port } };
    await assert.rejects(stage.listen(undefined, at), { fault: 'address-in-use', during: 'listen' });
  });

  check('cannot dial from a port on which it listens already', async (stage) => {
    const own = await stage.listen(undefined, { network: stage.world.client, host: '0.0.0.0' });
    const other = await stage.listen();
    const dialled = stage.dial({ port: other.local.port }, { from: { port: own.local.port } });
    await assert.rejects(dialled, { fault: 'address-in-use', during: 'connect' });
  });

  check('says address-in-use for a port that is listened on', async (stage) => {
    const { port } = (await stage.listen()).local;
    const again = stage.listen(undefined, { ports: { first: port, last: port } });
    await assert.rejects(again, { name: 'NetError', fault: 'address-in-use', during: 'listen' });
  });

  check('takes the ports of a range that are free, then says address-in-use', async (stage) => {
    const range = await twoFreePorts(stage);
    const taken = [
      await stage.listen(undefined, { ports: range }),
      await stage.listen(undefined, { ports: range }),
    ];
    assert.deepEqual(taken.map(({ local }) => local.port).sort(), [range.first, range.last]);
    await assert.rejects(stage.listen(undefined, { ports: range }), { fault: 'address-in-use' });
  });

  check('cannot listen on an address of somebody else', async (stage) => {
    await assert.rejects(stage.listen(undefined, { host: '192.0.2.1' }), { fault: 'address-not-available' });
  });

  check('cannot dial from an address of somebody else', async (stage) => {
    const { port } = (await stage.listen()).local;
    const dialled = stage.dial({ port }, { from: { host: '192.0.2.1' } });
    await assert.rejects(dialled, { fault: 'address-not-available', during: 'connect' });
  });

  check('refuses after the listener was disposed, and keeps what it had accepted', async (stage) => {
    const [met, listener] = await stage.meeting();
    const near = await stage.dial({ port: listener.local.port });
    const far = await met;
    listener.dispose();
    listener.dispose();
    await assert.rejects(stage.dial({ port: listener.local.port }), { fault: 'refused' });
    const heard = new Heard(near);
    far.write(Buffer.from('kept'));
    await stage.until(() => heard.text === 'kept');
  });

  for (const when of ['while it is being made', 'before it is accepted'] as const) {
    check(`does not leave a connection hanging whose listener is disposed ${when}`, async (stage) => {
      const met: Connection[] = [];
      const listener = await stage.listen((connection) => met.push(connection));
      const dialled = stage.dial({ port: listener.local.port });
      if (when === 'before it is accepted') await dialled;
      listener.dispose();
      assert.match(await fateOf(stage, dialled, met), /^(refused|reset|fault reset|accepted)$/);
    });
  }
}

/** How an attempt ends whose listener went away: some way it must. */
async function fateOf(stage: Stage, dialled: Promise<Connection>, met: Connection[]): Promise<string> {
  try {
    const heard = new Heard(await dialled);
    await stage.until(() => heard.ending !== undefined || met.length > 0);
    return heard.ending ?? 'accepted';
  } catch (error) {
    return (error as { fault?: string }).fault ?? String(error);
  }
}

async function twoFreePorts(stage: Stage): Promise<{ first: number; last: number }> {
  for (;;) {
    const first = (await stage.listen()).local.port;
    const last = first + 1;
    const next = await stage.listen(undefined, { ports: { first: last, last } }).catch(() => undefined);
    await stage.clear();
    if (next) return { first, last };
  }
}
