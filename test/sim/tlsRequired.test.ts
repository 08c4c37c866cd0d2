import assert from 'node:assert/strict';
import type { ConnectOptions, ServerProfile } from '../../src/ftp';
import { ScriptedServer, type Part } from '../support/scriptedServer';
import { FaultScript } from '../support/server/faultScript';
import { failure, signedIn, simulateTls } from '../support/tlsSimulation';

type Client = Partial<ConnectOptions>;

/** Ways to say that nothing may be sent in clear text. */
const insisting: readonly (readonly [string, Client])[] = [
  ['explicit', { security: 'explicit' }],
  ['auto, and required', { security: 'auto', tls: { required: true } }],
  ['auto, and had before', { security: 'auto', profile: securedBefore() }],
];

describe('TLS: required', () => {
  for (const [name, client] of insisting) {
    it(`sends AUTH and nothing else to a server without TLS: ${name}`, async () => {
      await simulateTls({ client }, async (simulation) => {
        const { code } = await failure(simulation.connect());
        assert.equal(code, 'tls-unavailable');
        await simulation.kernel.sleep(1000);
        assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
      });
    });

    it(`sends AUTH and nothing else in clear text to a server with TLS: ${name}`, async () => {
      await simulateTls({ tls: {}, client }, async (simulation) => {
        await signedIn(simulation, async (session) => {
          await session.write('/secret.txt', Buffer.from('secret'));
          await session.list('/');
        });
        const { sent, received } = simulation.clear();
        assert.equal(sent, 'AUTH TLS\r\n');
        assert.equal(received, '220 Reference server ready.\r\n234 AUTH TLS okay.\r\n');
      });
    });
  }

  it('keeps in mind that a server had TLS when its greeting has changed', async () => {
    const profile = { ...securedBefore(), greeting: 'Another one' };
    await simulateTls({ tls: {}, client: { security: 'auto', profile } }, async (simulation) => {
      await signedIn(simulation, (session) => Promise.resolve(assert.equal(session.profile.secured, true)));
    });
  });

  for (const milliseconds of [undefined, 0, 1]) {
    const when = milliseconds === undefined ? 'in the same segment' : `${milliseconds} ms later`;
    it(`drops the connection when somebody slips in replies behind 234, ${when}`, async () => {
      const script = new FaultScript({
        point: 'reply(AUTH,1)',
        kind: 'injected',
        ...(milliseconds !== undefined && { milliseconds }),
      });
      await simulateTls({ tls: {}, script }, async (simulation) => {
        const { code } = await failure(simulation.connect());
        // What comes later is no TLS, and the handshake notices it.
        assert.equal(code, milliseconds === undefined ? 'tls-injected' : 'tls-handshake-failed');
        await simulation.kernel.sleep(1000);
        assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
        assert.equal(simulation.client.connections.length, 0);
        assert.equal(script.fired, 1);
      });
    });
  }

  for (const kind of ['stall', 'close', 'reset', 'alert', 'plain'] as const) {
    it(`sends no USER when the handshake ends so: ${kind}`, async () => {
      const script = new FaultScript({ point: 'handshake(control,1)', kind });
      await simulateTls({ tls: {}, script, client: { security: 'auto' } }, async (simulation) => {
        const { code, facts } = await failure(simulation.connect());
        assert.equal(code, 'tls-handshake-failed');
        assert.ok(facts['said']);
        await simulation.kernel.sleep(1000);
        assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
        assert.equal(simulation.client.connections.length, 0);
      });
    });
  }

  it('sends no USER when no version of TLS is common', async () => {
    const client = { tls: { minVersion: 'TLSv1.3' } } as const;
    await simulateTls({ tls: { maxVersion: 'TLSv1.2' }, client }, async (simulation) => {
      const { code, facts } = await failure(simulation.connect());
      assert.deepEqual([code, facts['said']], ['tls-handshake-failed', 'no common version of TLS']);
      await simulation.kernel.sleep(1000);
      assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
    });
  });

  it('can be cancelled in mid-handshake', async () => {
    const script = new FaultScript({ point: 'handshake(control,1)', kind: 'stall' });
    await simulateTls({ tls: {}, script }, async (simulation) => {
      const cancel = new AbortController();
      const signing = failure(simulation.connect({ signal: cancel.signal }));
      await simulation.kernel.sleep(1000);
      cancel.abort();
      assert.equal((await signing).code, 'aborted');
      await simulation.kernel.sleep(1000);
      assert.equal(simulation.client.connections.length, 0);
    });
  });

  it('says that a server speaks no TLS where implicit TLS was expected', async () => {
    await simulateTls({ client: { security: 'implicit' } }, async (simulation) => {
      const { code, facts } = await failure(simulation.connect());
      assert.deepEqual([code, facts['said']], ['tls-handshake-failed', 'the answer is not TLS']);
    });
  });
});

