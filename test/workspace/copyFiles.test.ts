import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp';
import type { FakeSession } from '../support/fakeSession';
import { at, code, FileSystemUnderTest } from '../support/fileSystem';

describe('copies and moves between two servers', () => {
  let system: FileSystemUnderTest;
  let shop: FakeSession;
  let mirror: FakeSession;
  beforeEach(() => {
    system = new FileSystemUnderTest();
    shop = system.session;
    mirror = system.sessionOf('mirror');
    shop.directory('/d').put('/d/a', '1').directory('/d/sub').put('/d/sub/b', '22').put('/d/z', '333');
    mirror.directory('/to');
  });
  afterEach(() => system.provider.dispose());

  const copy = (from: string, to: string, overwrite = false) =>
    system.provider.copy(at(from), at(to, 'mirror'), { overwrite });
  const move = (from: string, to: string, overwrite = false) =>
    system.provider.rename(at(from), at(to, 'mirror'), { overwrite });
  const files = (session: FakeSession) =>
    [...session.nodes].filter(([, { kind }]) => kind === 'file').map(([path]) => path);

  it('ask once for a tree, and take the route for every file of it', async () => {
    system.route = 'auto';
    await copy('/d', '/to/d');
    assert.deepEqual(system.routesAsked, ['shop → mirror']);
    assert.deepEqual(shop.routes, ['auto', 'auto', 'auto']);
    assert.deepEqual(files(mirror), ['/to/d/a', '/to/d/sub/b', '/to/d/z']);
  });

  it('make a directory before what is in it', async () => {
    await copy('/d', '/to/d');
    const order = [...mirror.calls].filter(({ verb }) => verb === 'makeDirectory').map(({ path }) => path);
    assert.deepEqual(order, ['/to/d', '/to/d/sub']);
    assert.deepEqual(shop.routes, ['relay', 'relay', 'relay']);
  });

  it('ask nobody within one server, which may copy by itself', async () => {
    await system.provider.copy(at('/d/a'), at('/d/c'), { overwrite: false });
    assert.deepEqual([system.routesAsked, shop.routes], [[], ['auto']]);
  });

  it('ask nobody when something else stands in the way', async () => {
    mirror.put('/to/a', 'old');
    await assert.rejects(copy('/d/a', '/to/a'), code('FileExists'));
    await assert.rejects(copy('/d/a', '/no/a'), code('FileNotFound'));
    await assert.rejects(copy('/no', '/to/no'), code('FileNotFound'));
    assert.deepEqual(system.routesAsked, []);
  });

  it('change nothing when a person gives up', async () => {
    system.route = undefined;
    mirror.put('/to/a', 'old');
    await assert.rejects(copy('/d/a', '/to/a', true), /^Unavailable.*Nothing was copied\.$/);
    await assert.rejects(move('/d', '/to/d'), /Nothing was copied\./);
    assert.equal(mirror.text('/to/a'), 'old');
    assert.deepEqual([shop.count('remove'), mirror.count('makeDirectory')], [0, 0]);
    assert.equal(files(shop).length, 3);
  });

  it('replace what is there when told to', async () => {
    mirror.put('/to/a', 'old').directory('/to/d').put('/to/d/old', 'old');
    await copy('/d/a', '/to/a', true);
    await copy('/d', '/to/d', true);
    assert.equal(mirror.text('/to/a'), '1');
    assert.ok(!mirror.nodes.has('/to/d/old'));
    assert.equal(mirror.text('/to/d/sub/b'), '22');
  });

  it('move a tree: the source goes when all has arrived, and the window learns of both', async () => {
    await move('/d', '/to/d');
    assert.deepEqual(files(mirror), ['/to/d/a', '/to/d/sub/b', '/to/d/z']);
    assert.deepEqual([...shop.nodes.keys()], ['/']);
    const firstRemoval = shop.calls.findIndex(({ verb }) => verb === 'remove');
    const lastCopy = shop.calls.map(({ verb }) => verb).lastIndexOf('copyTo');
    assert.ok(firstRemoval > lastCopy);
    assert.deepEqual(await system.events(), ['Created /to/d', 'Deleted /d']);
    await assert.rejects(system.provider.stat(at('/d')), code('FileNotFound'));
  });

  it('leave the source alone after a failure, and say what is where', async () => {
    const error = new FtpError('copy-failed', 'cable', {
      facts: { path: '/to/d/sub/b', side: 'mirror', effect: 'unchanged' },
    });
    shop.failNext('copyTo', error, { path: '/d/sub/b' });
    await assert.rejects(
      move('/d', '/to/d'),
      /mirror broke off: “cable”\. Nothing was left under the name b\. 1 of 3 files were copied to mirror\. Nothing was deleted on shop\.$/,
    );
    assert.deepEqual([files(shop).length, shop.count('remove')], [3, 0]);
    assert.deepEqual(files(mirror), ['/to/d/a']);
    assert.deepEqual((await system.provider.stat(at('/to/d/a', 'mirror'))).size, 1);
  });

  it('name the server whose error it is', async () => {
    const full = new FtpError('server-error', 'cpu', { facts: { path: '/d/a', side: 'shop' } });
    shop.failNext('copyTo', full);
    await assert.rejects(copy('/d/a', '/to/a'), /shop failed inside/);
    shop.failNext('list', new FtpError('server-error', 'disk'), { path: '/d/sub' });
    await assert.rejects(copy('/d', '/to/d'), /shop failed inside: “disk”/);
    assert.equal(mirror.count('makeDirectory'), 0);
  });

  it('say so when the source could not be deleted', async () => {
    const refused = new FtpError('no-permission', 'sticky', { facts: { path: '/d/z' } });
    shop.failNext('remove', refused, { path: '/d/z' });
    await assert.rejects(
      move('/d', '/to/d'),
      /shop does not allow this for \/d\/z.*All was copied to mirror\. What could not be deleted is on shop, too\.$/,
    );
    assert.equal(files(mirror).length, 3);
    assert.equal(shop.text('/d/z'), '333');
    assert.equal((await system.provider.stat(at('/d/z'))).size, 3);
  });

  it('delete only what was copied: a file that came meanwhile stays', async () => {
    const removing = shop.removeDirectory.bind(shop);
    shop.removeDirectory = (path) => {
      if (path === '/d') shop.put('/d/late', 'new');
      return removing(path);
    };
    await assert.rejects(move('/d', '/to/d'), /All was copied to mirror/);
    assert.deepEqual(files(shop), ['/d/late']);
    assert.equal(files(mirror).length, 3);
  });

  it('move what links lead to, and delete the links alone', async () => {
    for (const kind of ['shown as links', 'shown as directories', 'without what they lead to']) {
      system = new FileSystemUnderTest();
      shop = system.session;
      mirror = system.sessionOf('mirror');
      shop.followsLinks = kind === 'shown as directories';
      shop.coarse = kind === 'without what they lead to';
      shop
        .directory('/real')
        .put('/real/f', 'x')
        .directory('/t')
        .link('/t/l', '/real')
        .link('/t/gone', '/no');
      await move('/t', '/t');
      assert.equal(mirror.text('/t/l/f'), 'x', kind);
      assert.equal(shop.text('/real/f'), 'x', kind);
      assert.deepEqual([...shop.nodes.keys()], ['/', '/real', '/real/f'], kind);
    }
  });

  describe('by the command', () => {
    const source = at('/d');
    const target = at('/new/deep/d', 'mirror');
    const choices = { overwrite: false, makeParents: true, route: () => Promise.resolve('direct' as const) };

    it('make the folders above the target, take its route and tell how far they are', async () => {
      const progress: string[] = [];
      await system.provider.copyToServer(source, target, {
        ...choices,
        onProgress: ({ files: some, filesTotal, bytes, bytesTotal }) =>
          progress.push(`${some}/${filesTotal} ${bytes}/${bytesTotal}`),
      });
      assert.deepEqual(files(mirror), ['/new/deep/d/a', '/new/deep/d/sub/b', '/new/deep/d/z']);
      assert.deepEqual([shop.routes, system.routesAsked], [['direct', 'direct', 'direct'], []]);
      assert.deepEqual(progress, [
        '0/3 0/6',
        '0/3 1/6',
        '1/3 1/6',
        '1/3 3/6',
        '2/3 3/6',
        '2/3 6/6',
        '3/3 6/6',
      ]);
    });

    it('stop between two files when cancelled', async () => {
      const controller = new AbortController();
      const copying = system.provider.copyToServer(source, target, {
        ...choices,
        signal: controller.signal,
        onProgress: ({ files: some }) => some === 1 && controller.abort(),
      });
      await assert.rejects(copying, /Stopped\. 1 of 3 files were copied to mirror\.$/);
      assert.deepEqual(files(mirror), ['/new/deep/d/a']);
    });
  });
});
