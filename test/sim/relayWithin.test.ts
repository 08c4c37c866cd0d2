import assert from 'node:assert/strict';
import { assertWhole, betweenServers, errorOf, modified, words } from './relayStage';

type Route = 'direct' | 'auto' | 'relay';

describe('copies within one server', () => {
  const routes: readonly (Route | undefined)[] = ['auto', 'relay', undefined];
  it('passes a large one through this computer piece by piece where the server cannot', () =>
    betweenServers({}, async ({ shop }) => {
      const big = Uint8Array.from({ length: 33 * 1024 * 1024 + 5 }, (_, i) => i >> 12);
      shop.files.put('/big', big, { modified });
      const result = await shop.session.copyTo('/big', shop.session, '/copy', { route: 'auto' });
      assert.deepEqual(result, { route: 'relay' });
      assert.ok(Buffer.from(big).equals(shop.files.at('/copy') ?? Buffer.alloc(0)));
      assert.equal((await shop.files.stat('/copy')).modified, modified);
      assert.deepEqual(shop.files.names('/'), ['a.iso', 'big', 'copy']);
      const count = (verb: string): number => shop.commands().filter((line) => line.startsWith(verb)).length;
      assert.deepEqual([count('STOR'), count('APPE'), count('RETR')], [1, 2, 3], 'in pieces of 16 MiB');
      await shop.session.copyTo('/a.iso', shop.session, '/b.iso', { route: 'auto' });
      assert.equal(count('SITE CPFR'), 1, 'not asked again');
    }));

  for (const route of routes) {
    const shown = route ?? 'absent';
    it(`asks a server that can to copy by itself, unless told not to (${shown})`, () =>
      betweenServers({ shop: { siteCopy: true } }, async ({ shop }) => {
        const expected = route === 'relay' ? 'relay' : 'direct';
        const result = await shop.session.copyTo('/a.iso', shop.session, '/copy', route ? { route } : {});
        assert.deepEqual(result, { route: expected });
        assertWhole(shop, '/copy');
        assert.equal((await shop.files.stat('/copy')).modified, modified);
        assert.equal(words(shop).length === 0, expected === 'direct', 'no data connection');
        const error = await errorOf(shop.session.copyTo('/absent', shop.session, '/copy'));
        assert.equal(error.code, 'not-found');
      }));
  }

  it('leaves a file alone that is copied onto itself', () =>
    betweenServers({}, async ({ shop }) => {
      await shop.session.copyTo('/a.iso', shop.session, '/a.iso');
      assertWhole(shop, '/a.iso');
      assert.deepEqual(words(shop), []);
      const error = await errorOf(shop.session.copyTo('/absent', shop.session, '/absent'));
      assert.equal(error.code, 'not-found');
    }));
});
