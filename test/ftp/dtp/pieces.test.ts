import assert from 'node:assert/strict';
import { piecesFrom, piecesOf, watched, type Pieces } from '../../../src/ftp/dtp/pieces';

const piece = 64 * 1024;

describe('pieces', () => {
  const cases: [number, number[]][] = [
    [0, []],
    [1, [1]],
    [piece, [piece]],
    [piece + 1, [piece, 1]],
    [3 * piece, [piece, piece, piece]],
  ];
  for (const [length, expected] of cases) {
    it(`of ${length} bytes in memory`, async () => {
      const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
      const waitedFor = await all(piecesOf(bytes));
      assert.deepEqual(
        waitedFor.map((part) => part.length),
        expected,
      );
      assert.ok(Buffer.concat(waitedFor).equals(bytes));
      const source = piecesOf(bytes);
      for (const size of expected) assert.equal(source.take()?.length, size);
      assert.equal(source.take(), undefined);
    });
  }

  it('from elsewhere have to be waited for, and are released there', async () => {
    let isReleased = false;
    async function* three(): AsyncGenerator<Uint8Array> {
      try {
        for (const byte of [1, 2, 3]) yield await Promise.resolve(Uint8Array.of(byte));
      } finally {
        isReleased = true;
      }
    }
    assert.deepEqual(
      await all(piecesFrom(three())),
      [1, 2, 3].map((byte) => Uint8Array.of(byte)),
    );
    isReleased = false;
    const source = piecesFrom(three());
    assert.equal(source.take(), undefined);
    assert.deepEqual(await source.next(), Uint8Array.of(1));
    source.release();
    assert.equal(await source.next(), undefined);
    assert.ok(isReleased);
  });

  it('are told of as they are handed out, and so is the end, once it is known', async () => {
    const told: (number | undefined)[] = [];
    const source = watched(piecesOf(new Uint8Array(2 * piece + 1)), (part) => told.push(part?.length));
    assert.deepEqual(told, []);
    source.take();
    await source.next();
    source.take();
    assert.equal(source.take(), undefined);
    assert.deepEqual(told, [piece, piece, 1]);
    await source.next();
    assert.deepEqual(told, [piece, piece, 1, undefined]);
  });

  async function all(source: Pieces): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    for (let part = await source.next(); part; part = await source.next()) parts.push(part);
    return parts;
  }
});
