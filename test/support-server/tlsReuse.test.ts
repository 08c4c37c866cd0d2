import assert from 'node:assert/strict';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { pyftpdlib } from '../support/server/personas/pyftpdlib';
import { vsftpd } from '../support/server/personas/vsftpd';
import { ReferenceServer } from '../support/server/referenceServer';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import { pair, type Pair } from '../support/sim/pair';
import { simClock } from '../support/sim/simClock';
import { sampleFiles } from './dialogue';
import { places } from './places';
import { readAll, TlsClient } from './tlsClient';
import { meet } from './tlsMeeting';

const requireReuse = true;

for (const { name, run } of places) {
  describe(`reference server, TLS sessions ${name}`, () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const only = { minVersion: version, maxVersion: version };

      it(`${version}: where reuse is required, nobody comes in without`, () =>
        run(async (place) => {
          const { client } = await meet(place, { ...only, requireReuse });
          const socket = await client.transfer('RETR a.txt', { session: undefined });
          assert.equal(await readAll(socket), '');
          await client.expect(522);
          for (let count = 0; count < 20; count++) {
            assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
          }
        }));

      it(`${version}: the session of another control connection is none`, () =>
        run(async (place) => {
          const { server, client } = await meet(place, { ...only, requireReuse });
          const other = await TlsClient.loggedIn(place.client.network, server);
          place.later(() => other.close());
          const socket = await client.transfer('RETR a.txt', { session: other.tickets.at(-1) });
          assert.equal(await readAll(socket), '');
          await client.expect(522);
        }));

      it(`${version}: without tickets nothing resumes`, () =>
        run(async (place) => {
          const { server, client } = await meet(place, { ...only, tickets: false });
          for (let count = 0; count < 2; count++) {
            assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
          }
          assert.deepEqual(
            server.handshakes.map(({ tls }) => tls.resumed),
            [false, false, false],
          );
        }));
    }

    it('a TLS 1.3 ticket is good for one data connection where it says so', () =>
      run(async (place) => {
        const { client } = await meet(place, { singleUse: true, requireReuse });
        const [ticket] = client.tickets;
        assert.ok(ticket);
        assert.equal(await client.fetch('RETR a.txt', { session: ticket }), 'one\ntwo\n');
        assert.equal(await readAll(await client.transfer('RETR a.txt', { session: ticket })), '');
        await client.expect(522);
        // Each data connection that resumes brings another ticket.
        for (let count = 0; count < 20; count++) {
          assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
        }
      }));

    it('as vsftpd it hangs up with 522, as ProFTPD it goes on with 425, as the others it minds nothing', () =>
      run(async (place) => {
        for (const [persona, code, next] of [
          [vsftpd, 522, 'clo'],
          [proftpd, 425, '200'],
          [pureftpd, 226, '200'],
          [pyftpdlib, 226, '200'],
        ] as const) {
          const { client } = await meet(place, {}, { persona });
          const wire = await client.passive();
          client.say('RETR a.txt');
          const socket = await client.dataTls(wire, { session: undefined });
          assert.match(await client.reply(), /^1[25][05] /);
          void readAll(socket).catch(() => '');
          await client.expect(code);
          client.say('NOOP');
          assert.equal((await client.reply()).slice(0, 3), next, persona.name);
          await place.leave();
        }
      }));
  });
}

describe('reference server, TLS sessions and time', () => {
  it('a session that is too old does not count, and a new control connection has a new one', () =>
    inSimulation({ requireReuse, sessionAge: 300_000 }, async (made, open) => {
      const client = await open();
      await made.kernel.sleep(290_000);
      assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
      await made.kernel.sleep(20_000);
      assert.equal(await readAll(await client.transfer('RETR a.txt')), '');
      await client.expect(522);
      client.close();
      assert.equal(await (await open()).fetch('RETR a.txt'), 'one\ntwo\n');
    }));

  it('where data connections renew it, it stays young', () =>
    inSimulation({ requireReuse, sessionAge: 300_000, renewsSession: true }, async (made, open) => {
      const client = await open();
      for (let count = 0; count < 3; count++) {
        await made.kernel.sleep(250_000);
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
      }
      await made.kernel.sleep(310_000);
      assert.equal(await readAll(await client.transfer('RETR a.txt')), '');
      await client.expect(522);
    }));
});

type Open = () => Promise<TlsClient>;

function inSimulation(tls: TlsOptions, main: (made: Pair, open: Open) => Promise<void>): Promise<void> {
  const made = pair();
  return made.kernel.run(async () => {
    const clock = simClock(made.kernel, 'server');
    const { network } = made.server;
    const server = await ReferenceServer.start({
      network,
      clock,
      files: sampleFiles(),
      host: '10.0.0.2',
      tls,
    });
    await main(made, () => TlsClient.loggedIn(made.client.network, server));
    await server.stop();
  });
}
