import assert from 'node:assert/strict';
import { promises as disk } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderFiles } from '../support/server/folderFiles';
import { FileError, resolvePath, type FileFault, type Files } from '../support/server/files';
import { MemoryFiles } from '../support/server/memoryFiles';
import { createSampleSite } from '../support/server/sampleSite';

const roots: string[] = [];

async function temporary(): Promise<string> {
  const root = await disk.mkdtemp(join(tmpdir(), 'files-'));
  roots.push(root);
  return root;
}

const stores: Record<string, () => Promise<Files>> = {
  'in memory': () => Promise.resolve(new MemoryFiles()),
  'on disk': async () => FolderFiles.open(await temporary()),
};

after(async () => {
  for (const root of roots) await disk.rm(root, { recursive: true, force: true });
});

for (const [name, create] of Object.entries(stores)) {
  describe(`files ${name}`, () => {
    let files: Files;

    beforeEach(async () => {
      files = await create();
      await write('/a.txt', 'hello');
      await files.makeDirectory('/folder');
    });

    async function write(path: string, text: string, start: 'new' | 'end' | number = 'new'): Promise<void> {
      const handle = await files.openWrite(path, start);
      for (const letter of text) await handle.write(new TextEncoder().encode(letter));
      await handle.close();
    }

    async function read(path: string, position = 0, length = 100): Promise<string> {
      const handle = await files.openRead(path);
      const bytes = await handle.read(position, length);
      await handle.close();
      return new TextDecoder().decode(bytes);
    }

    it('writes anew, at the end, and from an offset', async () => {
      await write('/a.txt', ' world', 'end');
      assert.equal(await read('/a.txt'), 'hello world');
      await write('/a.txt', 'W', 6);
      assert.equal(await read('/a.txt', 6), 'World');
      assert.equal(await read('/a.txt', 0, 2), 'he');
      assert.equal(await read('/a.txt', 100), '');
      await write('/a.txt', 'new');
      assert.equal(await read('/a.txt'), 'new');
    });

    it('tells entries, times and modes', async () => {
      await files.setModified('/a.txt', Date.UTC(2020, 1, 29));
      await files.setMode('/a.txt', 0o640);
      const { modified, mode, size, type } = await files.stat('/a.txt');
      assert.deepEqual(
        { modified, mode, size, type },
        { modified: Date.UTC(2020, 1, 29), mode: 0o640, size: 5, type: 'file' },
      );
      assert.deepEqual(
        (await files.list('/')).map((entry) => `${entry.type} ${entry.name}`),
        ['file a.txt', 'directory folder'],
      );
    });

    it('renames over files', async () => {
      await write('/b.txt', 'b');
      await files.rename('/b.txt', '/a.txt');
      assert.equal(await read('/a.txt'), 'b');
      await files.rename('/a.txt', '/folder/c.txt');
      assert.equal(await read('/folder/c.txt'), 'b');
    });

    const refusals: Record<string, [() => Promise<unknown>, FileFault]> = {
      'reading what is absent': [() => files.openRead('/no'), 'absent'],
      'reading a folder': [() => files.openRead('/folder'), 'is-directory'],
      'writing a folder': [() => files.openWrite('/folder', 'new'), 'is-directory'],
      'writing into what is absent': [() => files.openWrite('/no/a', 'new'), 'absent'],
      'removing a folder as a file': [() => files.remove('/folder'), 'is-directory'],
      'removing a file as a folder': [() => files.removeDirectory('/a.txt'), 'not-directory'],
      'making what is there': [() => files.makeDirectory('/folder'), 'exists'],
      'listing a file': [() => files.list('/a.txt'), 'not-directory'],
      'a file over a folder': [() => files.rename('/a.txt', '/folder'), 'is-directory'],
    };
    for (const [title, [act, fault]] of Object.entries(refusals)) {
      it(`refuses ${title}: ${fault}`, async () => {
        await assert.rejects(act, (error) => error instanceof FileError && error.fault === fault);
      });
    }

    it('refuses to remove a folder that is not empty', async () => {
      await write('/folder/x', 'x');
      await assert.rejects(files.removeDirectory('/folder'), { fault: 'not-empty' });
    });
  });
}

