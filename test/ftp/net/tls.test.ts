import assert from 'node:assert/strict';
import tls, { type TLSSocket } from 'node:tls';
import type { Connection } from '../../../src/ftp/net/network';
import { secure, type SecureConnection, type SecureHow } from '../../../src/ftp/net/tls';
import { TlsContext } from '../../../src/ftp/net/tlsContext';
import type { ConnectionStream } from '../../../src/ftp/net/tlsStream';
import { Heard, pattern } from '../../contract/stage';
import { authority, credentials } from '../../support/server/tls/tlsSettings';
import { meet, pair, type Pair } from '../../support/sim/pair';

const context = new TlsContext({ authorities: [authority()] });
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

for (const version of versions) {
  describe(`secure, ${version}`, () => {
    it('carries bytes both ways, and ends each by itself', () =>
      shaken(version, async ({ near, far, kernel }) => {
        const heard = new Heard(near);
        const arrived: Buffer[] = [];
        far.on('data', (bytes: Buffer) => arrived.push(bytes));
        near.write(pattern(100_000));
        near.end();
        await new Promise((resolve) => far.once('end', resolve));
        assert.ok(Buffer.concat(arrived).equals(pattern(100_000)));
        assert.equal(near.write(Uint8Array.of(1)), false);
        far.write(pattern(50_000));
        far.end();
        await kernel.idle();
        assert.equal(heard.ending, 'end');
        assert.ok(heard.bytes.equals(pattern(50_000)));
      }));

    it('loses nothing while paused, and lets the peer wait', () =>
      shaken(version, async ({ near, far, kernel }) => {
        let held = 0;
        const heard: Heard = new Heard(near, () => {
          if (held++ % 5 !== 0) return;
          near.pause();
          kernel.clock().setTimer(10, () => near.resume(), 'test');
        });
        const flushed = far.write(pattern(2_000_000));
        assert.equal(flushed, false);
        far.end();
        await kernel.sleep(60_000);
        assert.equal(heard.ending, 'end');
        assert.ok(heard.bytes.equals(pattern(2_000_000)));
      }));

    it('hands over what came before anybody received, and its end', () =>
      shaken(version, async ({ near, far, kernel }) => {
        far.end('early');
        await kernel.sleep(1000);
        const heard = new Heard(near);
        assert.deepEqual(heard.calls, []);
        await kernel.sleep(1000);
        assert.deepEqual([heard.text, heard.ending], ['early', 'end']);
      }));

    it('tells a bare FIN from an end, also behind bytes that wait to be read', () =>
      shaken(version, async ({ near, far, beneath, kernel }) => {
        near.pause();
        const heard = new Heard(near);
        far.write(pattern(100_000));
        await kernel.sleep(1000);
        beneath.end();
        await kernel.sleep(1000);
        assert.deepEqual(heard.calls, []);
        near.resume();
        await kernel.sleep(1000);
        assert.equal(heard.length, 100_000);
        assert.equal(heard.ending, 'fault truncated');
      }));

    it('waits for room, and fails who waits when the connection breaks', () =>
      shaken(version, async ({ near, far, beneath, kernel }) => {
        assert.ok(new Heard(near));
        far.pause();
        while (near.write(pattern(65_536)));
        await kernel.sleep(1000);
        far.on('data', () => undefined);
        far.resume();
        await near.drained();
        far.pause();
        while (near.write(pattern(65_536)));
        const waits = near.drained();
        beneath.reset();
        await assert.rejects(waits);
      }));

    it('sends all that was written, and close_notify, before its close', () =>
      shaken(version, async ({ near, far, kernel }) => {
        const arrived: Buffer[] = [];
        let ended = false;
        far.on('data', (bytes: Buffer) => arrived.push(bytes)).once('end', () => (ended = true));
        near.write(pattern(300_000));
        near.close();
        near.close();
        await kernel.sleep(5000);
        assert.ok(Buffer.concat(arrived).equals(pattern(300_000)));
        assert.ok(ended, 'close_notify');
      }));

    it('says no close_notify with a reset', () =>
      shaken(version, async ({ near, far, kernel }) => {
        let ended = false;
        far.resume().once('end', () => (ended = true));
        near.write(pattern(1000));
        near.reset();
        await kernel.sleep(5000);
        assert.equal(ended, false);
      }));

    it('goes back to clear text', () =>
      shaken(version, async ({ near, far, stream, beneath, kernel }) => {
        far.resume();
        stream.spareConnection();
        const unwrapped = near.unwrap(new AbortController().signal);
        far.end();
        const clear = await unwrapped;
        const heard = new Heard(clear);
        const other = new Heard(beneath);
        clear.write(Buffer.from('in clear'));
        beneath.write(Buffer.from('me too'));
        await kernel.sleep(1000);
        assert.deepEqual([heard.text, other.text], ['me too', 'in clear']);
        clear.close();
        beneath.close();
      }));
  });
}

describe('secure', () => {
  it('runs the same twice', async () => {
    const run = (): Promise<string> =>
      shaken('TLSv1.3', async ({ near, far, kernel }) => {
        assert.ok(new Heard(near));
        far.end(pattern(10_000));
        await kernel.idle();
        return kernel.hash.toString();
      });
    assert.equal(await run(), await run());
  });
});

interface Shaken extends Pick<Pair, 'kernel'> {
  readonly near: SecureConnection;
  readonly far: TLSSocket;
  /** The server's end, below TLS. */
  readonly stream: ConnectionStream;
  readonly beneath: Connection;
}

/** Afterwards nothing is held. */
async function shaken<T>(
  version: (typeof versions)[number],
  work: (shaken: Shaken) => Promise<T>,
): Promise<T> {
  const made = pair(1);
  return made.kernel.run(async () => {
    const [client, beneath] = await meet(made);
    const stream = beneath.duplex();
    stream.on('error', () => undefined);
    const options = { isServer: true, minVersion: version, maxVersion: version, ...credentials('server') };
    const far = new tls.TLSSocket(stream, { ...options, secureContext: tls.createSecureContext(options) });
    far.on('error', () => undefined);
    const near = await secure(client, how());
    assert.equal(near.tls.protocol, version);
    // The server has our Finished, and we have its tickets.
    await made.kernel.sleep(1000);
    const result = await work({ near, far, stream, beneath, kernel: made.kernel });
    near.close();
    far.destroy();
    beneath.close();
    await made.kernel.idle();
    assert.deepEqual(made.client.connections, []);
    return result;
  });
}

function how(): SecureHow {
  const { signal } = new AbortController();
  return { context, host: 'localhost', port: 21, ticket: undefined, onTicket: () => undefined, signal };
}
