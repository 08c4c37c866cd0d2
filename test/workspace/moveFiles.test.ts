import assert from 'node:assert/strict';
import { FileType } from 'vscode';
import { at, code, FileSystemUnderTest } from '../support/fileSystem';

describe('rename', () => {
  let system: FileSystemUnderTest;
  beforeEach(() => (system = new FileSystemUnderTest()));
  afterEach(() => system.provider.dispose());

  const rename = (from: string, to: string, overwrite = false) =>
    system.provider.rename(at(from), at(to), { overwrite });

  it('renames a file and moves a directory with all that is in it', async () => {
    const { provider, session } = system;
    session.put('/a', '1').directory('/d').put('/d/f', '22').directory('/to');
    await provider.readDirectory(at('/d'));
    await rename('/a', '/b');
    await rename('/d', '/to/d');
    assert.equal((await provider.stat(at('/b'))).size, 1);
    assert.equal((await provider.stat(at('/to/d/f'))).size, 2);
    for (const gone of ['/a', '/d', '/d/f']) {
      await assert.rejects(provider.stat(at(gone)), code('FileNotFound'));
    }
  });

  it('rejects an absent source, a target that exists, and a missing parent of the target', async () => {
    system.session.put('/a').put('/b').directory('/d');
    await assert.rejects(rename('/no', '/x'), code('FileNotFound'));
    await assert.rejects(rename('/a', '/b'), code('FileExists'));
    await assert.rejects(rename('/a', '/d'), code('FileExists'));
    await assert.rejects(rename('/a', '/no/b'), code('FileNotFound'));
    await assert.rejects(rename('/a', '/b/c', true), code('FileNotADirectory'));
    assert.equal(system.session.count('rename'), 0);
  });

  it('does nothing onto itself, if there is something', async () => {
    system.session.put('/a', 'x');
    await rename('/a', '/a');
    await rename('/a', '/a', true);
    await assert.rejects(rename('/no', '/no', true), code('FileNotFound'));
    assert.equal(system.session.text('/a'), 'x');
    assert.equal(system.session.count('rename'), 0);
  });

  it('changes the case of a name', async () => {
    system.session.put('/readme', 'x');
    await rename('/readme', '/README');
    assert.equal(system.session.text('/README'), 'x');
  });

  it('refuses to move a directory into itself, or over what it lies in', async () => {
    system.session.directory('/d').directory('/d/e').put('/d/e/f');
    await assert.rejects(rename('/d', '/d/e/d'), code('NoPermissions'));
    await assert.rejects(rename('/d/e', '/d', true), code('NoPermissions'));
    assert.ok(system.session.nodes.has('/d/e/f'));
  });

  it('overwrites a file in one step where the server does so', async () => {
    system.session.put('/a', 'new').put('/b', 'old');
    await rename('/a', '/b', true);
    assert.equal(system.session.text('/b'), 'new');
    assert.deepEqual([system.session.count('rename'), system.session.count('remove')], [1, 0]);
  });

  it('overwrites a file by way of another name where the server does not', async () => {
    system.session.put('/a', 'new').put('/b', 'old').put('/.b.old', 'taken');
    system.session.failNext('rename', 'no-permission', { path: '/a' });
    await rename('/a', '/b', true);
    assert.equal(system.session.text('/b'), 'new');
    assert.deepEqual([...system.session.nodes.keys()].sort(), ['/', '/.b.old', '/b']);
    assert.equal(system.session.text('/.b.old'), 'taken');
  });

  it('keeps the old file when the new one cannot take its place', async () => {
    system.session.put('/a', 'new').put('/b', 'old');
    system.session.failNext('rename', 'no-permission', { path: '/a' });
    system.session.failNext('rename', 'no-permission', { path: '/a' });
    await assert.rejects(rename('/a', '/b', true), code('NoPermissions'));
    assert.equal(system.session.text('/a'), 'new');
    assert.equal(system.session.text('/b'), 'old');
  });

  it('overwrites a directory by a directory, and by a file', async () => {
    const { provider, session } = system;
    session.directory('/d').put('/d/new', 'x').directory('/t').put('/t/old').put('/f', 'y');
    await rename('/d', '/t', true);
    assert.deepEqual(await provider.readDirectory(at('/t')), [['new', FileType.File]]);
    await rename('/f', '/t', true);
    assert.equal(session.text('/t'), 'y');
    assert.deepEqual([...session.nodes.keys()].sort(), ['/', '/t']);
  });

  it('moves between servers by copying, and deletes the source last', async () => {
    const { provider, session } = system;
    const mirror = system.sessionOf('mirror');
    session.directory('/d').put('/d/f', 'x');
    await provider.rename(at('/d'), at('/e', 'mirror'), { overwrite: false });
    assert.equal(mirror.text('/e/f'), 'x');
    assert.deepEqual([...session.nodes.keys()], ['/']);

    session.put('/g', 'y');
    await system.clock.advance(3_000);
    session.failNext('copyTo', 'data-cut');
    const moving = provider.rename(at('/g'), at('/g', 'mirror'), { overwrite: false });
    await assert.rejects(moving, code('Unavailable'));
    assert.equal(session.text('/g'), 'y');
  });
});

