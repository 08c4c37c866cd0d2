import assert from 'node:assert/strict';
import { FtpError, type FtpErrorCode } from '../../src/ftp';
import { listingLife, revalidateAfter } from '../../src/workspace/directoryCache';
import { nameOf, parentOf } from '../../src/workspace/remotePath';
import { renameFile } from '../../src/workspace/renameFile';
import type { ServerFiles } from '../../src/workspace/serverFiles';
import { writeFile } from '../../src/workspace/writeFile';
import { FakeClock } from '../support/fakeClock';
import { FakeSession } from '../support/fakeSession';
import { serverFilesOver } from '../support/serverFilesOver';

const saves = { create: true, overwrite: true };
const notFound = (error: unknown): boolean => FtpError.is(error, 'not-found');

describe('what is believed of a server', () => {
  let session: FakeSession, clock: FakeClock, files: ServerFiles;

  beforeEach(() => {
    session = new FakeSession().directory('/www').directory('/www/css').put('/www/a', 'x');
    session.put('/www/css/b', 'yy');
    clock = new FakeClock();
    files = serverFilesOver(session, clock);
  });
  afterEach(() => files.dispose());

  const names = async (path: string): Promise<string[]> =>
    (await files.readDirectory(path)).map(({ name }) => name).sort();
  const asked = (): string[] => session.calls.splice(0).map(({ verb, path }) => `${verb} ${path}`);

  describe('once it is too old', () => {
    const questions: Record<string, [() => Promise<unknown>, string]> = {
      'reading a folder': [() => files.readDirectory('/www'), 'list /www'],
      'a name that is absent': [() => files.stat('/www/no').catch(() => undefined), 'list /www'],
      'a file that was looked at': [() => files.stat('/www/a'), 'stat /www/a'],
      'a name below one that is absent': [() => files.stat('/www/no/x').catch(() => undefined), 'list /www'],
    };
    for (const [title, [ask, command]] of Object.entries(questions)) {
      it(`is asked for again once, however many ask: ${title}`, async () => {
        await files.readDirectory('/www');
        await ask();
        asked();
        await clock.advance(revalidateAfter + 1);
        await Promise.all(Array.from({ length: 20 }, ask));
        await Promise.all(Array.from({ length: 20 }, ask));
        assert.deepEqual(asked(), [command]);
      });
    }
  });

  describe('after a change of ours', () => {
    beforeEach(async () => {
      await names('/www');
      await names('/www/css');
      await assert.rejects(files.stat('/www/new/deep/file'), notFound);
      await assert.rejects(files.stat('/www/new/.git'), notFound);
      asked();
    });

    it('holds for all else: nothing is listed again', async () => {
      await writeFile(files, '/www/new', Buffer.from('1'), saves);
      await files.delete('/www/a', false);
      await files.createDirectory('/www/made');
      asked();
      assert.deepEqual(await names('/www'), ['css', 'made', 'new']);
      assert.deepEqual(await names('/www/css'), ['b']);
      assert.equal((await files.stat('/www/css/b')).size, 2);
      assert.deepEqual(asked(), []);
    });

    it('no longer has names absent below a folder that we made', async () => {
      await files.createDirectory('/www/new');
      session.directory('/www/new/deep').put('/www/new/deep/file', '1').directory('/www/new/.git');
      assert.equal((await files.stat('/www/new/.git')).type, 'directory');
      assert.equal((await files.stat('/www/new/deep/file')).size, 1);
    });

    it('no longer has names absent below a folder that we moved there', async () => {
      session.directory('/www/css/.git').put('/www/css/deep', '');
      await renameFile(files, '/www/css', '/www/new', false);
      assert.equal((await files.stat('/www/new/.git')).type, 'directory');
      assert.deepEqual(await names('/www/new'), ['.git', 'b', 'deep']);
      await assert.rejects(files.stat('/www/css/b'), notFound);
      await assert.rejects(files.readDirectory('/www/css'), notFound);
    });

    it('has nothing of what was below a folder that we deleted and made again', async () => {
      await files.delete('/www/css', true);
      await assert.rejects(files.stat('/www/css/b'), notFound);
      await files.createDirectory('/www/css');
      assert.deepEqual(await names('/www/css'), []);
    });

    it('has nothing of a folder that another one replaced', async () => {
      session.directory('/www/less').put('/www/less/c');
      await clock.advance(revalidateAfter + 1);
      await names('/www/css');
      await renameFile(files, '/www/less', '/www/css', true);
      assert.deepEqual(await names('/www/css'), ['c']);
    });

    it('has a file as it was written, and no folder that it replaced', async () => {
      session.put('/www/b', 'a file');
      await clock.advance(revalidateAfter + 1);
      await renameFile(files, '/www/b', '/www/css', true);
      await assert.rejects(files.readDirectory('/www/css'), (error) => FtpError.is(error, 'not-a-directory'));
      await assert.rejects(files.stat('/www/css/b'), notFound);
      assert.equal((await files.stat('/www/css')).size, 6);
    });
  });

  describe('after a change of ours that failed', () => {
    const codes: FtpErrorCode[] = ['connection-lost', 'no-permission', 'no-space', 'data-unconfirmed'];
    const changes: Record<string, [string, () => Promise<void>]> = {
      'a new file': ['write', () => writeFile(files, '/www/new', Buffer.from('1'), saves)],
      'a deleted file': ['remove', () => files.delete('/www/a', false)],
      'a new folder': ['makeDirectory', () => files.createDirectory('/www/new')],
      'a renamed file': ['rename', () => renameFile(files, '/www/a', '/www/new', false)],
    };
    for (const [title, [verb, change]] of Object.entries(changes)) {
      for (const after of [false, true]) {
        const when = after ? 'after' : 'before';
        it(`is asked for again, and other folders are not: ${title}, ${when} it was done`, async () => {
          for (const code of codes) {
            await names('/www/css');
            await names('/www');
            session.failNext(verb, code, { after });
            await assert.rejects(change());
            asked();
            assert.deepEqual(await names('/www'), namesIn('/www'), code);
            assert.deepEqual(await names('/www/css'), ['b']);
            assert.ok(!asked().includes('list /www/css'));
            session.drop('/www/new').put('/www/a', 'x');
            await clock.advance(revalidateAfter + 1);
          }
        });
      }
    }

    const namesIn = (folder: string): string[] => {
      const inside = [...session.nodes.keys()].filter((path) => parentOf(path) === folder);
      return inside.map(nameOf).sort();
    };
  });

  describe('of others', () => {
    it('has a hidden name soon after the folder was seen to be there', async () => {
      session.directory('/other');
      await assert.rejects(files.stat('/other/new/.git'), notFound);
      session.directory('/other/new').directory('/other/new/.git');
      assert.deepEqual(await names('/other'), ['new']);
      await clock.advance(revalidateAfter + 1);
      assert.equal((await files.stat('/other/new/.git')).type, 'directory');
    });

    it('has an absent hidden name for half a minute', async () => {
      await names('/www');
      asked();
      await clock.advance(listingLife);
      await assert.rejects(files.stat('/www/.git'), notFound);
      assert.deepEqual(asked(), []);
    });
  });
});