describe('TLS: what a server may say to AUTH', () => {
  it('refuses a session that was signed in before TLS (230)', async () => {
    for (const [, client] of insisting) {
      const { code, commands } = await scripted({ greeting: '230 You are known.' }, client);
      assert.deepEqual([code, commands], ['tls-unavailable', []]);
    }
  });

  for (const code of [500, 502, 504, 530, 534]) {
    it(`goes on in clear text after ${code}, unless TLS is required`, async () => {
      const part = { greeting: '220 Hello', answers: { AUTH: `${code} No.` } };
      const auto = await scripted(part, { security: 'auto' });
      assert.deepEqual([auto.code, auto.commands.slice(0, 2)], ['signed in', ['AUTH TLS', 'USER web']]);
      for (const [, client] of insisting) {
        const { code: failed, commands } = await scripted(part, client);
        assert.deepEqual([failed, commands], ['tls-unavailable', ['AUTH TLS']]);
      }
    });
  }

  // 431: it has TLS, and something is wrong with it. 220: the greeting twice.
  for (const code of [431, 220]) {
    it(`does not go on after ${code}`, async () => {
      const part = { greeting: '220 Hello', answers: { AUTH: `${code} What?` } };
      const { code: failed, commands } = await scripted(part, { security: 'auto' });
      assert.deepEqual([failed, commands], ['tls-unavailable', ['AUTH TLS']]);
    });
  }

  it('does not go on after 421', async () => {
    const part = { greeting: '220 Hello', answers: { AUTH: '421 Too busy.' } };
    const { code, commands } = await scripted(part, { security: 'auto' });
    assert.deepEqual([code, commands], ['service-closing', ['AUTH TLS']]);
  });
});

/** What comes of signing in to a server that says what it is told to say. */
async function scripted(part: Part, client: Client): Promise<{ code: string; commands: string[] }> {
  return simulateTls({ client }, async (simulation) => {
    const server = new ScriptedServer(simulation.far.network, '10.0.0.2', part);
    const port = await server.start();
    const session = simulation.connect({ port });
    const { code } = await failure(session);
    await session.then((open) => open.close()).catch(() => undefined);
    return { code: code === 'Error: It succeeded.' ? 'signed in' : code, commands: server.commands };
  });
}

function securedBefore(): ServerProfile {
  return {
    greeting: 'Reference server ready.',
    system: 'UNIX Type: L8',
    features: ['MLST TYPE*;SIZE*;MODIFY*;', 'EPSV', 'SIZE'],
    home: '/',
    secured: true,
    learned: { rendezvous: {}, fenced: false, unsupported: [] },
  };
}

describe('TLS: what a server may say to PROT', () => {
  for (const data of ['private', 'clear'] as const) {
    it(`moves nothing when it refuses what the site wants: ${data}`, async () => {
      const script = new FaultScript({ point: 'reply(PROT,1)', kind: 'code', code: 536 });
      await simulateTls({ tls: {}, script, client: { tls: { data } } }, async (simulation) => {
        const { code } = await failure(simulation.connect());
        assert.equal(code, data === 'private' ? 'tls-data-refused' : 'tls-data-required');
        await simulation.kernel.sleep(1000);
        assert.equal(simulation.clear().sent, 'AUTH TLS\r\n');
        assert.equal(simulation.client.connections.length, 0);
      });
    });
  }
});