describe('copy', () => {
  let system: FileSystemUnderTest;
  beforeEach(() => (system = new FileSystemUnderTest()));
  afterEach(() => system.provider.dispose());

  const copy = (from: string, to: string, overwrite = false, server = 'shop') =>
    system.provider.copy(at(from), at(to, server), { overwrite });

  for (const server of ['shop', 'mirror']) {
    it(`copies files and trees to ${server}`, async () => {
      const { provider, session } = system;
      session.put('/a', '1').directory('/d').put('/d/f', '22').directory('/d/empty');
      await copy('/a', '/b', false, server);
      await copy('/d', '/e', false, server);
      const target = system.sessionOf(server);
      assert.equal(target.text('/b'), '1');
      assert.equal(target.text('/e/f'), '22');
      assert.ok(target.nodes.has('/e/empty'));
      assert.equal((await provider.stat(at('/e/f', server))).size, 2);
      assert.equal(session.text('/d/f'), '22');
    });

    it(`honours the flags on ${server}`, async () => {
      const target = system.sessionOf(server);
      system.session.put('/a', 'new').directory('/d').put('/d/f', 'new');
      target.put('/b', 'old').directory('/e').put('/e/old', 'old');
      await assert.rejects(copy('/a', '/b', false, server), code('FileExists'));
      await assert.rejects(copy('/d', '/e', false, server), code('FileExists'));
      await assert.rejects(copy('/no', '/x', false, server), code('FileNotFound'));
      await assert.rejects(copy('/a', '/no/x', true, server), code('FileNotFound'));
      await assert.rejects(copy('/a', '/b/x', true, server), code('FileNotADirectory'));
      assert.equal(target.text('/b'), 'old');
      await copy('/a', '/b', true, server);
      await copy('/d', '/e', true, server);
      assert.equal(target.text('/b'), 'new');
      assert.equal(target.text('/e/f'), 'new');
      assert.ok(!target.nodes.has('/e/old'));
      await copy('/a', '/e', true, server);
      assert.equal(target.text('/e'), 'new');
    });
  }

  it('copies what links lead to, and leaves out those that lead nowhere', async () => {
    for (const coarse of [false, true]) {
      const { session } = (system = new FileSystemUnderTest());
      session.coarse = coarse;
      session.put('/f', 'x').directory('/d').put('/d/g', 'y').directory('/t');
      session.link('/t/f', '/f').link('/t/d', '/d').link('/t/gone', '/no');
      await copy('/t', '/u');
      assert.equal(session.text('/u/f'), 'x');
      assert.equal(session.text('/u/d/g'), 'y');
      assert.ok(!session.nodes.has('/u/gone'));
      await assert.rejects(copy('/t/gone', '/v'), code('FileNotFound'));
    }
  });

  it('writes nothing when links lead in circles', async () => {
    system.session.directory('/t').link('/t/self', '/t');
    await assert.rejects(copy('/t', '/u'), code('NoPermissions'));
    assert.equal(system.session.count('makeDirectory'), 0);
  });

  it('does not copy a directory into itself, nor a file onto itself', async () => {
    system.session.directory('/d').put('/d/f', 'x');
    await assert.rejects(copy('/d', '/d/e'), code('NoPermissions'));
    await assert.rejects(copy('/d/f', '/d', true), code('NoPermissions'));
    await assert.rejects(copy('/d/f', '/d/f'), code('FileExists'));
    await copy('/d/f', '/d/f', true);
    assert.equal(system.session.text('/d/f'), 'x');
    assert.equal(system.session.count('copyTo'), 0);
  });

  it('speaks of the server whose error it is', async () => {
    system.session.put('/a');
    system.sessionOf('mirror').put('/a');
    await assert.rejects(copy('/a', '/a', false, 'mirror'), /\/a already exists on mirror\./);
    await assert.rejects(copy('/no', '/x', false, 'mirror'), /\/no does not exist on shop\./);
  });
});
