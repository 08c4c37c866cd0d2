import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../src/ftp';
import { otherAddress } from '../support/matrix/faultsAt';
import type { Action } from '../support/server/actions';
import type { Fact } from '../support/server/facts';
import type { Fault } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import { pureftpd } from '../support/server/personas/pureftpd';
import { vsftpd } from '../support/server/personas/vsftpd';
import type { Script } from '../support/server/script';
import { SeededRandom } from '../support/sim/seed';
import type { Simulation } from '../support/simSession';
import { content, contents, inActive, numbers, readAll, string, type Setting } from './companyStage';

describe('trouble among files that are asked for together', () => {
  const broken = (
    fault: Fault,
    work: (session: FtpSession, simulation: Simulation, script: FaultScript) => Promise<void>,
    more: Setting = {},
  ): Promise<void> => {
    const script = new FaultScript(fault);
    const server = { ...more.server, script };
    return inActive({ ...more, server }, async (session, simulation) => {
      await work(session, simulation, script);
      assert.ok(script.fired > 0, 'the fault happened');
    });
  };

  it('EPRT is refused once: that file alone, and nothing is learned', () =>
    broken({ point: 'reply(EPRT,2)', kind: 'code', code: 500 }, async (session) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
      assert.deepEqual(session.profile.learned.rendezvous, {});
    }));

  it('EPRT is refused for ever: PORT, and it is learned', () =>
    broken({ point: 'reply(EPRT,1)', kind: 'code', code: 500, once: false }, async (session) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
      assert.deepEqual(session.profile.learned.rendezvous, { EPRT: 'refused' });
    }));

  for (const kind of ['refused', 'never'] as const) {
    it(`one is not dialled (${kind}): it comes alone`, () =>
      broken(
        { point: 'accept(data,2)', kind },
        async (session) => {
          assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
          assert.ok(!session.profile.learned.fenced);
        },
        { client: { timeouts: { connect: 3000, reply: 5000 } } },
      ));
  }

  it('a stranger dials, and is refused', () =>
    broken({ point: 'accept(data,2)', kind: 'stranger', host: otherAddress }, async (session, { events }) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
      assert.equal(events.filter((event) => event.kind === 'data' && event.phase === 'stranger').length, 1);
    }));

  it('the data are cut: data-cut for that one', () =>
    broken({ point: 'in(data,2)', kind: 'cut' }, async (session) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), [content(0), 'data-cut', content(2)]);
      assert.deepEqual(await readAll(session, [1]), [content(1)]);
    }));

  it('the data are reset: data-cut for that one', () =>
    broken({ point: 'in(data,2)', kind: 'reset' }, async (session) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), [content(0), 'data-cut', content(2)]);
    }));

  it('more comes than was announced', () =>
    broken({ point: 'in(data,2)', kind: 'more' }, async (session) => {
      const [first, second, third] = await readAll(session, [0, 1, 2]);
      assert.deepEqual([first, third], [content(0), content(2)]);
      assert.ok(second === content(1) || second === 'data-cut', second);
    }));

  it('426 behind a whole file is told as a doubt, and the others come', () =>
    broken({ point: 'reply(RETR,4)', kind: 'code', code: 426 }, async (session, { kernel }) => {
      const doubts: string[] = [];
      const onDoubt = (error: FtpError): unknown => doubts.push(error.code);
      const all = await Promise.all([0, 1, 2].map((index) => session.read(`/${index}`, { onDoubt })));
      await kernel.idle();
      assert.deepEqual(all.map(string), contents(3));
      assert.deepEqual(doubts, ['data-cut']);
    }));

  for (const kind of ['close', 'reset', 'goodbye', 'silence'] as const) {
    for (const point of ['reply(SIZE,2)', 'reply(EPRT,2)', 'reply(RETR,3)', 'reply(RETR,4)']) {
      it(`the control connection is lost at ${point} (${kind}): what is left is read over a new one`, () =>
        broken(
          { point, kind },
          async (session, { kernel }) => {
            assert.deepEqual(await readAll(session, numbers(12)), contents(12));
            await kernel.idle();
          },
          { client: { timeouts: { reply: 4000 } } },
        ));
    }
  }

  it('answers out of order: fenced, and all of it is right', () =>
    broken({ point: 'reply(EPRT,2)', kind: 'swapped' }, async (session) => {
      assert.deepEqual(await readAll(session, numbers(5)), contents(5));
      assert.equal(session.profile.learned.fenced, true);
    }));

  it('a server that throws away what comes while it sends: fenced, and all of it is right', () =>
    inActive({ persona: pureftpd, server: { script: new CutSegment() } }, async (session) => {
      assert.deepEqual(await readAll(session, numbers(5)), contents(5));
      assert.equal(session.profile.learned.fenced, true);
    }));

  it('no port is left to listen at: one by one, and nothing is learned', () =>
    inActive({ client: { active: { ports: { first: 50_000, last: 50_001 } } } }, async (session) => {
      assert.deepEqual(await readAll(session, numbers(8)), contents(8));
      assert.deepEqual(session.profile.learned.rendezvous, {});
    }));
});

