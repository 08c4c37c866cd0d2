import assert from 'node:assert/strict';
import { Deferred } from '../../src/base/deferred';
import { FtpError, type Entry } from '../../src/ftp';
import type { Change } from '../../src/workspace/change';
import { DirectoryCache, listingLife, revalidateAfter } from '../../src/workspace/directoryCache';
import { FakeClock } from '../support/fakeClock';
import { FakeSession } from '../support/fakeSession';

const notFound = (error: unknown) => FtpError.is(error, 'not-found');

describe('the directory cache', () => {
  let session: FakeSession;
  let clock: FakeClock;
  let noticed: Change[];
  let roots: string[];
  let cache: DirectoryCache;

  beforeEach(() => {
    session = new FakeSession();
    clock = new FakeClock();
    noticed = [];
    roots = [];
    cache = new DirectoryCache(
      session,
      clock,
      () => roots,
      (changes) => noticed.push(...changes),
    );
  });

  const names = async (path: string) => (await cache.readDirectory(path)).map(({ name }) => name);

  it('answers for every child and for every name that is not there', async () => {
    session.directory('/d').put('/d/a', 'a').put('/d/b', 'bb');
    await cache.readDirectory('/d');
    assert.equal((await cache.stat('/d/b')).size, 2);
    await assert.rejects(cache.stat('/d/c'), notFound);
    await assert.rejects(cache.stat('/d/c'), notFound);
    assert.equal(session.calls.length, 1);
  });

  it('knows that nothing is below a name that is not there, and below a file', async () => {
    session.put('/file');
    await cache.readDirectory('/');
    await assert.rejects(cache.stat('/no/such/path'), notFound);
    await assert.rejects(cache.readDirectory('/no/such'), notFound);
    await assert.rejects(cache.stat('/file/below'), notFound);
    assert.equal(session.calls.length, 1);
  });

  it('does not take the root for something in the root', async () => {
    // Looking at `/` put a name without letters into its own listing; the Explorer showed it.
    session.put('/file');
    await cache.stat('/');
    assert.deepEqual(await names('/'), ['file']);
  });

  it('shares one command among all who ask at the same time', async () => {
    session.directory('/d').put('/d/a');
    session.hold();
    const requests = [
      names('/d'),
      names('/d'),
      ...['/d/a', '/d/a'].map(async (path) => [(await cache.stat(path)).name]),
    ];
    session.release();
    assert.deepEqual(await Promise.all(requests), [['a'], ['a'], ['a'], ['a']]);
    assert.deepEqual(session.calls, [{ verb: 'list', path: '/d' }]);
  });

  it('tells all who share a command when it fails, and asks again afterwards', async () => {
    session.failNext('list', 'reply-timed-out');
    const both = await Promise.allSettled([cache.stat('/a'), cache.readDirectory('/')]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    session.put('/a', 'x');
    assert.equal((await cache.stat('/a')).size, 1);
  });

  describe('believes', () => {
    it('a listing for two seconds when it is read', async () => {
      await names('/');
      session.put('/new');
      await clock.advance(revalidateAfter);
      assert.deepEqual(await names('/'), []);
      await clock.advance(1);
      assert.deepEqual(await names('/'), ['new']);
    });

    it('that a name is absent for two seconds', async () => {
      await assert.rejects(cache.stat('/new'), notFound);
      session.put('/new', 'x');
      await clock.advance(revalidateAfter + 1);
      assert.equal((await cache.stat('/new')).size, 1);
    });

    it('that a dot name is absent for longer, unless another listing shows it', async () => {
      await assert.rejects(cache.stat('/.git'), notFound);
      session.directory('/.git');
      await clock.advance(listingLife);
      await assert.rejects(cache.stat('/.git'), notFound);
      await names('/');
      assert.equal((await cache.stat('/.git')).type, 'directory');
    });

    it('a file at first sight, and for two seconds at the second', async () => {
      session.put('/a', 'x');
      await names('/');
      await clock.advance(listingLife - 10_000);
      await cache.stat('/a');
      assert.equal(session.count('stat'), 0);
      session.put('/a', 'xx');
      assert.equal((await cache.stat('/a')).size, 2);
      session.put('/a', 'xxx');
      assert.equal((await cache.stat('/a')).size, 2);
      await clock.advance(revalidateAfter + 1);
      assert.equal((await cache.stat('/a')).size, 3);
      assert.equal(session.count('list'), 1);
    });

    it('a file that was read for two seconds', async () => {
      session.put('/a', 'x');
      await names('/');
      await clock.advance(revalidateAfter + 1);
      cache.read('/a');
      session.put('/a', 'xx');
      assert.equal((await cache.stat('/a')).size, 2);
    });

    it('nothing when a file has gone', async () => {
      session.put('/a', 'x');
      await cache.stat('/a');
      session.drop('/a');
      await clock.advance(revalidateAfter + 1);
      await assert.rejects(cache.stat('/a'), notFound);
      assert.deepEqual(noticed, [{ kind: 'deleted', path: '/a' }]);
    });

    it('nothing after another control connection', async () => {
      session.put('/a', 'x');
      await cache.stat('/a');
      cache.expire();
      await cache.stat('/a');
      assert.equal(session.count('list'), 2);
    });

    it('nothing about a path after an error', async () => {
      session.put('/a', 'x');
      await cache.stat('/a');
      session.put('/a', 'xx');
      cache.forget('/a');
      assert.equal((await cache.stat('/a')).size, 2);
    });
  });

  describe('after a change of our own', () => {
    beforeEach(async () => {
      session.put('/a', 'x').directory('/d').put('/d/f', 'y');
      await names('/');
      await names('/d');
      session.calls.length = 0;
    });

    it('shows it without listing again', async () => {
      cache.wrote('/b', 3);
      cache.made('/e');
      cache.removed('/a');
      cache.renamed('/d', '/g');
      assert.deepEqual((await names('/')).sort(), ['b', 'e', 'g']);
      assert.deepEqual(session.calls, []);
    });

    it('asks for the new time once', async () => {
      session.put('/a', 'longer');
      cache.wrote('/a', 6);
      const stat = await cache.stat('/a');
      await cache.stat('/a');
      assert.equal(stat.modified?.time, session.nodes.get('/a')?.modified);
      assert.deepEqual(session.calls, [{ verb: 'stat', path: '/a' }]);
      assert.deepEqual(noticed, []);
    });

    it('forgets what was below', async () => {
      session.drop('/d').directory('/d');
      cache.removed('/d');
      cache.made('/d');
      assert.deepEqual(await names('/d'), []);
    });

    it('does not notice it as somebody else’s', async () => {
      session.put('/a', 'longer').put('/b');
      cache.wrote('/a', 6);
      cache.wrote('/b', 0);
      session.drop('/d');
      cache.removed('/d');
      await clock.advance(revalidateAfter + 1);
      await names('/');
      assert.deepEqual(noticed, []);
    });

    it('shows it although a listing from before arrives later', async () => {
      await clock.advance(revalidateAfter + 1);
      const answer = new Deferred<Entry[]>();
      session.list = () => answer.promise;
      const listing = names('/');
      await clock.settle();
      cache.wrote('/new', 1);
      cache.removed('/a');
      answer.resolve([{ name: 'a', type: 'file' }]);
      assert.deepEqual(await listing, ['new']);
      assert.deepEqual(await names('/'), ['new']);
    });

    it('does not keep a listing that was under way when something failed', async () => {
      await clock.advance(revalidateAfter + 1);
      const answer = new Deferred<Entry[]>();
      const list = session.list.bind(session);
      session.list = () => answer.promise;
      const listing = names('/');
      await clock.settle();
      cache.forget('/a');
      session.list = list;
      answer.resolve([{ name: 'long ago', type: 'file' }]);
      assert.deepEqual(await listing, ['long ago']);
      assert.deepEqual(await names('/'), ['a', 'd']);
    });

    it('does not keep a listing of a directory that was removed meanwhile', async () => {
      await clock.advance(revalidateAfter + 1);
      await names('/');
      const answer = new Deferred<Entry[]>();
      const list = session.list.bind(session);
      session.list = () => answer.promise;
      const listing = names('/d');
      await clock.settle();
      session.drop('/d').list = list;
      cache.removed('/d');
      answer.resolve([]);
      await listing;
      await assert.rejects(cache.readDirectory('/d'), notFound);
    });

    it('does not keep an answer about a file from before', async () => {
      await cache.stat('/a');
      await clock.advance(revalidateAfter + 1);
      session.hold();
      const old = cache.stat('/a');
      await clock.settle();
      cache.wrote('/a', 6);
      session.release();
      await old;
      session.put('/a', 'longer');
      assert.equal((await cache.stat('/a')).size, 6);
    });
  });

  describe('notices what others did', () => {
    it('between two listings', async () => {
      session.put('/kept', 'x').put('/changed', 'x').put('/touched', 'x').put('/gone').directory('/d');
      await names('/');
      session.put('/changed', 'xx').put('/touched', 'x').drop('/gone').put('/new').directory('/d');
      await clock.advance(revalidateAfter + 1);
      await names('/');
      assert.deepEqual(noticed, [
        { kind: 'changed', path: '/changed' },
        { kind: 'changed', path: '/touched' },
        { kind: 'created', path: '/new' },
        { kind: 'deleted', path: '/gone' },
      ]);
    });

    it('once, also where both a question and a listing show it', async () => {
      session.put('/a', 'x');
      await cache.stat('/a');
      session.put('/a', 'xx');
      await clock.advance(revalidateAfter + 1);
      await cache.stat('/a');
      await names('/');
      assert.deepEqual(noticed, [{ kind: 'changed', path: '/a' }]);
    });

    it('also across a reconnect', async () => {
      session.put('/a', 'x');
      await names('/');
      session.put('/a', 'xx');
      cache.expire();
      await names('/');
      assert.deepEqual(noticed, [{ kind: 'changed', path: '/a' }]);
    });

    it('but not that a minute is not a second', async () => {
      session.coarse = true;
      session.put('/a', 'x');
      await cache.stat('/a');
      await clock.advance(revalidateAfter + 1);
      await names('/');
      await cache.stat('/a');
      assert.deepEqual(noticed, []);
    });

    it('when a whole directory is gone, once', async () => {
      session.directory('/d').put('/d/f');
      await names('/d');
      session.drop('/d');
      await clock.advance(revalidateAfter + 1);
      await assert.rejects(cache.readDirectory('/d'), notFound);
      assert.deepEqual(noticed, [{ kind: 'deleted', path: '/d' }]);
    });
  });

  it('holds a bounded number of names, and keeps what was used last', async () => {
    for (let i = 0; i < 60; i++) {
      session.directory(`/${i}`);
      cache.made(`/${i}`);
    }
    const many = Array.from({ length: 1000 }, (_, i) => ({ name: `n${i}`, type: 'file' as const }));
    session.list = (path) => {
      session.calls.push({ verb: 'list', path });
      return Promise.resolve(path === '/' ? [] : many);
    };
    for (let i = 0; i < 60; i++) await names(`/${i}`).catch(() => undefined);
    const asked = session.calls.length;
    assert.equal((await names('/59')).length, 1000);
    assert.equal(session.calls.length, asked);
    await names('/0');
    assert.ok(session.calls.length > asked);
  });
});
