import assert from 'node:assert/strict';
import type { FtpSession } from '../../src/ftp';
import { FaultScript } from '../support/server/faultScript';
import type { Fault } from '../support/server/faultKinds';
import { personas } from '../support/server/personas/personas';
import type { Persona } from '../support/server/persona';
import { note } from '../support/note';
import { SeededRandom } from '../support/sim/seed';
import { simulate } from '../support/simSession';
import { assertWhole, duringBulk, gaveWay, megabyte, pattern, verbs, type Direction } from './bulk';

describe('a bulk transfer that gives way', () => {
  it('stops a download, answers, and goes on with REST, as one operation', () =>
    duringBulk({ size: 3 * megabyte, direction: 'down' }, async (bulk) => {
      const { session, kernel, events, commandsSince } = bulk;
      await kernel.sleep(800);
      commandsSince();
      assert.equal((await session.list('/folder')).length, 1);
      const before = commandsSince();
      await assertWhole(bulk);
      const after = commandsSince();
      assert.deepEqual(verbs(before), ['EPSV', 'MLSD']);
      assert.deepEqual(verbs(after), ['EPSV', 'SIZE', 'MDTM', 'REST', 'RETR']);
      const retrs = events.filter((event) => event.kind === 'sent' && event.line === 'RETR /big');
      assert.equal(new Set(retrs.map(({ operation }) => operation)).size, 1);
      const told = events.find((event) => event.kind === 'trouble');
      assert.match(told?.text ?? '', /^gave way after [\d,]+ bytes to: List \/folder$/);
      const transfers = events.filter((event) => event.kind === 'transfer');
      assert.equal(transfers.filter(({ done }) => done).length, 1);
      assert.equal(transfers.filter(({ bytes }) => bytes === 0).length, 1);
    }));

  it('cuts an upload, answers, and goes on with APPE at the size that is there', () =>
    duringBulk({ size: 5 * megabyte, direction: 'up' }, async (bulk) => {
      const { session, kernel, commandsSince, events } = bulk;
      await kernel.sleep(2500);
      assert.deepEqual(verbs(commandsSince()), ['SIZE', 'EPSV', 'STOR', 'SIZE', 'EPSV', 'APPE']);
      assert.equal(session.profile.learned.keepsCut, true);
      assert.equal((await session.read('/small')).length, 10);
      assert.equal(gaveWay(events), 1);
      await assertWhole(bulk);
      assert.deepEqual(verbs(commandsSince()).slice(-4), ['SIZE', 'EPSV', 'APPE', 'SIZE']);
      assert.equal(session.profile.learned.goesOn, 'APPE');
    }));

  it('costs nothing while nobody else wants the connection', () =>
    duringBulk({ size: 2 * megabyte, direction: 'down' }, async (bulk) => {
      await assertWhole(bulk);
      assert.deepEqual(verbs(bulk.commandsSince()), ['SIZE', 'EPSV', 'MDTM', 'RETR']);
    }));

  it('lets a long read of an editor give way, too', () =>
    simulate({}, async ({ connect, files, kernel, commandsSince }) => {
      const content = pattern(6 * megabyte);
      files.put('/big', content).put('/small', 'x');
      const session = await connect();
      const big = session.read('/big');
      await kernel.sleep(1000);
      commandsSince();
      await session.read('/small');
      assert.deepEqual(verbs(commandsSince()), ['SIZE', 'EPSV', 'RETR']);
      assert.ok(Buffer.from(content).equals(await big));
      await session.close();
    }));
});

/** What a reset of ours looks like to the server: pyftpdlib takes it for the end, and says 226. */
const resetShapes = ['error', 'error-losing-data', 'as-end'] as const;

