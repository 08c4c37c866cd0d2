import assert from 'node:assert/strict';
import { piecesFrom } from '../../src/ftp/dtp/pieces';
import { UploadSource } from '../../src/ftp/session/uploadSource';
import { assertWhole, duringBulk, gaveWay, megabyte, pattern, verbs, type Bulk } from './bulk';

describe('an upload that is cut for others', () => {
  it('begins again, and is ended in order from then on, where what was cut is removed', () =>
    duringBulk({ size: 4 * megabyte, direction: 'up' }, async (bulk) => {
      const { session, kernel, files, events, commandsSince } = bulk;
      // ProFTPD's DeleteAbortedStores, vsftpd's delete_failed_uploads.
      await replied(bulk, '426');
      await files.remove('/new');
      await kernel.sleep(2500);
      assert.equal(session.profile.learned.keepsCut, false);
      commandsSince();
      await session.list('/folder');
      assert.equal(gaveWay(events), 1);
      await assertWhole(bulk);
      assert.deepEqual(verbs(commandsSince()), ['EPSV', 'MLSD', 'SIZE', 'EPSV', 'APPE', 'SIZE']);
      const resets = events.filter((event) => event.kind === 'received' && event.line.startsWith('426'));
      assert.equal(resets.length, 1);
    }));

  it('is refused when it turns out too late that it was removed', () =>
    duringBulk({ size: 5 * megabyte, direction: 'up' }, async (bulk) => {
      const { session, kernel, files, over } = bulk;
      await kernel.sleep(3000);
      assert.equal(session.profile.learned.keepsCut, true);
      const listed = session.list('/folder');
      await kernel.sleep(60);
      files.put('/new', pattern(100));
      await listed;
      assert.equal((await over)?.code, 'file-changed');
      assert.equal(session.profile.learned.keepsCut, false);
    }));

  it('is ended in order where an old file of that name could be mistaken for it', () =>
    duringBulk({ size: 3 * megabyte, direction: 'up' }, async (bulk) => {
      const { session, kernel, files, events } = bulk;
      await assertWhole(bulk);
      assert.equal(session.profile.learned.keepsCut, true);
      files.put('/old', pattern(500_000, 5));
      const content = pattern(2 * megabyte, 3);
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(content);
          controller.close();
        },
      });
      events.length = 0;
      const again = session.upload(stream, '/old');
      await kernel.sleep(700);
      await session.list('/folder');
      await again;
      assert.equal(gaveWay(events), 1);
      assert.ok(!events.some((event) => event.kind === 'received' && event.line.startsWith('426')));
      assert.ok(Buffer.from(content).equals(files.at('/old') ?? new Uint8Array()));
    }));
});

describe('the source of an upload', () => {
  it('hands its last bytes out again, from anywhere in a piece', async () => {
    for (const back of [0, 1, 99, 100, 65_536, 70_000, 200_000]) {
      const source = new UploadSource(piecesFrom(once(pattern(200_000))));
      assert.equal(await lengthOf(source), 200_000);
      assert.ok(source.goBack(back));
      assert.equal(source.isEnded, back === 0);
      const again = await bytesOf(source);
      assert.ok(again.equals(pattern(200_000).subarray(200_000 - back)), String(back));
    }
  });

  it('holds no more of them than it was told', async () => {
    const source = new UploadSource(piecesFrom(once(pattern(200_000))));
    source.keepLast(100_000);
    await lengthOf(source);
    assert.ok(source.holds(65_536));
    assert.ok(!source.goBack(100_001));
    assert.equal((await bytesOf(source)).length, 0);
  });

  it('keeps for the next part what comes behind a stop', async () => {
    const source = new UploadSource(piecesFrom(once(pattern(200_000))));
    const waiting = source.part(Infinity).next();
    source.stop();
    assert.equal(await waiting, undefined);
    source.resume();
    assert.ok((await bytesOf(source)).equals(pattern(200_000)));
    assert.ok(source.isEnded);
  });

  it('ends a part at each stop, and loses nothing', async () => {
    const source = new UploadSource(piecesFrom(once(pattern(200_000))));
    const part = source.part(Infinity);
    source.stop();
    assert.equal(await part.next(), undefined);
    source.resume();
    assert.equal((await part.next())?.length, 65_536);
    source.stop();
    assert.equal(part.take(), undefined);
    assert.equal(await part.next(), undefined);
    source.resume();
    assert.equal((await bytesOf(source)).length, 200_000 - 65_536);
  });

  async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield* [await Promise.resolve(bytes)];
  }

  async function bytesOf(source: UploadSource): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    const part = source.part(Infinity);
    for (let piece = await part.next(); piece; piece = await part.next()) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async function lengthOf(source: UploadSource): Promise<number> {
    return (await bytesOf(source)).length;
  }
});

async function replied({ events, kernel }: Bulk, code: string): Promise<void> {
  const isThere = (): boolean =>
    events.some((event) => event.kind === 'received' && event.line.startsWith(code));
  while (!isThere()) await kernel.sleep(1);
}
