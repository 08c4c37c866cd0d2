import assert from 'node:assert/strict';
import type { Dialect, Role } from '../../../src/ftp/relay/dialects';
import { play, type RelayOutcome } from '../../../src/ftp/relay/runner';
import { FakeClock } from '../../support/fakeClock';
import { FakeSide, type Answers } from './fakeSide';

const good: Answers = {
  PASV: ['227 Entering Passive Mode (198,51,100,7,200,10)'],
  EPSV: ['229 Entering Extended Passive Mode (|||51210|)'],
  LSTN: ['255 51210'],
  STOR: ['150 Ready.', '226 Done.'],
  RETR: ['150 Here it comes.', '226 Done.'],
  ABOR: ['226 Aborted.'],
};

interface Played {
  readonly outcome: RelayOutcome;
  readonly passive: FakeSide;
  readonly active: FakeSide;
  /** What both were sent, in order. */
  readonly order: readonly string[];
  readonly took: number;
  readonly timers: readonly string[];
}

interface Scene {
  readonly dialect?: Dialect;
  readonly sender?: Role;
  readonly passive?: Answers;
  readonly active?: Answers;
  /** Milliseconds after which the user gives up. */
  readonly cancelled?: number;
}

async function perform({ dialect = 'rfc959', sender = 'active', ...scene }: Scene): Promise<Played> {
  const clock = new FakeClock();
  const order: string[] = [];
  const heard = (line: string): void => void order.push(line);
  const at = (host: string): FakeSide['peer'] => ({ host, port: 21, family: 4 });
  const passive = new FakeSide('P', at('198.51.100.7'), { ...good, ...scene.passive }, heard);
  const active = new FakeSide('A', at('203.0.113.9'), { ...good, ...scene.active }, heard);
  if (scene.cancelled !== undefined) clock.setTimer(scene.cancelled, () => active.abort(), 'user');
  let outcome: RelayOutcome | undefined;
  const plan = { dialect, passive, active, sender, from: '/a', to: '/b', size: 1_000_000 };
  const done = play(plan, { clock, meet: 15_000, stall: 60_000 }).then((result) => (outcome = result));
  const end = 400_000;
  let took = 0;
  for (; outcome === undefined && took < end; took += 500) await clock.advance(500);
  assert.ok(outcome, 'it comes to an end');
  await done;
  return { outcome, passive, active, order, took, timers: clock.waiting };
}

/** Nothing waits any more, on either side. */
function assertClean({ passive, active, timers }: Played): void {
  assert.deepEqual([passive.openSlots, active.openSlots], [0, 0], 'no slot is open');
  assert.deepEqual(
    timers.filter((what) => what !== 'user'),
    [],
    'no timer is set',
  );
}

