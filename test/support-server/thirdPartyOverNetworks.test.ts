import assert from 'node:assert/strict';
import type { ServerOptions } from '../support/server/referenceServer';
import { places, type Place } from './places';
import type { SeamClient } from './seamClient';

/** One of the two servers, and our control connection to it. */
interface Side {
  readonly client: SeamClient;
  readonly host: string;
  /** L. */
  readonly port: number;
}

/** Prepares a passive and an active side; `sends`: the passive one will send. */
type Arrange = (passive: Side, active: Side, sends: boolean) => Promise<void>;

/** How servers were told to meet, from 1972 on. */
const dialects: Readonly<Record<string, Arrange>> = {
  async 'RFC 959'(passive, active) {
    const numbers = /\((\d+,\d+,\d+,\d+,\d+,\d+)\)/.exec(await passive.client.ask('PASV', 227))?.[1];
    await active.client.ask(`PORT ${numbers}`, 200);
  },
  async 'RFC 2428'(passive, active) {
    const port = /\|(\d+)\|/.exec(await passive.client.ask('EPSV', 229))?.[1];
    await active.client.ask(`EPRT |1|${passive.host}|${port}|`, 200);
  },
  async 'RFC 478'(passive, active) {
    await passive.client.ask(`SOCK ${active.host} ${active.port - 1}`, 200);
    await passive.client.ask('PASV', 200);
    await active.client.ask(`SOCK ${passive.host} ${passive.port - 1}`, 200);
  },
  async 'RFC 438'(passive, active, sends) {
    const port = (await passive.client.ask(`LSTN ${sends ? 'S' : 'R'}`, 255)).slice(4);
    await passive.client.ask(`SOCK ${active.host} ${active.port - 1}`, 200);
    await active.client.ask(`SOCK ${passive.host} ${port}`, 200);
  },
};

for (const { name, run } of places) {
  describe(`reference server, server to server ${name}`, () => {
    for (const [dialect, arrange] of Object.entries(dialects)) {
      for (const sends of [true, false]) {
        it(`${dialect}, ${sends ? 'the passive' : 'the active'} side sends`, () =>
          run(async (place) => {
            const [passive, active] = await twoSides(place, { historical: true });
            const [source, target] = sends ? [passive, active] : [active, passive];
            await arrange(passive, active, sends);
            source.client.say('RETR a.txt');
            target.client.say('STOR copy.txt');
            for (const { client } of [source, target]) {
              await client.expect(150);
              await client.expect(226);
            }
            assert.equal(await target.client.ask('SIZE copy.txt', 213), '213 8');
          }));
      }
    }

    it('RFC 478: the transfer commands may come in either order', () =>
      run(async (place) => {
        for (const first of ['source', 'target']) {
          const [passive, active] = await twoSides(place, { historical: true });
          await dialects['RFC 478']?.(passive, active, false);
          if (first === 'target') passive.client.say('STOR copy.txt');
          active.client.say('RETR a.txt');
          await active.client.expect(150);
          if (first === 'source') passive.client.say('STOR copy.txt');
          await passive.client.expect(150);
          await passive.client.expect(226);
          await active.client.expect(226);
          await place.leave();
        }
      }));

    it('in block mode the two servers stay connected from file to file', () =>
      run(async (place) => {
        const [passive, active] = await twoSides(place, {});
        for (const { client } of [passive, active]) await client.ask('MODE B', 200);
        await dialects['RFC 959']?.(passive, active, false);
        for (const file of ['a.txt', 'docs/Grüße.txt', 'link']) {
          const preliminary = file === 'a.txt' ? 150 : 125;
          passive.client.say('APPE all.txt');
          active.client.say(`RETR ${file}`);
          for (const { client } of [passive, active]) {
            await client.expect(preliminary);
            await client.expect(250);
          }
        }
        assert.equal(await passive.client.ask('SIZE all.txt', 213), '213 18');
      }));

    it('a server that minds third hosts refuses PORT, and nobody else may dial it', () =>
      run(async (place) => {
        const [passive, active] = await twoSides(place, { thirdHosts: false, historical: true });
        await active.client.ask(`PORT ${passive.host.replaceAll('.', ',')},19,137`, 500);
        await active.client.ask(`EPRT |1|${passive.host}|5001|`, 500);
        await active.client.ask(`SOCK ${passive.host} 5001`, 500);
      }));
  });
}

async function twoSides(place: Place, options: Partial<ServerOptions>): Promise<[Side, Side]> {
  const sides: Side[] = [];
  for (const number of [0, 1] as const) {
    const server = await place.server(number, { thirdHosts: true, ...options });
    sides.push({ client: await place.logIn(server), host: server.host, port: server.port });
  }
  return sides as [Side, Side];
}
