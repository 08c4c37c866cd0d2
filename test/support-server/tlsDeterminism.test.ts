import assert from 'node:assert/strict';
import { ReferenceServer } from '../support/server/referenceServer';
import { pair } from '../support/sim/pair';
import { simClock } from '../support/sim/simClock';
import { sampleFiles } from './dialogue';
import { TlsClient } from './tlsClient';

/** A session with a few transfers, one of them large; the hash of all that happened. */
async function hashOf(seed: number, version: 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  const made = pair(seed);
  return made.kernel.run(async () => {
    const server = await ReferenceServer.start({
      network: made.server.network,
      clock: simClock(made.kernel, 'server'),
      files: sampleFiles(),
      host: '10.0.0.2',
      tls: { requireReuse: true, minVersion: version, maxVersion: version },
    });
    const client = await TlsClient.loggedIn(made.client.network, server);
    await client.store('STOR up.txt', 'x'.repeat(100_000));
    for (let count = 0; count < 3; count++) assert.equal((await client.fetch('RETR up.txt')).length, 100_000);
    assert.equal(await client.fetchActive('RETR a.txt'), 'one\ntwo\n');
    await client.ask('QUIT', 221);
    client.close();
    await made.kernel.idle();
    await server.stop();
    assert.deepEqual([made.client.connections, made.server.connections], [[], []]);
    return made.kernel.hash.toString();
  });
}

describe('reference server, TLS in simulation', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`${version}: runs the same again and again, and leaves nothing open`, async () => {
      const hashes = new Set<string>();
      for (let count = 0; count < 5; count++) hashes.add(await hashOf(7, version));
      assert.equal(hashes.size, 1);
      assert.ok(!hashes.has(await hashOf(8, version)));
    });
  }
});
