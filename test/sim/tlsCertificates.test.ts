import assert from 'node:assert/strict';
import type { CertificateProblem } from '../../src/ftp';
import type { CertificateName } from '../support/server/tls/tlsSettings';
import { failure, signedIn, simulateTls } from '../support/tlsSimulation';

const shown: readonly (readonly [CertificateName, readonly CertificateProblem[]])[] = [
  ['server', []],
  ['selfSigned', ['self-signed']],
  ['expired', ['expired']],
  ['otherName', ['wrong-name']],
];

describe('TLS: certificates', () => {
  for (const [certificate, problems] of shown) {
    it(`finds in ${certificate}: ${problems.join() || 'nothing'}`, async () => {
      await simulateTls({ tls: { certificate } }, async (simulation) => {
        await signedIn(simulation, (session) => session.list('/'));
        assert.deepEqual(
          simulation.asked.map((asked) => asked.problems),
          problems.length > 0 ? [problems] : [],
        );
      });
    });
  }

  it('finds an issuer that nobody knows, also of a certificate that has other faults', async () => {
    for (const [certificate, problems] of shown.filter(([name]) => name !== 'selfSigned')) {
      await simulateTls(
        { tls: { certificate }, client: { tls: { authorities: [] } } },
        async (simulation) => {
          await signedIn(simulation, (session) => session.list('/'));
          assert.deepEqual(simulation.asked[0]?.problems, ['unknown-issuer', ...problems]);
        },
      );
    }
  });

  it('tells a person all there is to know', async () => {
    await simulateTls({ tls: { certificate: 'selfSigned' } }, async (simulation) => {
      await signedIn(simulation, (session) => session.list('/'));
      const [asked] = simulation.asked;
      assert.ok(asked);
      const { host, port, subject, issuer, names, validFrom, validTo, fingerprint, pem } = asked;
      assert.deepEqual([host, port], ['10.0.0.2', simulation.server.port]);
      assert.deepEqual([subject, issuer], ['CN=nas, O=Home', 'CN=nas, O=Home']);
      assert.deepEqual(names.slice(0, 4), [
        'localhost',
        'ftp.example.test',
        'mirror.example.test',
        '127.0.0.1',
      ]);
      assert.deepEqual([validFrom, validTo], [Date.UTC(2020, 0, 1), Date.UTC(2120, 0, 1)]);
      assert.match(fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.match(pem, /^-----BEGIN CERTIFICATE-----\n/);
      assert.match(simulation.secured().join(), /certificate nas, accepted by you, new session$/);
    });
  });

  for (const [verdict, code] of [
    ['untrusted', 'tls-certificate-untrusted'],
    ['changed', 'tls-certificate-changed'],
  ] as const) {
    it(`sends nothing to a server that is ${verdict}`, async () => {
      for (const implicit of [false, true]) {
        const security = implicit ? 'implicit' : 'explicit';
        const tls = { certificate: 'selfSigned', implicit } as const;
        await simulateTls({ tls, client: { security }, verdict: () => verdict }, async (simulation) => {
          const failed = await failure(simulation.connect());
          assert.equal(failed.code, code);
          assert.deepEqual(failed.facts['certificate'], simulation.asked[0]);
          await simulation.kernel.sleep(1000);
          assert.deepEqual(simulation.commandsSince(), implicit ? [] : ['AUTH TLS']);
          assert.equal(simulation.client.connections.length, 0);
          assert.deepEqual(simulation.secured(), []);
        });
      }
    });
  }

  it('trusts nobody when there is nobody to ask', async () => {
    const client = { tls: { authorities: [] } };
    await simulateTls({ tls: {}, client }, async (simulation) => {
      const { tls } = simulation.clientOptions;
      const { judge, ...rest } = tls ?? {};
      assert.ok(judge);
      assert.equal((await failure(simulation.connect({ tls: rest }))).code, 'tls-certificate-untrusted');
      assert.deepEqual(simulation.commandsSince(), ['AUTH TLS']);
    });
  });

  it('asks once for a session, and again when the certificate has changed', async () => {
    await simulateTls({ tls: { certificate: 'selfSigned' } }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await simulation.server.dropSessions();
        await session.list('/');
        assert.equal(simulation.asked.length, 1);
        const settings = simulation.server.settings.tls;
        assert.ok(settings);
        settings.certificate = 'changed';
        await simulation.server.dropSessions();
        await session.list('/');
        assert.equal(simulation.asked.length, 2);
      });
    });
  });

  for (const implicit of [false, true]) {
    const security = implicit ? 'implicit' : 'explicit';
    it(`has no deadline for a person, and connects again when the server has not waited: ${security}`, async () => {
      let wait: () => Promise<void> = () => Promise.resolve();
      const options = {
        tls: { certificate: 'selfSigned', implicit },
        server: { idleLimit: 60_000 },
        client: { security },
        verdict: async () => {
          await wait();
          return 'trusted' as const;
        },
      } as const;
      await simulateTls(options, async (simulation) => {
        wait = () => simulation.kernel.sleep(600_000);
        await signedIn(simulation, (session) => session.list('/'));
        assert.equal(simulation.asked.length, 1);
        const signedInOnce = simulation.commandsSince().filter((line) => line === 'USER web');
        assert.equal(signedInOnce.length, 1);
      });
    });
  }

  it('does not wait for a person who has cancelled', async () => {
    const verdict = (): Promise<never> => new Promise(() => undefined);
    await simulateTls({ tls: { certificate: 'selfSigned' }, verdict }, async (simulation) => {
      const cancel = new AbortController();
      const signing = failure(simulation.connect({ signal: cancel.signal }));
      await simulation.kernel.sleep(1000);
      assert.equal(simulation.asked.length, 1);
      cancel.abort();
      assert.equal((await signing).code, 'aborted');
      await simulation.kernel.sleep(1000);
      assert.equal(simulation.client.connections.length, 0);
    });
  });
});
