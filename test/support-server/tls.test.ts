import assert from 'node:assert/strict';
import type { ConnectionOptions } from 'node:tls';
import type { ReferenceServer } from '../support/server/referenceServer';
import { clearBytes } from '../support/server/tls/traffic';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import { sampleFiles } from './dialogue';
import { places, type Place } from './places';
import { readAll, TlsClient } from './tlsClient';

for (const { name, run } of places) {
  describe(`reference server, TLS ${name}`, () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const only = { minVersion: version, maxVersion: version };

      it(`${version}: up, down, list and empty files, passive and active`, () =>
        run(async (place) => {
          const { server, client } = await meet(place, only);
          assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
          await client.store('STOR up.txt', 'hello');
          await client.store('STOR empty.txt', '');
          assert.equal(await client.fetch('RETR empty.txt'), '');
          assert.equal(await client.fetch('NLST empty'), '');
          assert.equal(await client.fetch('NLST docs'), 'Grüße.txt\r\n');
          const arrived = await client.active();
          client.say('RETR up.txt');
          const wire = await arrived();
          await client.expect(150);
          assert.equal(await readAll(await client.dataTls(wire)), 'hello');
          await client.expect(226);
          assert.deepEqual(
            server.handshakes.map(({ kind, tls }) => `${kind} ${tls.protocol} ${tls.resumed}`),
            [`control ${version} false`, ...Array<string>(7).fill(`data ${version} true`)],
          );
        }));
    }

    it('nothing is in clear but what stands before AUTH and its reply', () =>
      run(async (place) => {
        const { server, client } = await meet(place, {});
        await client.store('STOR up.txt', 'hello '.repeat(10_000));
        assert.equal((await client.fetch('RETR up.txt')).length, 60_000);
        await client.ask('QUIT', 221);
        const clear = server.traffic.map(({ kind, received, sent }) => [
          kind,
          text(clearBytes(received)),
          text(clearBytes(sent)),
        ]);
        assert.deepEqual(clear, [
          ['control', 'AUTH TLS\r\n', '220 Reference server ready.\r\n234 AUTH TLS okay.\r\n'],
          ['data', '', ''],
          ['data', '', ''],
        ]);
      }));
  });
}

async function meet(
  place: Place,
  tls: TlsOptions,
  options: ConnectionOptions = {},
): Promise<{ server: ReferenceServer; client: TlsClient }> {
  const server = await place.server(0, { tls, record: true, files: sampleFiles() });
  const client = await TlsClient.loggedIn(place.client.network, server, options);
  place.later(() => client.close());
  return { server, client };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
