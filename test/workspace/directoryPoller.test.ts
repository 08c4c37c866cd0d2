import assert from 'node:assert/strict';
import { at, FileSystemUnderTest } from '../support/fileSystem';

describe('the poller', () => {
  let system: FileSystemUnderTest;

  beforeEach(() => {
    system = new FileSystemUnderTest();
    system.session.directory('/d').put('/d/f', 'x').directory('/other').put('/other/g', 'x');
  });

  afterEach(() => {
    system.provider.dispose();
    assert.deepEqual(system.clock.waiting, []);
  });

  const watch = (path: string, recursive = true) => system.provider.watch(at(path), { recursive });

  it('sends nothing and sets no timer while nothing is watched', async () => {
    await system.provider.readDirectory(at('/'));
    await system.clock.advance(20);
    assert.deepEqual(system.clock.waiting, []);
    await system.clock.advance(600_000);
    assert.equal(system.session.calls.length, 1);
  });

  it('sends nothing for a watched folder that nobody looked at', async () => {
    watch('/');
    await system.clock.advance(600_000);
    assert.deepEqual(system.session.calls, []);
  });

  it('sends nothing in the first interval, then one listing a directory each interval', async () => {
    watch('/');
    await system.provider.readDirectory(at('/'));
    await system.provider.readDirectory(at('/d'));
    await system.clock.advance(14_999);
    assert.equal(system.session.calls.length, 2);
    await system.clock.advance(1);
    assert.equal(system.session.count('list'), 4);
    await system.clock.advance(15_000);
    assert.equal(system.session.count('list'), 6);
    assert.equal(system.session.count('list', '/other'), 0);
  });

  it('does not connect a server that a person disconnected', async () => {
    const watched = watch('/');
    await system.provider.readDirectory(at('/'));
    system.disconnected = true;
    await system.clock.advance(60_000);
    assert.equal(system.session.calls.length, 1);
    watched.dispose();
  });

  it('leaves out what was listed a moment ago', async () => {
    watch('/');
    await system.clock.advance(14_000);
    await system.provider.readDirectory(at('/'));
    await system.clock.advance(1_000);
    assert.equal(system.session.count('list'), 1);
  });

  it('tells what others created, changed and deleted', async () => {
    watch('/');
    await system.provider.readDirectory(at('/d'));
    system.session.put('/d/f', 'xx').put('/d/new');
    await system.clock.advance(15_000);
    system.session.drop('/d/new');
    await system.clock.advance(15_000);
    assert.deepEqual(await system.events(), ['Changed /d/f', 'Created /d/new', 'Deleted /d/new']);
  });

  it('keeps to its folder, and not below it unless recursive', async () => {
    await system.provider.readDirectory(at('/d'));
    await system.provider.readDirectory(at('/other'));
    watch('/d');
    await system.clock.advance(15_000);
    assert.deepEqual([system.session.count('list', '/d'), system.session.count('list', '/other')], [2, 1]);
    watch('/', false);
    await system.provider.readDirectory(at('/'));
    await system.clock.advance(15_000);
    assert.deepEqual([system.session.count('list', '/'), system.session.count('list', '/other')], [2, 1]);
  });

  it('asks for a watched file alone, with one command', async () => {
    await system.provider.stat(at('/d/f'));
    watch('/d/f', false);
    system.session.put('/d/f', 'xx');
    await system.clock.advance(15_000);
    assert.deepEqual(await system.events(), ['Changed /d/f']);
    assert.deepEqual([system.session.count('list'), system.session.count('stat')], [1, 1]);
  });

  it('waits for the focus', async () => {
    watch('/');
    await system.provider.readDirectory(at('/'));
    system.focused = false;
    await system.clock.advance(600_000);
    assert.equal(system.session.calls.length, 1);
    system.focused = true;
    await system.clock.advance(15_000);
    assert.equal(system.session.calls.length, 2);
  });

  it('heeds the setting, also when it changes', async () => {
    system.interval = 0;
    watch('/');
    await system.provider.readDirectory(at('/'));
    await system.clock.advance(600_000);
    assert.equal(system.session.calls.length, 1);
    system.interval = 60_000;
    await system.clock.advance(15_000);
    assert.equal(system.session.calls.length, 2);
    await system.clock.advance(59_999);
    assert.equal(system.session.calls.length, 2);
  });

  it('counts who watches', async () => {
    const first = watch('/');
    const second = watch('/');
    await system.provider.readDirectory(at('/'));
    first.dispose();
    first.dispose();
    await system.clock.advance(15_000);
    assert.equal(system.session.calls.length, 2);
    second.dispose();
    await system.clock.advance(600_000);
    assert.equal(system.session.calls.length, 2);
  });

  it('tries less often while the server fails, and as before once it answers', async () => {
    watch('/');
    await system.provider.readDirectory(at('/'));
    for (let i = 0; i < 3; i++) system.session.failNext('list', 'connection-lost');
    const listsAfter = async (seconds: number) => {
      await system.clock.advance(seconds * 1000);
      return system.session.count('list') - 1;
    };
    assert.equal(await listsAfter(15), 1);
    assert.equal(await listsAfter(29), 1);
    assert.equal(await listsAfter(1), 2);
    assert.equal(await listsAfter(59), 2);
    assert.equal(await listsAfter(1), 3);
    assert.equal(await listsAfter(120), 4);
    assert.equal(await listsAfter(15), 5);
  });

  it('goes on after a directory that may not be listed any more', async () => {
    watch('/');
    await system.provider.readDirectory(at('/d'));
    await system.provider.readDirectory(at('/other'));
    system.session.failNext('list', 'no-permission', { path: '/other' });
    await system.clock.advance(15_000);
    assert.equal(system.session.count('list', '/d'), 2);
    await system.clock.advance(15_000);
    assert.equal(system.session.count('list', '/d'), 3);
  });

  it('polls at most ten directories, those looked at last', async () => {
    for (let i = 0; i < 12; i++) system.session.directory(`/n${i}`);
    watch('/');
    for (let i = 0; i < 12; i++) await system.provider.readDirectory(at(`/n${i}`));
    system.session.calls.length = 0;
    await system.clock.advance(15_000);
    const polled = system.session.calls.map(({ path }) => path).sort();
    assert.deepEqual(polled, Array.from({ length: 10 }, (_, i) => `/n${i + 2}`).sort());
  });
});
