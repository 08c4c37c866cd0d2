import assert from 'node:assert/strict';
import { bytesOf, largeSize, oddest, smallText } from '../plantFiles';
import { assertBytes, codeOf, fs, type Cases } from '../stage';

/** `readFile`. */
export const reading: Cases = {
  'readFile of an empty file': async ({ uri }) => {
    assertBytes(await fs.readFile(uri('read/empty.txt')), '');
  },
  'readFile of a small file': async ({ uri }) => {
    assertBytes(await fs.readFile(uri('read/small.txt')), smallText);
  },
  'readFile of 1.5 MB': async ({ uri }) => {
    assertBytes(await fs.readFile(uri('read/large.bin')), bytesOf(largeSize));
  },
  'readFile of odd names': async ({ uri }) => {
    for (const name of oddest) assertBytes(await fs.readFile(uri(`read/odd/${name}`)), name);
  },
  'readFile through a link': async ({ uri }) => {
    assertBytes(await fs.readFile(uri('read/link')), smallText);
  },
  'readFile of several at once': async ({ uri }) => {
    const names = ['small.txt', 'large.bin', 'empty.txt', 'small.txt', 'odd/#hash'];
    const contents = await Promise.all(names.map((name) => fs.readFile(uri(`read/${name}`))));
    const small = smallText.length;
    assert.deepEqual(
      contents.map(({ length }) => length),
      [small, largeSize, 0, small, 5],
    );
  },
  'readFile of what is missing, or a folder': async ({ uri }) => {
    assert.equal(await codeOf(fs.readFile(uri('read/absent'))), 'FileNotFound');
    assert.equal(await codeOf(fs.readFile(uri('read/odd'))), 'FileIsADirectory');
  },
};