/** Somebody on the way makes two segments of a long one, and the second comes when the server has dialled. */
class CutSegment implements Script {
  private rest: Fact | undefined;

  action(action: Action): readonly Action[] {
    return [action];
  }

  fact(fact: Fact): { facts: readonly Fact[]; actions: readonly Action[] } {
    if (fact.kind === 'control-bytes' && fact.bytes.length > 150) {
      this.rest = { ...fact, bytes: fact.bytes.subarray(150) };
      return { facts: [{ ...fact, bytes: fact.bytes.subarray(0, 150) }], actions: [] };
    }
    const { rest } = this;
    if (!rest || fact.kind !== 'data-opened') return { facts: [fact], actions: [] };
    this.rest = undefined;
    return { facts: [rest, fact], actions: [] };
  }
}

describe('files that are asked for together at random', () => {
  for (let seed = 1; seed <= 60; seed++) {
    it(`seed ${seed}`, () => atRandom(seed));
  }
});

/** Files of all kinds, some cancelled, with other work between them, and one fault anywhere. */
async function atRandom(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)] as T;
  const kind = pick(['close', 'reset', 'silence', 'swapped', 'doubled'] as const);
  const fault: Fault = { point: `reply(${pick(['SIZE', 'EPRT', 'RETR'])},${1 + random.below(20)})`, kind };
  const script = new FaultScript(fault);
  const server = random.below(2) === 0 ? { script } : {};
  const client = { timeouts: { reply: 4000, connect: 3000, stall: 5000 } };
  await inActive(
    { persona: pick([vsftpd, pureftpd]), seed, server, client, files: 30 },
    async (session, { kernel, files }) => {
      files.put('/empty', '');
      const works = numbers(20).map(async (index): Promise<void> => {
        await kernel.sleep(random.below(4) * random.below(200));
        const controller = new AbortController();
        const { signal } = controller;
        const what = random.below(8);
        if (what === 0) return void (await session.list('/'));
        if (what === 1) {
          return assert.rejects(session.read('/absent'), (error) => FtpError.is(error, 'not-found'));
        }
        if (what === 2) return assert.equal((await session.read('/empty')).length, 0);
        const reading = session.read(`/${index}`, { signal }).then(string, (error: unknown) => {
          assert.ok(signal.aborted && error instanceof FtpError, String(error));
          return content(index);
        });
        if (what === 3) {
          await kernel.sleep(random.below(300));
          controller.abort();
        }
        assert.equal(await reading, content(index));
      });
      await Promise.all(works);
      await kernel.idle();
      assert.equal(session.inspect().queued, 0);
      assert.equal(string(await session.read('/0')), content(0));
    },
  );
}
