import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { bytesOf, largeSize, smallText } from '../plantFiles';
import { assertBytes, assertOnDisk, codeOf, fs, type Cases } from '../stage';

/** `rename` and `copy`. */
export const moving: Cases = {
  'rename of a file, also into another folder': async ({ uri, disk }) => {
    await fs.rename(uri('move/one.txt'), uri('move/with #% Grüße.txt'));
    await fs.rename(uri('move/with #% Grüße.txt'), uri('move/target/one.txt'));
    assertOnDisk(disk('move/target/one.txt'), 'one');
    assert.ok(!existsSync(disk('move/one.txt')));
    assertBytes(await fs.readFile(uri('move/target/one.txt')), 'one');
    assert.equal(await codeOf(fs.stat(uri('move/one.txt'))), 'FileNotFound');
  },
  'rename of a folder': async ({ uri, disk }) => {
    await fs.rename(uri('move/folder'), uri('move/renamed'));
    assertOnDisk(disk('move/renamed/deep/inside.txt'), smallText);
    assertBytes(await fs.readFile(uri('move/renamed/deep/inside.txt')), smallText);
    assert.equal(await codeOf(fs.readDirectory(uri('move/folder'))), 'FileNotFound');
  },
  'rename over a file, when told': async ({ uri, disk }) => {
    await fs.rename(uri('move/two.txt'), uri('move/three.txt'), { overwrite: true });
    assertOnDisk(disk('move/three.txt'), 'two');
    assert.ok(!existsSync(disk('move/two.txt')));
    assertBytes(await fs.readFile(uri('move/three.txt')), 'two');
  },
  'rename over a file, when not told': async ({ uri, disk }) => {
    assert.equal(await codeOf(fs.rename(uri('move/four.txt'), uri('move/five.txt'))), 'FileExists');
    assertOnDisk(disk('move/four.txt'), 'four');
    assertOnDisk(disk('move/five.txt'), 'five');
  },
  'rename over a folder, when told': async ({ uri, disk }) => {
    await fs.createDirectory(uri('move/new'));
    await fs.writeFile(uri('move/new/fresh.txt'), bytesOf(3));
    await fs.createDirectory(uri('move/in-the-way'));
    await fs.writeFile(uri('move/in-the-way/old.txt'), bytesOf(4));
    await fs.rename(uri('move/new'), uri('move/in-the-way'), { overwrite: true });
    assertOnDisk(disk('move/in-the-way/fresh.txt'), bytesOf(3));
    assert.ok(!existsSync(disk('move/in-the-way/old.txt')));
  },
  'rename of what is missing': async ({ uri }) => {
    assert.equal(await codeOf(fs.rename(uri('move/absent'), uri('move/else'))), 'FileNotFound');
  },
  'copy of a file, small and large': async ({ uri, disk }) => {
    await fs.copy(uri('copy/one.txt'), uri('copy/with blank %20#.txt'));
    await fs.copy(uri('copy/large.bin'), uri('copy/large copy.bin'));
    assertOnDisk(disk('copy/with blank %20#.txt'), 'one');
    assertOnDisk(disk('copy/large copy.bin'), bytesOf(largeSize));
    assertOnDisk(disk('copy/one.txt'), 'one');
  },
  'copy of a tree': async ({ uri, disk }) => {
    await fs.copy(uri('copy/tree'), uri('copy/twin'));
    assertOnDisk(disk('copy/twin/one.txt'), '1');
    assertOnDisk(disk('copy/twin/deep/two.txt'), '2');
    assertBytes(await fs.readFile(uri('copy/twin/deep/two.txt')), '2');
  },
  'copy over a file, when told and when not': async ({ uri, disk }) => {
    assert.equal(await codeOf(fs.copy(uri('copy/two.txt'), uri('copy/three.txt'))), 'FileExists');
    assertOnDisk(disk('copy/three.txt'), 'three');
    await fs.copy(uri('copy/two.txt'), uri('copy/three.txt'), { overwrite: true });
    assertOnDisk(disk('copy/three.txt'), 'two');
    assertOnDisk(disk('copy/two.txt'), 'two');
  },
  'copy of what is missing': async ({ uri }) => {
    assert.equal(await codeOf(fs.copy(uri('copy/absent'), uri('copy/else'))), 'FileNotFound');
  },
};