describe('files in memory, versions', () => {
  it('keeps every whole content', async () => {
    const files = new MemoryFiles().put('/a', 'old');
    const handle = await files.openWrite('/a', 'new');
    await handle.write(new TextEncoder().encode('ne'));
    assert.equal(files.text('/a'), 'ne');
    await handle.write(new TextEncoder().encode('w'));
    await handle.close();
    files.put('/b', 'other');
    await files.rename('/b', '/a');
    const texts = files.versions('/a').map((bytes) => new TextDecoder().decode(bytes));
    assert.deepEqual(texts, ['old', 'new', 'other']);
  });

  it('follows links, and ends circles', async () => {
    const files = new MemoryFiles().put('/d/a', 'x').putLink('/l', 'd').putLink('/c', 'c');
    assert.equal(files.text('/l/a'), 'x');
    assert.equal((await files.stat('/l')).type, 'symlink');
    assert.equal((await files.follow('/l')).type, 'directory');
    await assert.rejects(files.follow('/c'), { fault: 'absent' });
  });

  it('refuses what the mode forbids', async () => {
    const files = new MemoryFiles().put('/a', 'x', { mode: 0o200 }).put('/b', 'x', { mode: 0o444 });
    await assert.rejects(files.openRead('/a'), { fault: 'denied' });
    await assert.rejects(files.openWrite('/b', 'new'), { fault: 'denied' });
  });
});

describe('files on disk, confinement', () => {
  it('does not follow links out of the root', async () => {
    const outside = await temporary();
    await disk.writeFile(join(outside, 'secret'), 'secret');
    const root = await temporary();
    await disk.symlink(outside, join(root, 'out'));
    await disk.symlink(join(outside, 'secret'), join(root, 'file'));
    const files = await FolderFiles.open(root);
    assert.equal((await files.stat('/out')).type, 'symlink');
    const acts = [
      () => files.follow('/out'),
      () => files.list('/out'),
      () => files.openRead('/file'),
      () => files.openWrite('/file', 'new'),
      () => files.openWrite('/out/new', 'new'),
      () => files.remove('/out/secret'),
      () => files.rename('/out/secret', '/here'),
    ];
    for (const act of acts) await assert.rejects(act, { fault: 'denied' });
    assert.equal(await disk.readFile(join(outside, 'secret'), 'utf8'), 'secret');
  });

  it('paths cannot climb above the root', () => {
    assert.equal(resolvePath('/a/b', '../../../../etc/./passwd'), '/etc/passwd');
    assert.equal(resolvePath('/', '..'), '/');
    assert.equal(resolvePath('/a', ''), '/a');
    assert.equal(resolvePath('/a', ' x '), '/a/ x ');
  });
});

describe('the sample site', () => {
  it('has some hundred files, odd names, links, and is the same every time', async () => {
    const [first, second] = [await temporary(), await temporary()];
    await createSampleSite(first);
    await createSampleSite(second);
    const lines = await describeFolder(await FolderFiles.open(first), '/');
    assert.deepEqual(await describeFolder(await FolderFiles.open(second), '/'), lines);
    assert.ok(lines.length > 300);
    for (const name of ['日本語.md', 'Grüße.txt', 'hash#sign.txt', 'trailing blank ', ' leading blank.txt']) {
      assert.ok(
        lines.some((line) => line.endsWith(`/odd names/${name}`)),
        name,
      );
    }
    assert.equal(lines.filter((line) => line.startsWith('symlink')).length, 2);
    assert.ok(lines.some((line) => /^file 0 .*\/empty\.txt$/.test(line)));
    assert.ok(lines.some((line) => /^file 1[45]\d{5} .*\/access\.log$/.test(line)));
  });
});

async function describeFolder(files: Files, folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, type, size, modified } of await files.list(folder)) {
    const path = resolvePath(folder, name);
    lines.push(`${type} ${type === 'directory' ? '' : size} ${modified} ${path}`);
    if (type === 'directory') lines.push(...(await describeFolder(files, path)));
  }
  return lines;
}
