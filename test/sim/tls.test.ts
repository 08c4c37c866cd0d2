import assert from 'node:assert/strict';
import type { DataEvent } from '../../src/ftp';
import { FaultScript } from '../support/server/faultScript';
import { proftpd } from '../support/server/personas/proftpd';
import { pyftpdlib } from '../support/server/personas/pyftpdlib';
import { reference } from '../support/server/personas/reference';
import { clearBytes } from '../support/server/tls/traffic';
import { credentials } from '../support/server/tls/tlsSettings';
import { failure, signedIn, simulateTls } from '../support/tlsSimulation';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const ways = ['passive', 'active'] as const;

describe('TLS: signing in', () => {
  it('says AUTH, judges, signs in, and asks for the rest in one segment', async () => {
    await simulateTls({ tls: {} }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await session.list('/');
        assert.deepEqual(simulation.commandsSince().slice(0, 10), [
          'AUTH TLS',
          'USER web',
          'PASS secret',
          'PBSZ 0',
          'PROT P',
          'TYPE I',
          'FEAT',
          'SYST',
          'PWD',
          'OPTS UTF8 ON',
        ]);
        assert.equal(session.security?.protocol, 'TLSv1.3');
        assert.equal(session.security?.resumed, false);
        assert.equal(session.profile.secured, true);
        assert.deepEqual(simulation.asked, []);
        assert.deepEqual(simulation.secured(), [
          'TLS 1.3, TLS_AES_256_GCM_SHA384, certificate ftp.example.test, trusted by the system, new session',
        ]);
      });
    });
  });

  it('takes two round trips more than in clear text with TLS 1.3, three with TLS 1.2', async () => {
    const trips = async (tls: object | undefined, security: 'none' | 'explicit'): Promise<number> =>
      simulateTls({ tls, client: { security } }, async (simulation) => {
        let close = (): Promise<void> => Promise.resolve();
        const taken = await simulation.roundTrips(async () => {
          const session = await simulation.connect();
          close = () => session.close();
        });
        await close();
        return taken;
      });
    const clear = await trips(undefined, 'none');
    assert.equal(await trips({ minVersion: 'TLSv1.3' }, 'explicit'), clear + 2);
    assert.equal(await trips({ maxVersion: 'TLSv1.2' }, 'explicit'), clear + 3);
  });

  it('speaks TLS from the first byte on where it is implicit', async () => {
    await simulateTls({ tls: { implicit: true }, client: { security: 'implicit' } }, async (simulation) => {
      await signedIn(simulation, (session) => session.write('/a.txt', Buffer.from('hello')));
      assert.deepEqual(simulation.clear(), { sent: '', received: '' });
    });
  });

  it('takes port 990 for implicit TLS', async () => {
    const server = { port: 990 };
    const client = { security: 'auto', port: 990 } as const;
    await simulateTls({ tls: { implicit: true }, server, client }, async (simulation) => {
      await signedIn(simulation, (session) => session.list('/'));
      assert.deepEqual(simulation.clear(), { sent: '', received: '' });
    });
  });

  it('goes on in clear text where the server knows no TLS, and nobody insists', async () => {
    await simulateTls({ client: { security: 'auto' } }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await session.list('/');
        assert.equal(session.security, undefined);
        assert.equal(session.profile.secured, undefined);
        assert.deepEqual(simulation.commandsSince().slice(0, 2), ['AUTH TLS', 'USER web']);
      });
    });
  });

  it('uses TLS by itself where the server has it', async () => {
    await simulateTls({ tls: {}, client: { security: 'auto' } }, async (simulation) => {
      await signedIn(simulation, (session) => session.list('/'));
      assert.deepEqual(simulation.clear().sent, 'AUTH TLS\r\n');
    });
  });

  it('does not say AUTH where the site wants none', async () => {
    await simulateTls({ tls: {}, client: { security: 'none' } }, async (simulation) => {
      await signedIn(simulation, (session) => session.list('/'));
      assert.ok(!simulation.commandsSince().includes('AUTH TLS'));
    });
  });

  it('shows the client certificate that a server asks for', async () => {
    const { cert: certificate, key } = credentials('client');
    const client = { tls: { clientCertificate: { certificate, key } } };
    for (const maxVersion of versions) {
      const tls = { clientCertificate: 'required', maxVersion } as const;
      await simulateTls({ tls, client }, async (simulation) => {
        await signedIn(simulation, (session) => session.write('/a.txt', Buffer.from('hello')));
        assert.ok(simulation.server.handshakes.every(({ tls: met }) => met.resumed || met.certificate));
      });
      const without = await simulateTls({ tls }, (simulation) => failure(simulation.connect()));
      assert.equal(without.code, 'tls-client-certificate', maxVersion);
    }
  });

  it('says when a setting cannot be read', async () => {
    const clientCertificate = { certificate: 'no certificate', key: 'no key' };
    const failed = await simulateTls({ tls: {}, client: { tls: { clientCertificate } } }, (simulation) =>
      failure(simulation.connect()),
    );
    assert.equal(failed.code, 'tls-client-certificate');
  });

  it('leaves TLS again after CCC, with data connections still in it', async () => {
    for (const maxVersion of versions) {
      const client = { tls: { clearCommands: true } };
      await simulateTls({ tls: { maxVersion }, client }, async (simulation) => {
        await signedIn(simulation, async (session) => {
          assert.equal(session.security, undefined);
          await session.write('/a.txt', Buffer.from('hello'));
          assert.equal(Buffer.from(await session.read('/a.txt')).toString(), 'hello');
        });
        const { sent } = simulation.clear();
        assert.ok(sent.startsWith('AUTH TLS\r\nEPSV\r\n'), sent);
        assert.ok(
          simulation.server.handshakes.filter(({ kind }) => kind === 'data').every(({ tls }) => tls.resumed),
        );
      });
    }
  });

  it('stays in TLS when the server refuses CCC', async () => {
    await simulateTls(
      { tls: { ccc: false }, client: { tls: { clearCommands: true } } },
      async (simulation) => {
        await signedIn(simulation, async (session) => {
          assert.equal(session.security?.protocol, 'TLSv1.3');
          await session.list('/');
        });
        assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
      },
    );
  });
});

