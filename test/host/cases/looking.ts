import assert from 'node:assert/strict';
import { FileType } from 'vscode';
import { largeSize, oddNames, plantedTime } from '../plantFiles';
import { codeOf, fs, type Cases } from '../stage';

/** `stat` and `readDirectory`. */
export const looking: Cases = {
  'stat of the top and of a folder': async ({ uri }) => {
    assert.equal((await fs.stat(uri('.'))).type, FileType.Directory);
    assert.equal((await fs.stat(uri('look/folder'))).type, FileType.Directory);
  },
  'stat tells size and time of a file': async ({ uri }) => {
    const stat = await fs.stat(uri('look/plain.txt'));
    assert.equal(stat.type, FileType.File);
    assert.equal(stat.size, 'plain.txt'.length);
    assert.equal(stat.mtime, plantedTime);
    assert.equal((await fs.stat(uri('read/large.bin'))).size, largeSize);
  },
  'stat of odd names': async ({ uri }) => {
    for (const name of oddNames) {
      assert.equal((await fs.stat(uri(`look/${name}`))).size, Buffer.byteLength(name), name);
    }
  },
  'stat of a link tells of its target': async ({ uri }) => {
    assert.equal(targetType((await fs.stat(uri('look/to-file'))).type), FileType.File);
    assert.equal(targetType((await fs.stat(uri('look/to-folder'))).type), FileType.Directory);
  },
  'stat of what is missing': async ({ uri }) => {
    assert.equal(await codeOf(fs.stat(uri('look/absent'))), 'FileNotFound');
    assert.equal(await codeOf(fs.stat(uri('absent/too'))), 'FileNotFound');
    assert.equal(await codeOf(fs.stat(uri('look/plain.txt/below'))), 'FileNotFound');
  },
  'readDirectory tells names as they are, and types': async ({ uri }) => {
    const entries = new Map(await fs.readDirectory(uri('look')));
    const expected = [...oddNames, 'folder', 'empty', 'to-file', 'to-folder'].sort();
    assert.deepEqual([...entries.keys()].sort(), expected);
    for (const name of oddNames) assert.equal(entries.get(name), FileType.File, name);
    assert.equal(entries.get('folder'), FileType.Directory);
  },
  'readDirectory tells what links lead to': async ({ uri }) => {
    const entries = new Map(await fs.readDirectory(uri('look')));
    assert.equal(targetType(entries.get('to-file')), FileType.File);
    assert.equal(targetType(entries.get('to-folder')), FileType.Directory);
    assert.deepEqual(await fs.readDirectory(uri('look/to-folder')), [['inside.txt', FileType.File]]);
  },
  'readDirectory of an empty folder': async ({ uri }) => {
    assert.deepEqual(await fs.readDirectory(uri('look/empty')), []);
  },
  'readDirectory of what is missing, or no folder': async ({ uri }) => {
    assert.equal(await codeOf(fs.readDirectory(uri('absent'))), 'FileNotFound');
    assert.equal(await codeOf(fs.readDirectory(uri('look/plain.txt'))), 'FileNotADirectory');
  },
};

/** Some servers show that there is a link, others only what it leads to. */
function targetType(type: FileType | undefined): FileType | undefined {
  return type && type & ~FileType.SymbolicLink;
}
