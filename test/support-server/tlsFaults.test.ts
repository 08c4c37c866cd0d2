import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Fault } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import { RecordingScript } from '../support/server/recordingScript';
import { credentials, type TlsOptions } from '../support/server/tls/tlsSettings';
import { clearBytes } from '../support/server/tls/traffic';
import { places, type Place } from './places';
import { readAll, TlsClient } from './tlsClient';
import { lastRecordType, meet, text } from './tlsMeeting';

for (const { name, run } of places) {
  describe(`reference server, faults of TLS ${name}`, () => {
    it('keeps a journal of handshakes', () =>
      run(async (place) => {
        const script = new RecordingScript();
        const { client } = await meet(place, {}, { script });
        await client.fetch('RETR a.txt');
        assert.deepEqual(
          script.points.filter((point) => /^(handshake|reply\((AUTH|PBSZ|PROT))/.test(point)),
          ['reply(AUTH,1)', 'handshake(control,1)', 'reply(PBSZ,1)', 'reply(PROT,1)', 'handshake(data,1)'],
        );
      }));

    for (const milliseconds of [undefined, 5]) {
      it(`adds a reply behind 234, in ${milliseconds === undefined ? 'the same' : 'a later'} segment`, () =>
        run(async (place) => {
          const fault = { point: 'reply(AUTH)', kind: 'injected' } as const;
          const { client, script } = await plan(place, milliseconds ? { ...fault, milliseconds } : fault);
          await client.ask('AUTH TLS', 234);
          await client.expect(230);
          assert.equal(script.fired, 1);
        }));
    }

    for (const command of ['AUTH TLS', 'PBSZ 0', 'PROT P']) {
      const point = `reply(${command.slice(0, 4)})`;

      it(`refuses ${command}, or goes away over it`, () =>
        run(async (place) => {
          for (const [kind, reply] of [
            ['code', '534'],
            ['goodbye', '421'],
            ['close', 'clo'],
            ['reset', 'clo'],
          ] as const) {
            const { client, script } = await plan(place, { point, kind, code: 534 });
            if (command !== 'AUTH TLS') await client.secure();
            if (command === 'PROT P') await client.ask('PBSZ 0', 200);
            client.say(command);
            assert.equal((await client.reply()).slice(0, 3), reply);
            assert.equal(script.fired, 1);
            await place.leave();
          }
        }));
    }

    it('goes on in clear after an AUTH that was refused', () =>
      run(async (place) => {
        const { client } = await plan(place, { point: 'reply(AUTH)', kind: 'code', code: 534 });
        await client.ask('AUTH TLS', 534);
        await client.logIn();
        await client.secure();
      }));

    for (const kind of ['close', 'reset', 'alert', 'plain'] as const) {
      it(`handshake of the control connection: ${kind}`, () =>
        run(async (place) => {
          const { client, script } = await plan(place, { point: 'handshake(control)', kind });
          await assert.rejects(client.secure());
          assert.equal(script.fired, 1);
        }));

      it(`handshake of a data connection: ${kind}`, () =>
        run(async (place) => {
          const { client, script } = await plan(place, { point: 'handshake(data)', kind });
          await client.secure();
          await client.logIn();
          await client.protect();
          await assert.rejects(client.transfer('RETR a.txt'));
          await client.expect(425);
          assert.equal(script.fired, 1);
          assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
        }));
    }

    for (const place of ['control', 'data'] as const) {
      it(`stalls in the middle of a ${place} connection's handshake`, () =>
        run(async (where) => {
          const { client, script, server } = await plan(where, {
            point: `handshake(${place})`,
            kind: 'stall',
          });
          let over = false;
          const shaken = stalled(client, place).catch(() => (over = true));
          const record = () => server.traffic.filter(({ kind }) => kind === place).at(-1)?.sent ?? nothing;
          await until(where, () => script.fired === 1 && record().includes(22));
          assert.ok(!over, 'the handshake has ended');
          client.close();
          await server.stop();
          await shaken;
        }));
    }

    it('shows another certificate on a data connection', () =>
      run(async (place) => {
        const { client } = await plan(place, { point: 'handshake(data)', kind: 'other-certificate' });
        await client.secure();
        await client.logIn();
        await client.protect();
        const socket = await client.transfer('RETR a.txt', { rejectUnauthorized: false });
        const { fingerprint256 } = new X509Certificate(credentials('changed').cert);
        assert.equal(socket.getPeerCertificate().fingerprint256, fingerprint256);
        assert.ok(!socket.isSessionReused());
        assert.equal(await readAll(socket), 'one\ntwo\n');
      }));

    it('shows another certificate on the second control connection', () =>
      run(async (place) => {
        const fault = { point: 'handshake(control,2)', kind: 'other-certificate' } as const;
        const { client, server } = await plan(place, fault);
        await client.secure();
        const again = await TlsClient.open(place.client.network, server);
        place.later(() => again.close());
        await assert.rejects(again.secure(), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      }));

    it('forgets the session, where reuse is required', () =>
      run(async (place) => {
        const fault = { point: 'handshake(data,2)', kind: 'forgotten-session' } as const;
        const { client } = await plan(place, fault, { requireReuse: true });
        await client.secure();
        await client.logIn();
        await client.protect();
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
        assert.equal(await readAll(await client.transfer('RETR a.txt')), '');
        await client.expect(522);
      }));

    for (const point of ['in(data)', 'fin(data)']) {
      it(`ends without close_notify at ${point}`, () =>
        run(async (place) => {
          const { client, server } = await plan(
            place,
            { point, kind: 'truncated' },
            { maxVersion: 'TLSv1.2' },
          );
          await client.secure();
          await client.logIn();
          await client.protect();
          assert.equal(await client.fetch('RETR a.txt'), point === 'in(data)' ? 'one\n' : 'one\ntwo\n');
          const sent = server.traffic.at(-1)?.sent ?? nothing;
          assert.equal(text(clearBytes(sent)), '');
          assert.equal(lastRecordType(sent), APPLICATION_DATA);
        }));
    }
  });
}

const nothing = new Uint8Array();
/** RFC 5246 §6.2.1; 21 is an alert. */
const APPLICATION_DATA = 23;

interface Planned {
  readonly client: TlsClient;
  readonly script: FaultScript;
  readonly server: Awaited<ReturnType<Place['server']>>;
}

/** The client has read the greeting. */
async function plan(place: Place, fault: Fault, tls: TlsOptions = {}): Promise<Planned> {
  const script = new FaultScript(fault);
  const server = await place.server(0, { tls, script, record: true });
  const client = await TlsClient.open(place.client.network, server);
  place.later(() => client.close());
  return { client, script, server };
}

async function stalled(client: TlsClient, place: 'control' | 'data'): Promise<void> {
  await client.secure();
  if (place === 'control') return;
  await client.logIn();
  await client.protect();
  await client.transfer('RETR a.txt');
}

/** Turns of the clock until something is so. */
async function until(place: Place, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => place.client.clock.setTimer(1, resolve, 'test: looks again'));
  }
}
