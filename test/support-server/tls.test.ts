import assert from 'node:assert/strict';
import { credentials } from '../support/server/tls/tlsSettings';
import { clearBytes } from '../support/server/tls/traffic';
import { places } from './places';
import { readAll, TlsClient } from './tlsClient';
import { lastRecordType, lines, meet, text } from './tlsMeeting';

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
          assert.equal(await client.fetchActive('RETR up.txt'), 'hello');
          await client.storeActive('STOR up.txt', '');
          assert.equal(await client.fetchActive('RETR up.txt'), '');
          assert.deepEqual(
            server.handshakes.map(({ kind, tls }) => `${kind} ${tls.protocol} ${tls.resumed}`),
            [`control ${version} false`, ...Array<string>(9).fill(`data ${version} true`)],
          );
        }));

      it(`${version}: a large file both ways`, () =>
        run(async (place) => {
          const { client } = await meet(place, only);
          const large = 'a line of the file\n'.repeat(40_000);
          await client.store('STOR large.txt', large);
          assert.ok((await client.fetch('RETR large.txt')) === large);
        }));
    }

    it('speaks TLS from the first byte on its implicit port', () =>
      run(async (place) => {
        const server = await place.server(0, { tls: { implicit: true } });
        const client = await TlsClient.openImplicit(place.client.network, server);
        place.later(() => client.close());
        await client.ask('AUTH TLS', 500);
        await client.logIn();
        await client.protect();
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
      }));

    it('shows the certificate that it is told to, from one connection to the next', () =>
      run(async (place) => {
        const server = await place.server(0, { tls: { certificate: 'selfSigned' } });
        const { network } = place.client;
        const ca = credentials('selfSigned').cert;
        (await TlsClient.loggedIn(network, server, { ca })).close();
        assert.ok(server.settings.tls);
        server.settings.tls.certificate = 'changed';
        const client = await TlsClient.open(network, server, { ca });
        place.later(() => client.close());
        await assert.rejects(client.secure(), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      }));

    it('PROT C leaves data connections in clear, and CCC the control connection', () =>
      run(async (place) => {
        const { server, client } = await meet(place, {});
        await client.ask('PROT C', 200);
        const wire = await client.passive();
        await client.ask('RETR a.txt', 150);
        await client.expect(226);
        wire.close();
        await client.clear();
        await client.ask('NOOP', 200);
        await client.ask('PROT P', 503);
        const [control, data] = server.traffic;
        assert.match(text(clearBytes(control?.received ?? nothing)), /^AUTH TLS\r\nNOOP\r\nPROT P\r\n$/);
        assert.equal(text(clearBytes(data?.sent ?? nothing)), 'one\ntwo\n');
      }));

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

    it('refuses in clear what must be in TLS', () =>
      run(async (place) => {
        const server = await place.server(0, { tls: { required: 'control and data' } });
        const client = await TlsClient.open(place.client.network, server);
        place.later(() => client.close());
        await client.ask('USER web', 530);
        await client.ask('PROT P', 503);
        await client.ask('AUTH FOO', 504);
        await client.secure('SSL');
        await client.ask('AUTH TLS', 503);
        await client.logIn();
        await client.ask('NLST', 522);
        await client.ask('PROT P', 503);
        await client.ask('PBSZ 0', 200);
        await client.ask('PROT C', 534);
        for (const level of ['S', 'E']) await client.ask(`PROT ${level}`, 536);
        await client.ask('PROT X', 504);
        await client.ask('PROT P', 200);
        assert.equal(await client.fetch('NLST empty'), '');
      }));

    it('says in FEAT what it knows, and knows nothing of TLS unless told', () =>
      run(async (place) => {
        const tls = { cpsv: true, sscn: true };
        const { client } = await meet(place, tls);
        const features = lines(await client.ask('FEAT', 211));
        for (const line of ['AUTH TLS', 'CCC', 'CPSV', 'PBSZ', 'PROT', 'SSCN']) {
          assert.ok(features.includes(` ${line}`), line);
        }
        const clear = await TlsClient.open(place.client.network, await place.server(1));
        place.later(() => clear.close());
        assert.ok(!lines(await clear.ask('FEAT', 211)).includes(' AUTH TLS'));
        for (const line of ['AUTH TLS', 'PBSZ 0', 'PROT P', 'CCC', 'SSCN']) await clear.ask(line, 500);
      }));

    it('forgets commands that stand in clear behind AUTH, and tells on the client', () =>
      run(async (place) => {
        const seen: string[] = [];
        const server = await place.server(0, { tls: {}, onViolation: ({ rule }) => seen.push(rule) });
        const client = await TlsClient.open(place.client.network, server);
        place.later(() => client.close());
        await client.secure('TLS\r\nUSER web\r\nPASS secret');
        await client.ask('PASS secret', 503);
        assert.deepEqual(seen, ['command-behind-auth', 'command-behind-auth']);
      }));

    for (const [certificate, says] of [
      ['client', 'lets in'],
      ['selfSigned', 'ends with'],
      [undefined, 'ends with'],
    ] as const) {
      it(`where it wants to know who comes, it ${says} ${certificate ?? 'nobody'}`, () =>
        run(async (place) => {
          const server = await place.server(0, { tls: { clientCertificate: 'required' } });
          const how = certificate ? credentials(certificate) : {};
          const client = await TlsClient.open(place.client.network, server, how);
          place.later(() => client.close());
          // In TLS 1.3 the client's part is over before the server has looked at it.
          await client.secure().catch(() => undefined);
          client.say('USER web');
          assert.equal((await client.reply()).slice(0, 3), certificate === 'client' ? '331' : 'clo');
        }));
    }

    it('asks for a certificate, and does without', () =>
      run(async (place) => {
        const { server, client } = await meet(place, { clientCertificate: 'asked' });
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
        assert.equal(server.handshakes[0]?.tls.certificate, undefined);
      }));

    it('shakes hands when the data connection is accepted, if told so', () =>
      run(async (place) => {
        const { client } = await meet(place, { handshakeOnAccept: true });
        const socket = await client.dataTls(await client.passive());
        await client.ask('RETR a.txt', 150);
        assert.equal(await readAll(socket), 'one\ntwo\n');
        await client.expect(226);
      }));

    it('sees whether an upload ended with close_notify, and minds where it is strict', () =>
      run(async (place) => {
        for (const [strictEnd, code] of [
          [false, 226],
          [true, 426],
        ] as const) {
          const { server, client } = await meet(place, { strictEnd });
          await client.store('STOR up.txt', 'hello');
          assert.equal(server.handshakes.at(-1)?.endedProperly(), true);
          await client.storeBare('STOR up.txt', 'hello', code);
          assert.equal(server.handshakes.at(-1)?.endedProperly(), false);
          await place.leave();
        }
      }));

    it('ends data connections without close_notify, if told so', () =>
      run(async (place) => {
        const { server, client } = await meet(place, { closeNotify: false, maxVersion: 'TLSv1.2' });
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
        // The first byte of the last record says what it is; 23 is data.
        assert.equal(lastRecordType(server.traffic[1]?.sent ?? nothing), 23);
        const other = await meet(place, { maxVersion: 'TLSv1.2' });
        assert.equal(await other.client.fetch('RETR a.txt'), 'one\ntwo\n');
        assert.equal(lastRecordType(other.server.traffic[1]?.sent ?? nothing), 21);
      }));
  });
}

const nothing = new Uint8Array();