describe('TLS: data connections', () => {
  for (const maxVersion of versions) {
    for (const dataConnection of ways) {
      it(`resumes the session each time: ${maxVersion}, ${dataConnection}`, async () => {
        const tls = { maxVersion, requireReuse: true };
        await simulateTls({ tls, client: { dataConnection } }, async (simulation) => {
          await signedIn(simulation, async (session) => {
            const bytes = new Uint8Array(300_000).map((_, index) => index * 7);
            await session.write('/big.bin', bytes);
            assert.ok(Buffer.from(await session.read('/big.bin')).equals(bytes));
            await session.write('/empty', new Uint8Array(0));
            assert.equal((await session.read('/empty')).length, 0);
            for (let i = 0; i < 50; i++) await session.write('/small', Uint8Array.of(i));
            assert.equal((await session.list('/')).length, 3);
          });
          const data = simulation.server.handshakes.filter(({ kind }) => kind === 'data');
          assert.equal(data.length, 55);
          assert.ok(data.every((met) => met.tls.resumed));
          // Of a download, the server may have closed before our close_notify arrives.
          const uploads = data.filter((_, index) => ![1, 3, 54].includes(index));
          assert.ok(uploads.every((met) => met.endedProperly()));
          const clear = simulation.server.traffic.filter(({ kind }) => kind === 'data');
          assert.equal(clear.length, 55);
          for (const { sent, received } of clear) {
            assert.deepEqual([clearBytes(sent).length, clearBytes(received).length], [0, 0]);
          }
          const opened = simulation.events.filter(
            (event): event is DataEvent => event.kind === 'data' && event.phase === 'open',
          );
          const version = maxVersion.replace('TLSv', 'TLS ');
          assert.ok(opened.every(({ text, tls }) => tls?.resumed && text.endsWith(`, ${version} resumed`)));
        });
      });
    }
  }

  it('begins TLS when the server does it as soon as somebody dials', async () => {
    await simulateTls({ tls: { handshakeOnAccept: true } }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await session.write('/a.txt', Buffer.from('hello'));
        assert.equal((await session.read('/a.txt')).length, 5);
      });
    });
  });

  it('makes a new session where the server gives none to resume', async () => {
    for (const maxVersion of versions) {
      await simulateTls({ tls: { tickets: false, maxVersion } }, async (simulation) => {
        await signedIn(simulation, (session) => session.list('/'));
        const texts = simulation.events.flatMap((event) =>
          event.kind === 'data' && event.phase === 'open' ? [event.text] : [],
        );
        assert.equal(texts.length, 1);
        assert.ok(
          texts.every((text) => text.endsWith(', new session')),
          texts.join(),
        );
      });
    }
  });

  it('goes in clear text where the site says so', async () => {
    await simulateTls({ tls: {}, client: { tls: { data: 'clear' } } }, async (simulation) => {
      await signedIn(simulation, (session) => session.write('/a.txt', Buffer.from('hello')));
      assert.ok(simulation.commandsSince().includes('PROT C'));
      const data = simulation.server.traffic.filter(({ kind }) => kind === 'data');
      assert.deepEqual(
        data.map(({ received }) => Buffer.from(received).toString()),
        ['hello'],
      );
    });
  });

  it('signs in once more when the session has become too old to be resumed', async () => {
    const tls = { requireReuse: true, sessionAge: 300_000 };
    await simulateTls({ tls }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await session.write('/a.txt', Buffer.from('hello'));
        await simulation.kernel.sleep(301_000);
        assert.equal((await session.read('/a.txt')).length, 5);
        await session.write('/a.txt', Buffer.from('hello again'));
      });
      assert.equal(simulation.commandsSince().filter((line) => line === 'AUTH TLS').length, 2);
      assert.deepEqual(
        simulation.events.filter(({ kind }) => kind === 'trouble'),
        [],
      );
    });
  });

  it('says so when the server rejects the session of a new control connection, too', async () => {
    await simulateTls({ tls: { requireReuse: true, tickets: false } }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        assert.equal((await failure(session.list('/'))).code, 'tls-session-not-resumed');
        assert.deepEqual(session.profile.learned.rendezvous, {});
      });
      assert.equal(simulation.commandsSince().filter((line) => line === 'AUTH TLS').length, 2);
    });
  });

  it('refuses another certificate than that of the control connection', async () => {
    const script = new FaultScript({ point: 'handshake(data,1)', kind: 'other-certificate' });
    await simulateTls({ tls: { tickets: false }, script }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        const { code, facts } = await failure(session.list('/'));
        assert.equal(code, 'tls-data-certificate');
        assert.ok(facts['certificate']);
        assert.deepEqual(session.profile.learned.rendezvous, {});
      });
      assert.equal(script.fired, 1);
    });
  });

  it('has the size prove what ended without close_notify', async () => {
    await simulateTls({ tls: { closeNotify: false } }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        await session.write('/a.txt', Buffer.from('hello'));
        assert.equal((await session.read('/a.txt')).length, 5);
        assert.equal((await session.list('/')).length, 1);
        session.profile.learned.unsupported.push('SIZE');
        assert.equal((await failure(session.read('/a.txt'))).code, 'data-cut');
      });
      const texts = simulation.events.flatMap((event) =>
        event.kind === 'data' && event.phase === 'closed' ? [event.text] : [],
      );
      assert.ok(texts.includes('received 5 bytes, closed by the server without close_notify'), texts.join());
    });
  });

  for (const kind of ['close', 'reset', 'alert', 'plain'] as const) {
    it(`learns nothing against the way when the server's handshake ends so: ${kind}`, async () => {
      for (const dataConnection of ways) {
        const script = new FaultScript({ point: 'handshake(data,1)', kind });
        await simulateTls({ tls: {}, script, client: { dataConnection } }, async (simulation) => {
          await signedIn(simulation, async (session) => {
            assert.equal((await failure(session.list('/'))).code, 'tls-handshake-failed');
            assert.deepEqual(session.profile.learned.rendezvous, {});
            assert.deepEqual(await session.list('/'), []);
          });
          assert.equal(script.fired, 1);
        });
      }
    });
  }

  it('learns nothing against the way when the server refuses data in clear text', async () => {
    // The one refuses the transfer, the other any way to it.
    for (const persona of [reference, pyftpdlib]) {
      const tls = { required: 'control and data', acceptsClearLevel: true } as const;
      const client = { tls: { data: 'clear' } } as const;
      await simulateTls({ tls, client, server: { persona } }, async (simulation) => {
        await signedIn(simulation, async (session) => {
          assert.equal((await failure(session.list('/'))).code, 'tls-data-required');
          assert.deepEqual(session.profile.learned.rendezvous, {});
        });
      });
    }
  });

  it('says what the reply says when the server closes the data connection before it', async () => {
    for (const persona of [proftpd, pyftpdlib]) {
      await simulateTls({ tls: {}, server: { persona } }, async (simulation) => {
        await signedIn(simulation, async (session) => {
          assert.equal((await failure(session.read('/absent'))).code, 'not-found');
          assert.deepEqual(await session.list('/'), []);
        });
      });
    }
  });

  it('gives up a handshake that stands still', async () => {
    const script = new FaultScript({ point: 'handshake(data,1)', kind: 'stall' });
    await simulateTls({ tls: {}, script }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        const { code, facts } = await failure(session.list('/'));
        assert.deepEqual([code, facts['seconds']], ['tls-handshake-failed', 15]);
        assert.deepEqual(session.profile.learned.rendezvous, {});
        assert.deepEqual(await session.list('/'), []);
      });
    });
  });

  it('ends a handshake that is cancelled, or whose transfer is refused', async () => {
    const script = new FaultScript({ point: 'handshake(data,1)', kind: 'stall' });
    await simulateTls({ tls: {}, script }, async (simulation) => {
      await signedIn(simulation, async (session) => {
        const cancel = new AbortController();
        const listed = failure(session.list('/', { signal: cancel.signal }));
        await simulation.kernel.sleep(1000);
        cancel.abort();
        assert.equal((await listed).code, 'aborted');
        script.heal();
        assert.equal((await failure(session.read('/absent'))).code, 'not-found');
        assert.deepEqual(await session.list('/'), []);
      });
    });
  });
});
