import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../../src/ftp';
import type { MemoryFiles } from '../server/memoryFiles';
import type { Deed } from '../warm/deeds';

/** What batches of questions are asked about: no two of them alike. */
export function furnishLooks(files: MemoryFiles): void {
  for (const index of indices) {
    files.put(`/many/${index}`, 'x'.repeat(index), { modified: firstTime + index * 1_000 });
  }
  files.put('/old', 'old', { modified: firstTime }).put('/other/5', 'another five').putFolder('/many/sub');
}

/** Questions about many paths, or about few. */
export const looks: readonly Deed[] = [
  {
    name: 'look at many',
    run: async (session) =>
      assert.deepEqual(await Promise.all(indices.map((index) => sizeAt(session, `/many/${index}`))), [
        ...indices,
      ]),
  },
  {
    name: 'look at some',
    run: async (session) => {
      const paths = ['/many/3', '/absent', '/many/sub', '/many/5', '/other/5', '/'];
      const told = await Promise.all(paths.map((path) => sizeAt(session, path)));
      assert.deepEqual(told, [3, 'not-found', 'directory', 5, 12, 'directory']);
    },
  },
  {
    name: 'look at one',
    run: async (session) => {
      const { size, modified } = await session.stat('/many/7');
      assert.deepEqual([size, modified?.time], [7, firstTime + 7_000]);
    },
  },
];

/** What sends REST before RETR. */
export const readOn: Deed = {
  name: 'read from the middle',
  run: async (session) => assert.equal((await session.read('/many/9', { offset: 4 })).length, 5),
};

/** 1999-12-31 23:59:00 UTC, in milliseconds: as a number, 14 digits that could be a size. */
const firstTime = Date.UTC(1999, 11, 31, 23, 59, 0);
const indices = Array.from({ length: 11 }, (_, index) => index + 1);

function sizeAt(session: FtpSession, path: string): Promise<number | string | undefined> {
  return session.stat(path).then(
    ({ type, size }) => (type === 'file' ? size : type),
    (error: unknown) => (error instanceof FtpError ? error.code : assert.fail(String(error))),
  );
}
