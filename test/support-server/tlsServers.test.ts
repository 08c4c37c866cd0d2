import assert from 'node:assert/strict';
import type { ReferenceServer } from '../support/server/referenceServer';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import { places, type Place } from './places';
import { TlsClient } from './tlsClient';

/** One of the two servers, and our control connection to it. */
interface Side {
  readonly server: ReferenceServer;
  readonly client: TlsClient;
}

for (const { name, run } of places) {
  describe(`reference server, server to server in TLS ${name}`, () => {
    for (const sends of [true, false]) {
      const who = sends ? 'the passive' : 'the active';

      it(`CPSV, ${who} side sends`, () =>
        run(async (place) => {
          const [passive, active] = await twoSides(place, { cpsv: true });
          await join(passive, active, 'CPSV');
          await copy(...(sends ? ([passive, active] as const) : ([active, passive] as const)));
          assert.deepEqual([roleOf(passive), roleOf(active)], ['client', 'server']);
        }));

      it(`SSCN on the passive side, ${who} side sends`, () =>
        run(async (place) => {
          const [passive, active] = await twoSides(place, { sscn: true });
          await passive.client.ask('SSCN ON', 200);
          await join(passive, active, 'PASV');
          await copy(...(sends ? ([passive, active] as const) : ([active, passive] as const)));
          assert.deepEqual([roleOf(passive), roleOf(active)], ['client', 'server']);
        }));

      it(`SSCN on the active side, ${who} side sends`, () =>
        run(async (place) => {
          const [passive, active] = await twoSides(place, { sscn: true });
          await active.client.ask('SSCN ON', 200);
          await join(passive, active, 'PASV');
          await copy(...(sends ? ([passive, active] as const) : ([active, passive] as const)));
          assert.deepEqual([roleOf(passive), roleOf(active)], ['server', 'client']);
        }));
    }

    it('SSCN says how it stands, and OFF is PROT P as ever', () =>
      run(async (place) => {
        const [{ client }] = await twoSides(place, { sscn: true });
        assert.match(await client.ask('SSCN', 200), /SERVER METHOD/);
        assert.match(await client.ask('SSCN ON', 200), /CLIENT METHOD/);
        assert.match(await client.ask('SSCN', 200), /CLIENT METHOD/);
        assert.match(await client.ask('SSCN OFF', 200), /SERVER METHOD/);
        await client.ask('SSCN X', 501);
        assert.equal(await client.fetch('RETR a.txt'), 'one\ntwo\n');
      }));

    it('CPSV and SSCN are unknown unless told', () =>
      run(async (place) => {
        const [{ client }] = await twoSides(place, {});
        await client.ask('CPSV', 500);
        await client.ask('SSCN ON', 500);
      }));

    it('with both ends waiting for the other, nobody speaks', () =>
      run(async (place) => {
        const [passive, active] = await twoSides(place, {});
        await join(passive, active, 'PASV');
        passive.client.say('RETR a.txt');
        active.client.say('STOR copy.txt');
        for (const { client } of [passive, active]) await client.expect(150);
        assert.deepEqual([roleOf(passive), roleOf(active)], [undefined, undefined]);
      }));
  });
}

async function twoSides(place: Place, tls: TlsOptions): Promise<[Side, Side]> {
  const sides: Side[] = [];
  for (const number of [0, 1] as const) {
    const server = await place.server(number, { thirdHosts: true, tls });
    const client = await TlsClient.loggedIn(place.client.network, server);
    place.later(() => client.close());
    sides.push({ server, client });
  }
  return sides as [Side, Side];
}

async function join(passive: Side, active: Side, command: 'PASV' | 'CPSV'): Promise<void> {
  const numbers = /\((\d+,\d+,\d+,\d+,\d+,\d+)\)/.exec(await passive.client.ask(command, 227))?.[1];
  await active.client.ask(`PORT ${numbers}`, 200);
}

async function copy(source: Side, target: Side): Promise<void> {
  source.client.say('RETR a.txt');
  target.client.say('STOR copy.txt');
  for (const { client } of [source, target]) {
    await client.expect(150);
    await client.expect(226);
  }
  assert.equal(await target.client.ask('SIZE copy.txt', 213), '213 8');
}

/** Of the data connection. */
function roleOf({ server }: Side): 'server' | 'client' | undefined {
  return server.handshakes.find(({ kind }) => kind === 'data')?.tls.role;
}
