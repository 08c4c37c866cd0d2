import assert from 'node:assert/strict';
import { at, code, FileSystemUnderTest } from '../support/fileSystem';

// What VS Code 1.100 asks for when a folder without `.vscode` is opened, each eight or nine times.
const probed = ['settings.json', 'tasks.json', 'launch.json', 'mcp.json'].map((name) => `.vscode/${name}`);
const probedOnce = ['.vscode', '.vscode/extensions.json', '.cursor/mcp.json'];

describe('opening a folder', () => {
  let system: FileSystemUnderTest;

  beforeEach(() => {
    system = new FileSystemUnderTest();
    system.session.directory('/www').directory('/www/css').put('/www/css/a.css', 'a').put('/www/i.php', 'b');
  });

  afterEach(() => system.provider.dispose());

  async function probe(root: string): Promise<void> {
    const base = root === '/' ? '' : root;
    const requests: Promise<unknown>[] = [];
    for (let round = 0; round < 8; round++) {
      for (const name of probed) {
        requests.push(system.provider.stat(at(`${base}/${name}`)));
        requests.push(system.provider.readFile(at(`${base}/${name}`)));
      }
    }
    for (const name of probedOnce) requests.push(system.provider.stat(at(`${base}/${name}`)));
    for (const request of requests) await assert.rejects(request, code('FileNotFound'));
  }

  for (const root of ['/', '/www']) {
    it(`costs one listing of ${root}, the probes nothing, whoever comes first`, async () => {
      system.folders = [at(root)];
      await Promise.all([
        probe(root),
        system.provider.stat(at(root)),
        system.provider.readDirectory(at(root)),
      ]);
      assert.deepEqual(system.session.calls, [{ verb: 'list', path: root }]);
    });

    it(`probes of ${root} cost nothing for as long as a slow start takes`, async () => {
      system.folders = [at(root)];
      await system.provider.stat(at(root));
      for (let second = 0; second < 28; second += 4) {
        await probe(root);
        await system.clock.advance(4_000);
      }
      assert.deepEqual(system.session.calls, [{ verb: 'list', path: root }]);
    });
  }

  it('and one directory and one file costs a listing each and one read', async () => {
    const { provider, session, clock } = system;
    system.folders = [at('/www')];
    const watch = provider.watch(at('/www'), { recursive: true });
    await Promise.all([provider.stat(at('/www')), probe('/www')]);
    await provider.readDirectory(at('/www'));
    await clock.advance(5_000);
    await provider.readDirectory(at('/www/css'));
    await provider.stat(at('/www/css'));
    await clock.advance(5_000);
    await Promise.all([provider.stat(at('/www/css/a.css')), provider.readFile(at('/www/css/a.css'))]);
    await probe('/www');
    assert.deepEqual(session.calls, [
      { verb: 'list', path: '/www' },
      { verb: 'list', path: '/www/css' },
      { verb: 'read', path: '/www/css/a.css' },
    ]);
    watch.dispose();
  });

  it('on a server of the LIST kind asks for the time of the file that is opened, once', async () => {
    const { provider, session } = system;
    session.coarse = true;
    await provider.readDirectory(at('/www'));
    const stat = await provider.stat(at('/www/i.php'));
    await provider.readFile(at('/www/i.php'));
    await provider.stat(at('/www/i.php'));
    assert.equal(stat.mtime, session.nodes.get('/www/i.php')?.modified);
    assert.equal(session.count('stat'), 1);
  });
});