describe('a bulk transfer interrupted at random', () => {
  const runs = 100;
  let interruptions = 0;
  for (const [name, persona] of Object.entries(personas)) {
    for (const direction of ['down', 'up'] as const) {
      it(`${direction} on ${name}: ${runs} times, each byte once`, async () => {
        for (let seed = 1; seed <= runs; seed++) {
          interruptions += await interruptedRun(seed, persona, direction);
        }
      });
    }
  }

  it('was interrupted a thousand times', () => {
    note(`${interruptions} interruptions`);
    assert.ok(interruptions >= 1000, `${interruptions} interruptions`);
  });

  async function interruptedRun(seed: number, persona: Persona, direction: Direction): Promise<number> {
    const random = new SeededRandom(seed);
    const size = 300_000 + random.below(700_000);
    let count = 0;
    await duringBulk({ size, direction, persona, seed, delay: 1 + random.below(10) }, async (bulk) => {
      const { session, kernel, events, far } = bulk;
      far.resetShape = resetShapes[seed % resetShapes.length] ?? 'error';
      for (let asked = 0; asked < 4; asked++) {
        await kernel.sleep(random.below(60));
        await randomWork(session, random);
      }
      await assertWhole(bulk);
      count = gaveWay(events);
    });
    return count;
  }

  async function randomWork(session: FtpSession, random: SeededRandom): Promise<void> {
    const works = [
      () => session.list('/folder'),
      () => session.read('/small'),
      () => session.stat('/small'),
      () => session.write('/other', pattern(1000)),
    ];
    const work = works[random.below(works.length)];
    await work?.();
  }
});

describe('fifty interruptions in a row', () => {
  /**
   * Round trips from the wish to the last byte of a listing or a small file: three of its own on a cold passive
   * connection, and one for the reset and its reply.
   */
  const most = { down: 4, up: 4 } as const;
  for (const direction of ['down', 'up'] as const) {
    it(`${direction}: each answered within ${most[direction]} round trips`, () =>
      duringBulk({ size: 6.9 * megabyte, direction, persona: personas['pureftpd'] }, async (bulk) => {
        const { session, kernel, roundTrips, events } = bulk;
        const took: number[] = [];
        for (let i = 0; i < 50; i++) {
          await kernel.sleep(280);
          const work = i % 2 ? () => session.list('/folder') : () => session.read('/small');
          took.push(await roundTrips(work));
        }
        note(`${direction}: ${Math.max(...took).toFixed(2)} at most, gave way ${gaveWay(events)} times`);
        assert.ok(
          Math.max(...took) <= most[direction] + 0.01,
          took.map((value) => value.toFixed(2)).join(' '),
        );
        assert.ok(gaveWay(events) >= 15, `${gaveWay(events)}`);
        await assertWhole(bulk);
      }));
  }
});

describe('starvation', () => {
  for (const direction of ['down', 'up'] as const) {
    it(`does not befall a transfer, ${direction}, while small requests come without a pause`, () =>
      duringBulk({ size: 0.9 * megabyte, direction, delay: 5 }, async (bulk) => {
        let isOver = false;
        bulk.over.then(
          () => (isOver = true),
          () => undefined,
        );
        let asked = 0;
        while (!isOver && asked < 50_000) {
          await bulk.session.stat('/small');
          asked++;
        }
        assert.ok(isOver, `${bulk.arrived().length} bytes after ${asked} requests`);
        await assertWhole(bulk);
      }));
  }
});

