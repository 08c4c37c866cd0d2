import assert from 'node:assert/strict';
import { FilePermission, FileType } from 'vscode';
import { FtpError } from '../../src/ftp';
import { at, code, FileSystemUnderTest } from '../support/fileSystem';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the provider', () => {
  let system: FileSystemUnderTest;

  beforeEach(() => {
    system = new FileSystemUnderTest();
  });

  afterEach(() => {
    system.provider.dispose();
    assert.deepEqual(system.clock.waiting, [], 'no timer outlives the provider');
  });

  describe('stat', () => {
    it('tells size, time and type of a file', async () => {
      system.session.put('/a', 'hello', { modified: 5_000 });
      assert.deepEqual(await system.provider.stat(at('/a')), {
        type: FileType.File,
        ctime: 0,
        mtime: 5_000,
        size: 5,
      });
    });

    it('tells a directory with size 0', async () => {
      system.session.directory('/d', { modified: 7_000 });
      assert.deepEqual(await system.provider.stat(at('/d')), {
        type: FileType.Directory,
        ctime: 0,
        mtime: 7_000,
        size: 0,
      });
    });

    for (const path of ['', '/']) {
      it(`lists the root for '${path}'`, async () => {
        assert.equal((await system.provider.stat(at(path))).type, FileType.Directory);
        assert.deepEqual(system.session.calls, [{ verb: 'list', path: '/' }]);
      });
    }

    it('rejects an absent name and a name below nothing', async () => {
      await assert.rejects(system.provider.stat(at('/no')), code('FileNotFound'));
      await assert.rejects(system.provider.stat(at('/no/such')), code('FileNotFound'));
    });

    it('types links by what they lead to, on servers that tell and on those that do not', async () => {
      for (const coarse of [false, true]) {
        const { provider, session } = (system = new FileSystemUnderTest());
        session.coarse = coarse;
        session.put('/f', 'abc').directory('/d').link('/to-f', '/f').link('/to-d', '/d').link('/gone', '/x');
        const typeOf = async (path: string) => (await provider.stat(at(path))).type;
        assert.equal(await typeOf('/to-f'), FileType.SymbolicLink | FileType.File);
        assert.equal(await typeOf('/to-d'), FileType.SymbolicLink | FileType.Directory);
        assert.equal(await typeOf('/gone'), FileType.SymbolicLink);
        assert.equal((await provider.stat(at('/to-f'))).size, 3);
        assert.deepEqual((await provider.readDirectory(at('/'))).sort(), [
          ['d', FileType.Directory],
          ['f', FileType.File],
          ['gone', FileType.SymbolicLink],
          ['to-d', FileType.SymbolicLink | FileType.Directory],
          ['to-f', FileType.SymbolicLink | FileType.File],
        ]);
      }
    });

    it('says read-only where the server does', async () => {
      system.session.put('/perm', '', { permissions: 'r' }).put('/mode', '', { mode: 0o444 });
      const permissions = async (path: string) => (await system.provider.stat(at(path))).permissions;
      assert.equal(await permissions('/perm'), FilePermission.Readonly);
      assert.equal(await permissions('/mode'), FilePermission.Readonly);
    });

    it('takes a time-out for what it is', async () => {
      system.session.failNext('list', 'reply-timed-out');
      await assert.rejects(system.provider.stat(at('/a')), code('Unavailable'));
    });

    it('needs no permission to list the parent of a workspace folder', async () => {
      system.session.directory('/home').directory('/home/web').put('/home/web/index.php', 'x');
      system.session.failNext('list', 'no-permission', { path: '/home' });
      system.folders = [at('/home/web/')];
      assert.equal((await system.provider.stat(at('/home/web'))).type, FileType.Directory);
      assert.equal((await system.provider.stat(at('/home/web/index.php'))).size, 1);
      assert.deepEqual(system.session.calls, [{ verb: 'list', path: '/home/web' }]);
    });

    it('asks for single names where a directory may be entered but not listed', async () => {
      system.session.directory('/secret').put('/secret/known', 'abc');
      system.session.failNext('list', 'no-permission', { path: '/secret' });
      assert.equal((await system.provider.stat(at('/secret/known'))).size, 3);
      await assert.rejects(system.provider.stat(at('/secret/unknown')), code('FileNotFound'));
      assert.equal(system.session.count('list', '/secret'), 1);
    });
  });

  describe('readDirectory', () => {
    it('rejects what is absent, what is a file, and what the server forbids', async () => {
      system.session.put('/f').directory('/closed');
      system.session.failNext('list', 'no-permission', { path: '/closed' });
      await assert.rejects(system.provider.readDirectory(at('/no')), code('FileNotFound'));
      await assert.rejects(system.provider.readDirectory(at('/f')), code('FileNotADirectory'));
      await assert.rejects(system.provider.readDirectory(at('/closed')), code('NoPermissions'));
    });
  });

  describe('readFile', () => {
    it('hands over the bytes', async () => {
      system.session.put('/a', 'hello');
      assert.equal(Buffer.from(await system.provider.readFile(at('/a'))).toString(), 'hello');
    });

    it('rejects what is absent and what is a directory without reading', async () => {
      system.session.directory('/d');
      await assert.rejects(system.provider.readFile(at('/no')), code('FileNotFound'));
      await assert.rejects(system.provider.readFile(at('/d')), code('FileIsADirectory'));
      assert.equal(system.session.count('read'), 0);
    });

    it('refuses what no editor takes', async () => {
      system.session.put('/big');
      system.session.list = () => Promise.resolve([{ name: 'big', type: 'file', size: 3e9 }]);
      await assert.rejects(system.provider.readFile(at('/big')), /big has 3 GB; .* 256 MB/);
      assert.equal(system.session.count('read'), 0);
    });
  });

  describe('writeFile', () => {
    // What is there × create × overwrite → the code, or the file's new content.
    const rows: [string, boolean, boolean, string][] = [
      ['/file', true, true, 'new'],
      ['/file', false, true, 'new'],
      ['/file', false, false, 'new'],
      ['/file', true, false, 'FileExists'],
      ['/absent', true, true, 'new'],
      ['/absent', true, false, 'new'],
      ['/absent', false, true, 'FileNotFound'],
      ['/absent', false, false, 'FileNotFound'],
      ['/no/parent', true, true, 'FileNotFound'],
      ['/no/parent', true, false, 'FileNotFound'],
      ['/no/parent', false, true, 'FileNotFound'],
      ['/file/below', true, true, 'FileNotADirectory'],
      ['/file/below', true, false, 'FileNotADirectory'],
      ['/directory', true, true, 'FileIsADirectory'],
      ['/directory', true, false, 'FileIsADirectory'],
      ['/directory', false, true, 'FileIsADirectory'],
    ];
    for (const [path, create, overwrite, outcome] of rows) {
      for (const warm of [false, true]) {
        const title = `${path}, create ${create}, overwrite ${overwrite}, ${warm ? 'listed' : 'not listed'}`;
        it(`${title}: ${outcome}`, async () => {
          const { provider, session } = system;
          session.put('/file', 'old').directory('/directory');
          if (warm) await provider.readDirectory(at('/'));
          const writing = provider.writeFile(at(path), bytes('new'), { create, overwrite });
          if (outcome !== 'new') {
            await assert.rejects(writing, code(outcome));
            assert.equal(session.text('/file'), 'old');
            return;
          }
          await writing;
          assert.equal(session.text(path), 'new');
          assert.equal((await provider.stat(at(path))).size, 3);
        });
      }
    }

    it('saves without asking first', async () => {
      system.session.put('/a', 'old');
      await system.provider.writeFile(at('/a'), bytes('new'), { create: true, overwrite: true });
      assert.deepEqual(system.session.calls, [{ verb: 'write', path: '/a' }]);
    });

    for (const [effect, sentence] of [
      ['unchanged', 'Nothing on shop was changed.'],
      ['changed', 'What is on shop now may be cut off.'],
      ['unknown', 'It is not known whether anything on shop was changed.'],
    ] as const) {
      it(`that fails rejects and says what is on the server: ${effect}`, async () => {
        const error = new FtpError('data-cut', 'cut', { facts: { effect } });
        system.session.failNext('write', error);
        const writing = system.provider.writeFile(at('/a'), bytes('new'), { create: true, overwrite: true });
        await assert.rejects(writing, (told: Error & { code: string }) => {
          assert.equal(told.code, 'Unavailable');
          assert.equal(told.message, `The data connection to shop broke. ${sentence}`);
          return true;
        });
      });
    }

    it('that fails leaves no belief behind', async () => {
      const { provider, session } = system;
      session.put('/a', 'old');
      assert.equal((await provider.stat(at('/a'))).size, 3);
      session.failNext('write', 'data-cut', { after: true });
      await assert.rejects(
        provider.writeFile(at('/a'), bytes('longer'), { create: true, overwrite: true }),
        code('Unavailable'),
      );
      assert.equal((await provider.stat(at('/a'))).size, 6);
    });

    it('through a link keeps it a link', async () => {
      system.session.put('/f', 'old').link('/l', '/f');
      await system.provider.stat(at('/l'));
      await system.provider.writeFile(at('/l'), bytes('longer'), { create: true, overwrite: true });
      const stat = await system.provider.stat(at('/l'));
      assert.equal(stat.type, FileType.SymbolicLink | FileType.File);
      assert.equal(stat.size, 6);
      assert.equal(system.session.text('/f'), 'longer');
    });
  });

  describe('createDirectory', () => {
    it('makes one, which is empty', async () => {
      await system.provider.createDirectory(at('/d'));
      assert.deepEqual(await system.provider.readDirectory(at('/')), [['d', FileType.Directory]]);
      assert.deepEqual(await system.provider.readDirectory(at('/d')), []);
      assert.equal(system.session.count('list'), 2);
    });

    it('rejects what is there already, a missing parent, and a parent that is a file', async () => {
      system.session.put('/f').directory('/d');
      await assert.rejects(system.provider.createDirectory(at('/f')), code('FileExists'));
      await assert.rejects(system.provider.createDirectory(at('/d')), code('FileExists'));
      await assert.rejects(system.provider.createDirectory(at('/no/d')), code('FileNotFound'));
      await assert.rejects(system.provider.createDirectory(at('/f/d')), code('FileNotADirectory'));
      assert.equal(system.session.count('makeDirectory'), 0);
    });

    it('passes on what the server forbids', async () => {
      system.session.failNext('makeDirectory', 'no-permission');
      await assert.rejects(system.provider.createDirectory(at('/d')), code('NoPermissions'));
      await assert.rejects(system.provider.stat(at('/d')), code('FileNotFound'));
    });
  });

  describe('delete', () => {
    it('removes a file, recursively or not', async () => {
      system.session.put('/a').put('/b');
      await system.provider.delete(at('/a'), { recursive: false });
      await system.provider.delete(at('/b'), { recursive: true });
      assert.deepEqual(await system.provider.readDirectory(at('/')), []);
      assert.equal(system.session.count('list'), 1);
    });

    it('removes an empty directory', async () => {
      system.session.directory('/d');
      await system.provider.delete(at('/d'), { recursive: false });
      assert.ok(!system.session.nodes.has('/d'));
    });

    it('rejects what is absent, and a directory that is not empty unless recursive', async () => {
      system.session.directory('/d').put('/d/f');
      await assert.rejects(system.provider.delete(at('/no'), { recursive: true }), code('FileNotFound'));
      const deleting = system.provider.delete(at('/d'), { recursive: false });
      await assert.rejects(deleting, /^NoPermissions.*: \/d is not empty\.$/);
      assert.ok(system.session.nodes.has('/d/f'));
    });

    for (const followsLinks of [false, true]) {
      const shown = followsLinks ? 'as what they lead to' : 'as links';
      it(`removes a tree bottom-up and never what links lead to, shown ${shown}`, async () => {
        const { provider, session } = system;
        session.followsLinks = followsLinks;
        session.directory('/keep').put('/keep/precious', 'x').put('/precious', 'y');
        session.directory('/t').directory('/t/d').put('/t/d/f').put('/t/g');
        session.link('/t/d/out', '/keep').link('/t/file', '/precious').link('/t/gone', '/nowhere');
        await provider.delete(at('/t'), { recursive: true });
        assert.deepEqual([...session.nodes.keys()].sort(), ['/', '/keep', '/keep/precious', '/precious']);
        const order = session.calls.filter(({ verb }) => verb === 'removeDirectory').map(({ path }) => path);
        assert.deepEqual(order, ['/t/d', '/t']);
        await assert.rejects(provider.stat(at('/t/d/f')), code('FileNotFound'));
      });

      it(`removes a link itself, shown ${shown}, also without recursive`, async () => {
        const { provider, session } = system;
        session.followsLinks = followsLinks;
        session.directory('/keep').put('/keep/precious', 'x').link('/l', '/keep').link('/m', '/keep');
        await provider.delete(at('/l'), { recursive: true });
        await provider.delete(at('/m'), { recursive: false });
        assert.deepEqual([...session.nodes.keys()].sort(), ['/', '/keep', '/keep/precious']);
      });
    }

    it('stops at the first refusal, and looks again afterwards', async () => {
      const { provider, session } = system;
      session.directory('/t').put('/t/a').put('/t/b').put('/t/c');
      await provider.readDirectory(at('/t'));
      session.failNext('remove', 'no-permission', { path: '/t/b' });
      await assert.rejects(provider.delete(at('/t'), { recursive: true }), code('NoPermissions'));
      const names = (await provider.readDirectory(at('/t'))).map(([name]) => name);
      assert.deepEqual(names, ['b', 'c']);
    });

    it('does not go on when the connection is lost', async () => {
      system.session.directory('/t').put('/t/a');
      system.session.failNext('remove', 'connection-lost', { path: '/t' });
      await assert.rejects(system.provider.delete(at('/t'), { recursive: true }), code('Unavailable'));
      assert.ok(system.session.nodes.has('/t/a'));
    });
  });
});