describe('server to server, one try', () => {
  const orders: readonly [Dialect, Role, string[]][] = [
    ['rfc959', 'active', ['P: PASV', 'A: PORT 198,51,100,7,200,10', 'P: STOR /b', 'A: RETR /a']],
    ['rfc959', 'passive', ['P: PASV', 'A: PORT 198,51,100,7,200,10', 'P: RETR /a', 'A: STOR /b']],
    ['rfc2428', 'active', ['P: EPSV', 'A: EPRT |1|198.51.100.7|51210|', 'P: STOR /b', 'A: RETR /a']],
    [
      'rfc478',
      'active',
      ['P: SOCK 203.0.113.9 20', 'P: PASV', 'A: SOCK 198.51.100.7 51210', 'P: STOR /b', 'A: RETR /a'],
    ],
    [
      'rfc438',
      'passive',
      ['P: LSTN S', 'P: SOCK 203.0.113.9 20', 'A: SOCK 198.51.100.7 51210', 'P: RETR /a', 'A: STOR /b'],
    ],
  ];
  for (const [dialect, sender, expected] of orders) {
    it(`plays ${dialect}, the ${sender} side sending`, async () => {
      const played = await perform({ dialect, sender });
      assert.deepEqual(played.order, expected);
      assert.deepEqual(played.outcome, { kind: 'copied' });
      assertClean(played);
    });

    it(`stops at every refused step of ${dialect}, the ${sender} side sending`, async () => {
      for (const [index, line] of expected.slice(0, -2).entries()) {
        const [side, verb] = [line.slice(0, 1), line.slice(3).split(' ')[0] ?? ''];
        const answers = { [verb]: ['500 No.'] };
        const played = await perform({
          dialect,
          sender,
          ...(side === 'P' ? { passive: answers } : { active: answers }),
        });
        assert.equal(played.outcome.kind, 'refused');
        assert.ok(played.outcome.kind === 'refused' && played.outcome.reason === `refused ${verb} (500)`);
        assert.equal(played.outcome.by.name, side);
        assert.deepEqual(played.order, expected.slice(0, index + 1), 'nothing is sent after it');
        assertClean(played);
      }
    });
  }

  it('believes no host in a 227, and says so', async () => {
    const played = await perform({ passive: { PASV: ['227 (10,0,0,8,200,10)'] } });
    assert.ok(played.order.includes('A: PORT 198,51,100,7,200,10'));
    assert.deepEqual(played.passive.notes, [
      'the reply names 10.0.0.8; its control peer 198.51.100.7 is used',
    ]);
  });

  it('takes a 227 without an address for a refusal', async () => {
    const { outcome } = await perform({ passive: { PASV: ['227 Passive.'] } });
    assert.ok(outcome.kind === 'refused' && outcome.reason === 'did not say where it listens (227)');
  });

  const refusals: readonly [string, Scene][] = [
    [
      'the passive side got no connection',
      { passive: { STOR: ['425 Bad address.'] }, active: { RETR: ['150 Go.', '426 Cut.'] } },
    ],
    [
      'the active side could not connect',
      { passive: { STOR: ['150 Go.', 'silence'] }, active: { RETR: ['425 No.'] } },
    ],
    ['neither says a word', { passive: { STOR: ['silence'] }, active: { RETR: ['silence'] } }],
    ['the passive side turned it away in silence', { passive: { STOR: ['silence'] } }],
  ];
  for (const [title, scene] of refusals) {
    it(`is refused when ${title}`, async () => {
      const played = await perform(scene);
      assert.equal(played.outcome.kind, 'refused');
      assert.ok(played.took <= 21_000, `${played.took} ms`);
      assertClean(played);
    });
  }

  const failures: readonly [string, Scene, string, string][] = [
    [
      'the source has no such file',
      { passive: { STOR: ['150 Go.', 'silence'] }, active: { RETR: ['550 No such file.'] } },
      'A',
      'not-found',
    ],
    [
      'the target is full',
      { passive: { STOR: ['150 Go.', '452 Full.'] }, active: { RETR: ['150 Go.', '426 Cut.'] } },
      'P',
      'no-space',
    ],
    [
      'the source breaks off',
      { passive: { STOR: ['150 Go.', 'silence'] }, active: { RETR: ['150 Go.', '426 Cut.'] } },
      'A',
      'copy-failed',
    ],
    [
      'the source breaks off and the target takes it for the end',
      { active: { RETR: ['150 Go.', '426 Cut.'] } },
      'A',
      'copy-failed',
    ],
    [
      'the source dies',
      { passive: { STOR: ['150 Go.', 'silence'] }, active: { RETR: ['150 Go.', 'close'] } },
      'A',
      'copy-failed',
    ],
    ['the target dies at STOR', { passive: { STOR: ['close'] } }, 'P', 'copy-failed'],
    [
      'the target dies',
      { passive: { STOR: ['150 Go.', 'close'] }, active: { RETR: ['150 Go.', 'silence'] } },
      'P',
      'copy-failed',
    ],
    [
      'both stall in mid-file',
      { passive: { STOR: ['150 Go.', 'silence'] }, active: { RETR: ['150 Go.', 'silence'] } },
      'P',
      'copy-failed',
    ],
    ['the target never confirms', { passive: { STOR: ['150 Go.', 'silence'] } }, 'P', 'copy-failed'],
    [
      'the user gives up',
      {
        passive: { STOR: ['150 Go.', 'silence'] },
        active: { RETR: ['150 Go.', 'silence'] },
        cancelled: 3000,
      },
      'P',
      'aborted',
    ],
    ['the user gave up before', { cancelled: 0, passive: {}, active: { RETR: ['silence'] } }, 'P', 'aborted'],
  ];
  for (const [title, scene, by, code] of failures) {
    it(`fails when ${title}`, async () => {
      const played = await perform(scene);
      assert.ok(played.outcome.kind === 'failed', played.outcome.kind);
      assert.deepEqual([played.outcome.by.name, played.outcome.error.code], [by, code]);
      assertClean(played);
    });
  }

  it('tells the other side to abort, and drops it when it will not', async () => {
    const refused = { RETR: ['550 No such file.'] };
    const heeded = await perform({ passive: { STOR: ['150 Go.', 'silence'] }, active: refused });
    assert.equal(heeded.passive.sent.at(-1), 'ABOR');
    assert.equal(heeded.passive.lost, false);
    const deaf = await perform({
      passive: { STOR: ['150 Go.', 'silence'], ABOR: ['silence'] },
      active: refused,
    });
    assert.equal(deaf.passive.lost, true);
    assert.equal(deaf.outcome.kind, 'failed');
    assertClean(deaf);
  });

  it('waits longer for data that flow than for a reply that is due', async () => {
    const flowing = { STOR: ['150 Go.', 'silence'] };
    const stalled = await perform({ passive: flowing, active: { RETR: ['150 Go.', 'silence'] } });
    // 60 s, and 4 bytes in a millisecond.
    assert.ok(stalled.took > 300_000 && stalled.took < 320_000, `${stalled.took} ms`);
    const unconfirmed = await perform({ passive: flowing });
    assert.ok(unconfirmed.took > 59_000 && unconfirmed.took < 66_000, `${unconfirmed.took} ms`);
    const turnedAway = await perform({ passive: { STOR: ['silence'] } });
    assert.ok(turnedAway.took < 11_000, `${turnedAway.took} ms`);
  });

  it('begins afresh with a passive side that turned a connection away', async () => {
    const { passive, active } = await perform({ passive: { STOR: ['425 Bad address.'] } });
    assert.deepEqual([passive.lost, active.lost], [true, false]);
  });

  it('rejects when a control connection is lost before the transfer', async () => {
    for (const verb of ['PASV', 'PORT']) {
      const scene = verb === 'PASV' ? { passive: { PASV: ['close'] } } : { active: { PORT: ['close'] } };
      const clock = new FakeClock();
      const peer = { host: '198.51.100.7', port: 21, family: 4 } as const;
      const passive = new FakeSide('P', peer, { ...good, ...scene.passive });
      const active = new FakeSide('A', peer, { ...good, ...scene.active });
      const plan = {
        dialect: 'rfc959',
        passive,
        active,
        sender: 'active',
        from: '/a',
        to: '/b',
        size: 1,
      } as const;
      await assert.rejects(play(plan, { clock, meet: 1, stall: 1 }), { code: 'connection-lost' });
    }
  });
});