describe('trouble while a transfer gives way', () => {
  const script = (fault: Fault): { server: { script: FaultScript } } => ({
    server: { script: new FaultScript(fault) },
  });

  for (const milliseconds of [300, 1500, 2500, 6000]) {
    it(`takes a 426 that comes ${milliseconds} ms late`, () =>
      duringBulk(
        {
          size: 3 * megabyte,
          direction: 'down',
          ...script({ point: 'reply(RETR,2)', kind: 'late', milliseconds }),
        },
        async (bulk) => {
          await bulk.kernel.sleep(800);
          assert.equal((await bulk.session.list('/folder')).length, 1);
          await assertWhole(bulk);
        },
      ));
  }

  for (const direction of ['down', 'up'] as const) {
    for (let after = 0; after <= 700; after += 20) {
      it(`loses the control connection ${after} ms after the wish, ${direction}`, () =>
        duringBulk({ size: 3 * megabyte, direction }, async (bulk) => {
          const { session, kernel, server, over, content, arrived } = bulk;
          await kernel.sleep(1300);
          const listed = session.list('/folder');
          await kernel.sleep(after);
          await server.dropSessions();
          assert.equal((await listed).length, 1);
          const error = await over;
          if (!error) return assertWhole(bulk);
          // What was sent and not confirmed cannot be had once more.
          assert.equal(direction, 'up');
          assert.equal(error.facts.effect, 'changed', error.stack);
          assert.ok(arrived().every((byte, index) => byte === content[index]));
        }));
    }
  }

  it('leaves out what it has where REST is refused, and stops no more on that server', () =>
    duringBulk(
      { size: 2 * megabyte, direction: 'down', persona: refusing({ REST: '502 Not implemented.' }) },
      async (bulk) => {
        await bulk.kernel.sleep(800);
        await bulk.session.list('/folder');
        await bulk.kernel.sleep(600);
        await bulk.session.list('/folder');
        await assertWhole(bulk);
        assert.equal(gaveWay(bulk.events), 1);
        assert.ok(bulk.session.profile.learned.unsupported.includes('REST'));
      },
    ));

  it('goes on with REST and STOR where APPE is refused', () =>
    duringBulk(
      { size: 4 * megabyte, direction: 'up', persona: refusing({ APPE: '451 Append not permitted.' }) },
      async (bulk) => {
        await bulk.kernel.sleep(2500);
        await bulk.session.list('/folder');
        assert.equal(gaveWay(bulk.events), 1);
        await assertWhole(bulk);
        assert.equal(bulk.session.profile.learned.goesOn, 'REST');
      },
    ));

  it('begins again, and stops no more, where neither is allowed', () =>
    duringBulk(
      {
        size: 4 * megabyte,
        direction: 'up',
        persona: refusing({ APPE: '550 No.', REST: '502 Not implemented.' }),
      },
      async (bulk) => {
        await bulk.kernel.sleep(2500);
        await bulk.session.list('/folder');
        assert.equal(gaveWay(bulk.events), 0);
        await assertWhole(bulk);
        assert.equal(bulk.session.profile.learned.goesOn, 'not');
      },
    ));

  for (const [how, change] of [
    ['longer', pattern(3 * megabyte + 1, 77)],
    ['as long, and newer', pattern(3 * megabyte, 78)],
    ['shorter', pattern(1000, 79)],
  ] as const) {
    it(`never mixes a file with one that took its place: ${how}`, () =>
      duringBulk({ size: 3 * megabyte, direction: 'down' }, async (bulk) => {
        const { session, kernel, files, over } = bulk;
        await kernel.sleep(800);
        await session.list('/folder');
        files.put('/big', change, { modified: Date.UTC(2025, 0, 1) });
        assert.equal((await over)?.code, 'file-changed');
      }));
  }

  it('never appends to a file that took the place of its own', () =>
    duringBulk({ size: 4 * megabyte, direction: 'up' }, async (bulk) => {
      const { session, kernel, files, over } = bulk;
      await kernel.sleep(2500);
      await session.list('/folder');
      files.put('/new', 'of somebody else');
      assert.equal((await over)?.code, 'file-changed');
      assert.equal(files.text('/new'), 'of somebody else');
    }));

  it('reads a file anew that took the place of another, for an editor', () =>
    simulate({}, async ({ connect, files, kernel }) => {
      files.put('/big', pattern(6 * megabyte)).put('/small', 'x');
      const session = await connect();
      const big = session.read('/big');
      await kernel.sleep(1000);
      await session.read('/small');
      const other = pattern(5 * megabyte, 9);
      files.put('/big', other);
      assert.ok(Buffer.from(other).equals(await big));
      await session.close();
    }));

  it('is cancelled, and refused by a session that closes, while it has given way', () =>
    duringBulk({ size: 3 * megabyte, direction: 'down' }, async (bulk) => {
      await bulk.kernel.sleep(800);
      await bulk.session.list('/folder');
      await bulk.session.close();
      assert.equal((await bulk.over)?.code, 'session-closed');
    }));

  function refusing(refuses: Record<string, string>): Persona {
    const { reference } = personas;
    assert.ok(reference);
    return { ...reference, refuses: { ...reference.refuses, ...refuses } };
  }
});
