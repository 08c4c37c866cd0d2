import assert from 'node:assert/strict';
import tls from 'node:tls';
import type { Duplex } from 'node:stream';
import { meet, pair, roundTrip } from '../support/sim/pair';

/** A shared key instead of certificates: the handshake is as long, and the test needs no files. */
const common = {
  ciphers: 'PSK-AES128-GCM-SHA256',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;
const psk = Buffer.alloc(16, 7);

describe('simulated network: TLS of node:tls', () => {
  it('shakes hands in two round trips, carries bytes, and runs the same twice', async () => {
    const first = await session(1);
    assert.equal(first.handshake, 2);
    assert.equal(first.exchange, 1);
    assert.equal(first.answer, '220 ready');
    assert.equal((await session(1)).hash, first.hash);
  });
});

interface Session {
  readonly handshake: number;
  readonly exchange: number;
  readonly answer: string;
  readonly hash: string;
}

async function session(seed: number): Promise<Session> {
  const made = pair(seed);
  return made.kernel.run(async () => {
    const [near, far] = await meet(made);
    const start = made.kernel.now;
    const server = serverSide(far.duplex());
    server.on('data', () => server.write('220 ready'));
    const client = clientSide(near.duplex());
    await new Promise<void>((resolve) => client.once('secureConnect', resolve));
    const handshake = (made.kernel.now - start) / roundTrip;
    const asked = made.kernel.now;
    client.write('hello');
    const answer = await new Promise<string>((resolve) =>
      client.once('data', (bytes: Buffer) => resolve(bytes.toString())),
    );
    const exchange = (made.kernel.now - asked) / roundTrip;
    client.end();
    server.end();
    await made.kernel.idle();
    assert.deepEqual([made.client.connections, made.server.connections], [[], []]);
    return { handshake, exchange, answer, hash: made.kernel.hash.toString() };
  });
}

function serverSide(socket: Duplex): tls.TLSSocket {
  const options = { isServer: true, ...common, pskCallback: () => psk, pskIdentityHint: 'test' };
  return new tls.TLSSocket(socket, options);
}

function clientSide(socket: Duplex): tls.TLSSocket {
  return tls.connect({
    socket,
    ...common,
    pskCallback: () => ({ psk, identity: 'client' }),
    checkServerIdentity: () => undefined,
  });
}
