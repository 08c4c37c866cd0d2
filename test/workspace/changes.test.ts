import assert from 'node:assert/strict';
import type { Change } from '../../src/workspace/change';
import { ChangeBuffer } from '../../src/workspace/changeBuffer';
import { FakeClock } from '../support/fakeClock';
import { at, FileSystemUnderTest } from '../support/fileSystem';

describe('the change buffer', () => {
  const rows: [string, Change['kind'][], Change['kind']][] = [
    ['one change', ['changed'], 'changed'],
    ['made and written', ['created', 'changed'], 'created'],
    ['replaced', ['deleted', 'created'], 'changed'],
    ['written and removed', ['changed', 'deleted'], 'deleted'],
  ];
  for (const [title, kinds, combined] of rows) {
    it(`hands over ${title} as one event: ${combined}`, async () => {
      const clock = new FakeClock();
      const batches: (readonly Change[])[] = [];
      const buffer = new ChangeBuffer(clock, (changes) => batches.push(changes));
      for (const kind of kinds) buffer.add([{ kind, path: '/a' }]);
      assert.deepEqual(batches, []);
      await clock.advance(20);
      assert.deepEqual(batches, [[{ kind: combined, path: '/a' }]]);
      assert.deepEqual(clock.waiting, []);
    });
  }

  it('forgets what was not handed over when it is disposed', async () => {
    const clock = new FakeClock();
    const batches: (readonly Change[])[] = [];
    const buffer = new ChangeBuffer(clock, (changes) => batches.push(changes));
    buffer.add([{ kind: 'changed', path: '/a' }]);
    buffer.dispose();
    await clock.advance(20);
    assert.deepEqual(batches, []);
  });
});

describe('events', () => {
  let system: FileSystemUnderTest;
  beforeEach(() => (system = new FileSystemUnderTest()));
  afterEach(() => system.provider.dispose());

  it('of our own operations come in one batch', async () => {
    const { provider, session } = system;
    session.put('/old').put('/gone').directory('/tree').put('/tree/f');
    await provider.readDirectory(at('/'));
    const flags = { create: true, overwrite: true };
    await provider.writeFile(at('/old'), Buffer.from('x'), flags);
    await provider.writeFile(at('/new'), Buffer.from('x'), flags);
    await provider.createDirectory(at('/dir'));
    await provider.delete(at('/gone'), { recursive: false });
    await provider.delete(at('/tree'), { recursive: true });
    await provider.rename(at('/old'), at('/renamed'), { overwrite: false });
    await provider.copy(at('/new'), at('/copied'), { overwrite: false });
    assert.deepEqual((await system.events()).sort(), [
      'Created /copied',
      'Created /dir',
      'Created /new',
      'Created /renamed',
      'Deleted /gone',
      'Deleted /old',
      'Deleted /tree',
    ]);
    assert.equal(system.batches.length, 1);
  });

  it('are not told of what failed', async () => {
    system.session.failNext('write', 'no-permission');
    const writing = system.provider.writeFile(at('/a'), Buffer.from('x'), { create: true, overwrite: true });
    await assert.rejects(writing);
    assert.deepEqual(await system.events(), []);
  });

  it('tell what others did when it is noticed, in the right server', async () => {
    system.session.put('/a', 'x');
    await system.provider.readDirectory(at('/'));
    system.session.put('/a', 'xx').put('/b');
    system.reconnected.fire('shop');
    await system.provider.readDirectory(at('/'));
    assert.deepEqual(await system.events(), ['Changed /a', 'Created /b']);
    assert.equal(system.batches[0]?.[0]?.uri.toString(), 'ftp://shop/a');
  });
});
