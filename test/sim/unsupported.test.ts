import assert from 'node:assert/strict';
import { FaultScript } from '../support/server/faultScript';
import { inSession, simulate } from '../support/simSession';

describe('what is learned from a refusal', () => {
  /** What SIZE is asked about when the first is answered with `code`, and what is learned. */
  const savesAfter = async (code: number): Promise<readonly [sizes: string[], unsupported: string[]]> => {
    const script = new FaultScript({ point: 'reply(SIZE,1)', kind: 'code', code });
    let seen: readonly [string[], string[]] = [[], []];
    await simulate({ server: { script } }, (simulation) =>
      inSession(simulation, async (session) => {
        await session.write('/odd', Uint8Array.of(1));
        await session.write('/even', Uint8Array.of(1, 2));
        const sizes = simulation.commandsSince().filter((line) => line.startsWith('SIZE'));
        seen = [sizes, session.profile.learned.unsupported];
      }),
    );
    return seen;
  };

  // Story: 501 to SIZE of one odd name counted as "no SIZE here", and no save was checked from then on.
  it('501 is about one path: the next save is checked all the same', async () => {
    assert.deepEqual(await savesAfter(501), [['SIZE /odd', 'SIZE /even'], []]);
  });

  it('502 is about the command: SIZE is not asked again', async () => {
    assert.deepEqual(await savesAfter(502), [['SIZE /odd'], ['SIZE']]);
  });

  it('MLST that does not take a path leaves it to the listing', () => {
    const script = new FaultScript({ point: 'reply(MLST,1)', kind: 'code', code: 501 });
    return simulate({ server: { script } }, (simulation) => {
      simulation.files.put('/odd', 'odd').put('/even', 'even');
      return inSession(simulation, async (session) => {
        assert.equal((await session.stat('/odd')).size, 3);
        assert.equal((await session.stat('/even')).size, 4);
        const lines = simulation.commandsSince().filter((line) => /^ML/.test(line));
        assert.deepEqual(lines, ['MLST /odd', 'MLSD /', 'MLST /even']);
      });
    });
  });
});
