import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp';
import { DirectoryCache, revalidateAfter } from '../../src/workspace/directoryCache';
import { FakeClock } from '../support/fakeClock';
import { FakeSession } from '../support/fakeSession';

import type { Fault } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import { inetutils } from '../support/server/personas/inetutils';
import { reference } from '../support/server/personas/reference';
import { inSession, simulate } from '../support/simSession';

const names = Array.from({ length: 40 }, (_, index) => `file-${10 + index}`);

/** What can end a listing early, so that the server's lines are whole up to there. */
const cuts: Record<string, (verb: string) => Fault> = {
  'a reset in the middle': () => ({ point: 'in(data,1)', kind: 'reset', once: false }),
  'half of it, and 426': () => ({ point: 'in(data,1)', kind: 'cut', code: 426, once: false }),
  'half of it, and 451': () => ({ point: 'in(data,1)', kind: 'cut', code: 451, once: false }),
  'nothing more': () => ({ point: 'in(data,1)', kind: 'stall', once: false }),
  'a control connection that is gone': (verb) => ({ point: `reply(${verb},1)`, kind: 'close', once: false }),
};

describe('a listing that was cut', () => {
  for (const [persona, verb] of [
    [reference, 'MLSD'],
    [inetutils, 'LIST'],
  ] as const) {
    for (const [title, faultOf] of Object.entries(cuts)) {
      it(`by ${title} is never shown, on ${persona.name}`, async () => {
        const script = new FaultScript(faultOf(verb));
        await simulate({ server: { persona, script } }, (simulation) =>
          inSession(simulation, async (session, { files }) => {
            for (const name of names) files.put(`/www/${name}`, name);
            const cache = new DirectoryCache(
              session,
              new FakeClock(),
              () => ['/www'],
              () => assert.fail('nobody changed anything'),
            );
            const look = async (): Promise<string[]> =>
              (await cache.readDirectory('/www')).map(({ name }) => name).sort();
            await assert.rejects(look(), FtpError);
            await assert.rejects(cache.stat('/www/file-49'), FtpError);
            assert.ok(script.fired > 0);
            script.heal();
            assert.deepEqual(await look(), names);
          }),
        );
      });
    }
  }

  it('leaves what was known before, which is asked for again at the next look', async () => {
    const session = new FakeSession().put('/a').put('/b');
    const clock = new FakeClock();
    const cache = new DirectoryCache(
      session,
      clock,
      () => [],
      () => assert.fail(),
    );
    const look = async (): Promise<string[]> => (await cache.readDirectory('/')).map(({ name }) => name);
    await look();
    for (const code of ['data-cut', 'connection-lost', 'reply-timed-out', 'aborted'] as const) {
      await clock.advance(revalidateAfter + 1);
      session.failNext('list', code);
      await assert.rejects(look(), (error) => FtpError.is(error, code));
      assert.equal(cache.peek('/a')?.type, 'file');
      assert.deepEqual(await look(), ['a', 'b']);
    }
    assert.equal(session.count('list'), 9);
  });
});
