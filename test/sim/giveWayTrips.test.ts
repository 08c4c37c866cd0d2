import assert from 'node:assert/strict';
import { note } from '../support/note';
import { personas } from '../support/server/personas/personas';
import { SeededRandom } from '../support/sim/seed';
import { assertWhole, duringBulk, gaveWay, megabyte, type Bulk, type Direction } from './bulk';

type Request = 'list' | 'read';

/**
 * Round trips of a listing and of a small file that are wanted while a large file moves over the same control
 * connection, each time after the transfer has come back and moves again. No change may make one of them dearer.
 */
const reached: Readonly<Record<string, Readonly<Record<Direction, Readonly<Record<Request, number>>>>>> = {
  vsftpd: { down: { list: 2, read: 3 }, up: { list: 2, read: 3 } },
  proftpd: { down: { list: 3, read: 3 }, up: { list: 3, read: 3 } },
  pureftpd: { down: { list: 3, read: 3 }, up: { list: 3, read: 3 } },
};
/** In round trips: for timers of a few milliseconds. */
const tolerance = 0.25;
const times = 10;
/** Milliseconds until a transfer that gave way moves bytes again. */
const comeBack = 400;

describe('round trips of a request during a bulk transfer', () => {
  for (const [name, directions] of Object.entries(reached)) {
    for (const direction of ['down', 'up'] as const) {
      for (const request of ['list', 'read'] as const) {
        const most = directions[direction][request];
        it(`${name}, ${direction}, ${request}: at most ${most}`, () =>
          duringBulk(
            { size: 6.9 * megabyte, direction, persona: personas[name], client: { warm: true } },
            async (bulk) => {
              const took = await interruptAfresh(bulk, request);
              const worst = Math.max(...took);
              note(`${name}, ${direction}, ${request}: ${worst.toFixed(2)} at most`);
              await assertWhole(bulk);
              assert.equal(gaveWay(bulk.events), times);
              assert.ok(worst <= most + tolerance, took.map((value) => value.toFixed(2)).join(' '));
            },
          ));
      }
    }
  }
});

/** Each wish comes at another moment of a transfer that is under way. */
async function interruptAfresh(bulk: Bulk, request: Request): Promise<number[]> {
  const { session, kernel, roundTrips } = bulk;
  const random = new SeededRandom(7);
  const took: number[] = [];
  while (took.length < times) {
    await kernel.sleep(comeBack + random.below(120));
    const work = request === 'list' ? () => session.list('/folder') : () => session.read('/small');
    took.push(await roundTrips(work));
  }
  return took;
}
