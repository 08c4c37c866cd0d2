import assert from 'node:assert/strict';
import type { Dialect } from '../../src/ftp/relay/dialects';
import type { Persona } from '../support/server/persona';
import { reference } from '../support/server/personas/reference';
import {
  assertWhole,
  betweenServers,
  content,
  errorOf,
  modified,
  words,
  type RelayOptions,
} from './relayStage';

/** A server that lacks some commands. */
function without(...verbs: string[]): Persona {
  const refuses = Object.fromEntries(verbs.map((verb) => [verb, '502 Not implemented.']));
  return { ...reference, refuses };
}

const port = /^PORT 10,0,0,(\d),\d+,\d+$/;

describe('server to server, in simulation', () => {
  it('copies as RFC 959 figure 3 says: the target listens, the source dials, STOR before RETR', () =>
    betweenServers({}, async ({ shop, mirror, world }) => {
      const sent: string[] = [];
      world.rule((segment) => {
        const text = new TextDecoder().decode(segment.bytes);
        if (/^(STOR|RETR)/.test(text)) sent.push(text.slice(0, 4));
        return 'pass';
      });
      const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
      assert.deepEqual(result, { route: 'direct' });
      assertWhole(mirror);
      assert.deepEqual(sent, ['STOR', 'RETR']);
      assert.deepEqual(words(mirror), ['PASV', 'STOR …']);
      const [portLine = '', retrieve] = words(shop);
      assert.equal(port.exec(portLine)?.[1], '3', 'PORT names the mirror');
      assert.equal(retrieve, 'RETR /a.iso');
    }));

  it('keeps the modification time, compares sizes, and says so in both logs', () =>
    betweenServers({}, async ({ shop, mirror }) => {
      await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
      assert.equal((await mirror.files.stat('/b.iso')).modified, modified);
      const begun = 'server to server, mirror passive';
      assert.equal(shop.said('operation').at(-2), `Copy /a.iso to mirror:/b.iso, ${begun}`);
      assert.equal(mirror.said('operation').at(-2), `Copy shop:/a.iso to /b.iso, ${begun}`);
      for (const end of [shop, mirror]) {
        assert.match(
          end.said('operation').at(-1) ?? '',
          /^Copied 300,000 bytes directly, sizes equal, 0\.\d+ s$/,
        );
      }
    }));

  it('moves no byte of the file through this computer', () =>
    betweenServers({}, async ({ shop, mirror, world }) => {
      let most = 0;
      world.rule((segment) => {
        const client = [segment.from.host, segment.to.host].includes('10.0.0.1');
        if (client) most = Math.max(most, segment.bytes.length);
        return 'pass';
      });
      await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
      assert.ok(most < 200, `${most} bytes in one segment`);
    }));

  const dialects: readonly (readonly [Dialect | undefined, 4 | 6, string[], string[]])[] = [
    ['rfc959', 4, ['PASV', 'STOR …'], ['PORT 10,0,0,3,*', 'RETR /a.iso']],
    ['rfc2428', 4, ['EPSV', 'STOR …'], ['EPRT |1|10.0.0.3|*|', 'RETR /a.iso']],
    ['rfc2428', 6, ['EPSV', 'STOR …'], ['EPRT |2|fd00::3|*|', 'RETR /a.iso']],
    [undefined, 6, ['EPSV', 'STOR …'], ['EPRT |2|fd00::3|*|', 'RETR /a.iso']],
    ['rfc478', 4, ['SOCK 10.0.0.2 *', 'PASV', 'STOR …'], ['SOCK 10.0.0.3 *', 'RETR /a.iso']],
    ['rfc478', 6, ['SOCK fd00::2 *', 'PASV', 'STOR …'], ['SOCK fd00::3 *', 'RETR /a.iso']],
    ['rfc438', 4, ['LSTN R', 'SOCK 10.0.0.2 *', 'STOR …'], ['SOCK 10.0.0.3 *', 'RETR /a.iso']],
    ['rfc438', 6, ['LSTN R', 'SOCK fd00::2 *', 'STOR …'], ['SOCK fd00::3 *', 'RETR /a.iso']],
  ];
  for (const [dialect, family, toMirror, toShop] of dialects) {
    it(`speaks ${dialect ?? 'what IPv6 needs'} over IPv${family}, twice in a row`, () =>
      betweenServers(
        { ...historic, family, client: dialect ? { dialect } : {} },
        async ({ shop, mirror }) => {
          for (const path of ['/b.iso', '/c.iso']) {
            const result = await shop.session.copyTo('/a.iso', mirror.session, path, { route: 'direct' });
            assert.equal(result.route, 'direct');
            assertWhole(mirror, path);
          }
          const half = words(mirror).length / 2;
          assert.deepEqual(words(mirror).slice(0, half).map(withoutPort), toMirror);
          assert.deepEqual(
            words(shop)
              .slice(0, words(shop).length / 2)
              .map(withoutPort),
            toShop,
          );
        },
      ));

    it(`lets the source listen where the target cannot, in ${dialect ?? 'what IPv6 needs'} over IPv${family}`, () =>
      betweenServers(
        {
          ...historic,
          family,
          client: dialect ? { dialect } : {},
          mirror: { ...historic.mirror, persona: without('PASV', 'EPSV', 'LSTN') },
        },
        async ({ shop, mirror }) => {
          const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
          assert.equal(result.route, 'direct');
          assertWhole(mirror);
          assert.ok(shop.commands().some((line) => /^(PASV|EPSV|LSTN S)$/.test(line)));
          assert.ok(shop.said('trouble').some((text) => text.endsWith('the other way round')));
        },
      ));
  }

  it('remembers who listened, and goes straight there the next time', () =>
    betweenServers({ mirror: { persona: without('PASV', 'EPSV') } }, async ({ shop, mirror }) => {
      await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
      await shop.session.copyTo('/a.iso', mirror.session, '/c.iso', { route: 'auto' });
      assert.equal(words(mirror).filter((line) => line === 'PASV').length, 1);
      assertWhole(mirror, '/c.iso');
    }));

  it('relays, and says why, when both refuse a third host', () =>
    betweenServers(
      { shop: { thirdHosts: false }, mirror: { thirdHosts: false } },
      async ({ shop, mirror }) => {
        const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
        assert.deepEqual(result, { route: 'relay' });
        assertWhole(mirror);
        const why = 'relayed through this computer: mirror refused PORT (500)';
        assert.ok(shop.said('trouble').includes(why), shop.said('trouble').join('\n'));
        assert.ok(mirror.said('trouble').includes(why));
        const before = words(shop).length;
        await shop.session.copyTo('/a.iso', mirror.session, '/c.iso', { route: 'auto' });
        assert.ok(
          !words(shop)
            .slice(before)
            .some((line) => port.test(line)),
          'not tried again',
        );
      },
    ));

  it('relays when the two servers cannot reach each other', () =>
    betweenServers({}, async ({ shop, mirror, world, kernel }) => {
      world.unlink('shop', 'mirror');
      const began = kernel.now;
      const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
      assert.deepEqual(result, { route: 'relay' });
      assertWhole(mirror);
      assert.ok(kernel.now - began < 90_000, `${kernel.now - began} ms`);
      assert.equal((await shop.session.list('/')).length, 1);
    }));

  it('says so when a direct copy was demanded and both refuse', () =>
    betweenServers(
      { shop: { thirdHosts: false }, mirror: { thirdHosts: false } },
      async ({ shop, mirror }) => {
        const error = await errorOf(
          shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' }),
        );
        assert.equal(error.code, 'not-supported');
        assert.equal(error.facts.effect, 'unchanged');
        assert.equal(mirror.files.at('/b.iso'), undefined);
      },
    ));

  for (const route of [undefined, 'relay'] as const) {
    it(`tells no server of the other when route is ${route ?? 'absent'}`, () =>
      betweenServers({}, async ({ shop, mirror }) => {
        const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', route ? { route } : {});
        assert.deepEqual(result, { route: 'relay' });
        assertWhole(mirror);
        const lines = [...shop.commands(), ...mirror.commands()];
        assert.ok(!lines.some((line) => /^(PORT|EPRT|SOCK|LSTN)/.test(line)));
        assert.equal((await mirror.files.stat('/b.iso')).modified, modified);
      }));
  }

  it('neither dials nor passes on a third host that a 227 names', () =>
    betweenServers(
      { mirror: { persona: { ...reference, replies: { ...reference.replies, passive: lying } } } },
      async ({ shop, mirror, world }) => {
        const dialled = new Set<string>();
        world.rule((segment) => {
          dialled.add(segment.to.host);
          return 'pass';
        });
        // The port of the lie is nobody's: direct fails, nothing of the third host is used.
        const result = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
        assert.equal(result.route, 'direct');
        assertWhole(mirror);
        const [first = ''] = words(shop).filter((line) => line.startsWith('PORT'));
        assert.equal(first, 'PORT 10,0,0,3,200,10');
        assert.ok(!dialled.has('10.9.9.9'));
        assert.ok(
          mirror.said('data').includes('the reply names 10.9.9.9; its control peer 10.0.0.3 is used'),
        );
      },
    ));

  it('copies both ways at once without waiting for ever', () =>
    betweenServers({}, async ({ shop, mirror }) => {
      mirror.files.put('/x', content);
      for (const route of ['direct', 'relay'] as const) {
        await Promise.all([
          shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route }),
          mirror.session.copyTo('/x', shop.session, '/y', { route }),
          shop.session.copyTo('/a.iso', mirror.session, '/c.iso', { route }),
          mirror.session.list('/'),
        ]);
        assertWhole(mirror);
        assertWhole(mirror, '/c.iso');
        assertWhole(shop, '/y');
      }
    }));

  for (const route of ['direct', 'relay'] as const) {
    it(`refuses a missing source, a directory, a missing parent (${route})`, () =>
      betweenServers({}, async ({ shop, mirror }) => {
        mirror.files.putFolder('/folder');
        shop.files.putFolder('/folder');
        const code = async (from: string, to: string): Promise<[string, string | undefined]> => {
          const error = await errorOf(shop.session.copyTo(from, mirror.session, to, { route }));
          return [error.code, error.facts.path];
        };
        assert.deepEqual(await code('/absent', '/b.iso'), ['not-found', '/absent']);
        assert.deepEqual(await code('/folder', '/b.iso'), ['is-a-directory', '/folder']);
        assert.deepEqual(await code('/a.iso', '/folder'), ['is-a-directory', '/folder']);
        assert.deepEqual(await code('/a.iso', '/absent/b.iso'), ['not-found', '/absent/b.iso']);
        assert.deepEqual(mirror.files.names('/'), ['folder']);
      }));

    it(`replaces a file (${route})`, () =>
      betweenServers({}, async ({ shop, mirror }) => {
        mirror.files.put('/b.iso', 'old');
        await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route });
        assertWhole(mirror);
        assert.equal(mirror.files.versions('/b.iso').length, 2, 'old, then new');
      }));

    it(`copies an empty file (${route})`, () =>
      betweenServers({}, async ({ shop, mirror }) => {
        shop.files.put('/empty', '');
        await shop.session.copyTo('/empty', mirror.session, '/b', { route });
        assert.equal(mirror.files.text('/b'), '');
      }));

    it(`writes under the final name where the target does not rename (${route})`, () =>
      betweenServers({ mirror: { persona: without('RNFR', 'RNTO') } }, async ({ shop, mirror }) => {
        await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route });
        assertWhole(mirror);
        await shop.session.copyTo('/a.iso', mirror.session, '/c.iso', { route });
        assert.equal(words(mirror).filter((line) => line.startsWith('STOR')).length, 3);
      }));

    it(`stops when cancelled; both sessions go on (${route})`, () =>
      betweenServers({}, async ({ shop, mirror, kernel }) => {
        shop.files.put('/big', new Uint8Array(40_000_000));
        const controller = new AbortController();
        const { signal } = controller;
        kernel.clock('test').setTimer(1_000, () => controller.abort(), 'cancel');
        const error = await errorOf(shop.session.copyTo('/big', mirror.session, '/b.iso', { route, signal }));
        assert.equal(error.code, 'aborted');
        assert.deepEqual(mirror.files.names('/'), []);
        assert.equal((await shop.session.list('/')).length, 2);
        await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route });
        assertWhole(mirror);
      }));

    it(`ends when a session is closed under it (${route})`, () =>
      betweenServers({}, async ({ shop, mirror, kernel }) => {
        shop.files.put('/big', new Uint8Array(40_000_000));
        const copy = errorOf(shop.session.copyTo('/big', mirror.session, '/b.iso', { route }));
        await new Promise<void>((resume) => kernel.clock('test').setTimer(1_000, resume, 'close'));
        await shop.session.close();
        assert.ok(['aborted', 'session-closed'].includes((await copy).code));
        assert.deepEqual(mirror.files.names('/'), []);
        assert.deepEqual(await mirror.session.list('/'), []);
      }));
  }

  it('falls back to no temporary name where the server does not take it', () =>
    betweenServers({}, async ({ shop, mirror }) => {
      // 255 bytes are the longest name of most file systems; this server has 20.
      const name = '/just-short-enough';
      const { openWrite } = mirror.files;
      mirror.files.openWrite = (path, start) =>
        path.length > 20
          ? mirror.files.openRead('/nowhere').then(() => assert.fail())
          : openWrite.call(mirror.files, path, start);
      await shop.session.copyTo('/a.iso', mirror.session, name, { route: 'auto' });
      assertWhole(mirror, name);
    }));

  it('ends the reading of a large file when the target is full', () =>
    betweenServers({}, async ({ shop, mirror, kernel }) => {
      shop.files.put('/big', new Uint8Array(8_000_000));
      mirror.files.freeBytes = 100_000;
      const began = kernel.now;
      for (const route of ['relay', 'direct'] as const) {
        const error = await errorOf(shop.session.copyTo('/big', mirror.session, '/b', { route }));
        assert.equal(error.code, 'no-space');
        assert.equal(error.facts.effect, 'unchanged');
      }
      assert.ok(kernel.now - began < 10_000, `${kernel.now - began} ms`);
      assert.deepEqual(mirror.files.names('/'), []);
    }));

  it('goes on with a relayed copy after the source was lost in mid-file', () =>
    betweenServers({}, async ({ shop, mirror, kernel }) => {
      shop.files.put('/big', new Uint8Array(4_000_000).fill(7));
      const copy = shop.session.copyTo('/big', mirror.session, '/b', { route: 'relay' });
      await new Promise<void>((resume) => kernel.clock('test').setTimer(600, resume, 'drop'));
      await shop.server.dropSessions();
      await copy;
      assert.ok(Buffer.alloc(4_000_000, 7).equals(mirror.files.at('/b') ?? Buffer.alloc(0)));
      assert.ok(
        shop.commands().some((line) => line.startsWith('REST ')),
        'resumed, not begun again',
      );
    }));

  it('relays from block mode to stream mode', () =>
    betweenServers({ client: { mode: 'block' } }, async ({ shop, mirror }) => {
      await mirror.session.write('/before', content);
      for (const route of ['relay', 'direct'] as const) {
        await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route });
        assertWhole(mirror);
      }
    }));
});

const lying = '227 Entering Passive Mode (10,9,9,9,200,10).';
const historic: RelayOptions = { shop: { historical: true }, mirror: { historical: true } };

function withoutPort(line: string): string {
  return line
    .replace(/^(PORT (?:\d+,){4}).*/, '$1*')
    .replace(/\|\d+\|$/, '|*|')
    .replace(/^(SOCK \S+) \d+$/, '$1 *');
}
