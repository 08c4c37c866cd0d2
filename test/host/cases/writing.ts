import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { workspace, WorkspaceEdit, type Uri } from 'vscode';
import { bytesOf, largeSize, oddest, smallText } from '../plantFiles';
import { assertBytes, assertOnDisk, codeOf, fs, type Cases } from '../stage';

/** `writeFile`, which the API calls with both flags, its other flags as `WorkspaceEdit.createFile`, and folders. */
export const writing: Cases = {
  'writeFile makes files, empty, small and large': async ({ uri, disk }) => {
    for (const size of [0, 65_537, largeSize]) {
      const name = `write/new-${size}`;
      await fs.writeFile(uri(name), bytesOf(size));
      assertOnDisk(disk(name), bytesOf(size));
      assert.equal((await fs.stat(uri(name))).size, size);
      assertBytes(await fs.readFile(uri(name)), bytesOf(size));
    }
  },
  'writeFile replaces a longer file': async ({ uri, disk }) => {
    await fs.writeFile(uri('write/old.bin'), bytesOf(3));
    assertOnDisk(disk('write/old.bin'), bytesOf(3));
    assert.equal((await fs.stat(uri('write/old.bin'))).size, 3);
  },
  'writeFile to odd names': async ({ uri, disk }) => {
    for (const name of oddest) {
      await fs.writeFile(uri(`write/odd ${name}`), bytesOf(10));
      assertOnDisk(disk(`write/odd ${name}`), bytesOf(10));
    }
    const shown = (await fs.readDirectory(uri('write'))).map(([name]) => name);
    assert.deepEqual(shown.sort(), readdirSync(disk('write')).sort());
  },
  'writeFile makes the folders above': async ({ uri, disk }) => {
    await fs.writeFile(uri('write/a/b/c.txt'), bytesOf(7));
    assertOnDisk(disk('write/a/b/c.txt'), bytesOf(7));
  },
  'writeFile to a folder, or below a file': async ({ uri, disk }) => {
    assert.equal(await codeOf(fs.writeFile(uri('write/folder'), bytesOf(1))), 'FileIsADirectory');
    // VS Code itself looks at the folders above.
    assert.equal(await codeOf(fs.writeFile(uri('write/keep.txt/x'), bytesOf(1))), 'FileExists');
    assertOnDisk(disk('write/keep.txt'), smallText);
  },
  'createFile makes an empty file': async ({ uri, disk }) => {
    assert.equal(await create(uri('write/created.txt'), {}), true);
    assertOnDisk(disk('write/created.txt'), '');
  },
  'createFile leaves alone what is there, and overwrites when told': async ({ uri, disk }) => {
    assert.equal(await create(uri('write/keep.txt'), { ignoreIfExists: true }), true);
    assertOnDisk(disk('write/keep.txt'), smallText);
    assert.equal(await create(uri('write/keep.txt'), {}), false);
    assertOnDisk(disk('write/keep.txt'), smallText);
    assert.equal(await create(uri('write/keep.txt'), { overwrite: true, contents: bytesOf(9) }), true);
    assertOnDisk(disk('write/keep.txt'), bytesOf(9));
  },
  'createDirectory, also below one another': async ({ uri, disk }) => {
    await fs.createDirectory(uri('write/made'));
    await fs.createDirectory(uri('write/one/two/three'));
    for (const name of ['write/made', 'write/one/two/three']) assert.ok(statSync(disk(name)).isDirectory());
    assert.deepEqual(await fs.readDirectory(uri('write/made')), []);
  },
  'createDirectory of what exists': async ({ uri, disk }) => {
    await fs.createDirectory(uri('write/folder'));
    assertOnDisk(disk('write/folder/inside.txt'), smallText);
    assert.equal(await codeOf(fs.createDirectory(uri('keep/file.txt'))), 'FileExists');
  },
};

type CreateOptions = Parameters<WorkspaceEdit['createFile']>[1];

async function create(uri: Uri, options: CreateOptions): Promise<boolean> {
  const edit = new WorkspaceEdit();
  edit.createFile(uri, options);
  return workspace.applyEdit(edit);
}
