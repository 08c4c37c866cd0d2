import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { sinkInto } from '../../../src/ftp/session/streams';

const chunk = Buffer.alloc(64 * 1024);

describe('a sink into a stream of Node', () => {
  it('is full at a megabyte that waits, and has room when it is gone', async () => {
    const held: (() => void)[] = [];
    const sink = sinkInto(new Writable({ write: (_chunk, _encoding, done) => void held.push(done) }));
    let full = sink.write(chunk);
    let written = 1;
    for (; !full && written < 100; written++) full = sink.write(chunk);
    assert.equal(written, 16);
    let isFree = false;
    full?.then(() => (isFree = true), assert.ifError);
    while (held.length > 0) {
      assert.equal(isFree, false);
      held.shift()?.();
      await new Promise(setImmediate);
    }
    assert.equal(isFree, true);
  });

  it('is never full when the stream takes each chunk at once', () => {
    const sink = sinkInto(new Writable({ write: (_chunk, _encoding, done) => done() }));
    for (let written = 0; written < 100; written++) assert.equal(sink.write(chunk), undefined);
  });

  it('leaves it to a stream of objects when it is full', () => {
    const sink = sinkInto(new Writable({ objectMode: true, highWaterMark: 2, write: () => undefined }));
    assert.equal(sink.write(chunk), undefined);
    assert.ok(sink.write(chunk));
  });

  it('rejects while it is full when the stream fails', async () => {
    const stream = new Writable({ highWaterMark: 1, objectMode: true, write: () => undefined });
    const full = sinkInto(stream).write(chunk);
    stream.destroy(new Error('the disk is full'));
    await assert.rejects(Promise.resolve(full), { message: 'the disk is full' });
  });
});
