import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { NodeSource } from '../../../src/ftp/session/nodeSource';

describe('node source', () => {
  it('hands out the chunks as they are, and then the end', async () => {
    const sent = ['one', 'two', 'three'].map((text) => Buffer.from(text));
    const source = new NodeSource(Readable.from(sent, { objectMode: false }));
    assert.deepEqual(await all(source), ['one', 'two', 'three']);
    assert.equal(await source.next(), undefined);
  });

  it('hands out without a promise what is there', async () => {
    const source = new NodeSource(Readable.from([Buffer.from('one'), Buffer.from('two')]));
    assert.equal(source.take(), undefined);
    assert.equal(textOf(await source.next()), 'one');
    await new Promise(setImmediate);
    assert.equal(textOf(source.take()), 'two');
    assert.equal(source.take(), undefined);
    assert.equal(await source.next(), undefined);
  });

  it('holds little of a stream that brings more than is asked for', async () => {
    let made = 0;
    const endless = new Readable({
      read() {
        made += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    const source = new NodeSource(endless);
    for (let taken = 0; taken < 100; taken++) {
      await source.next();
      assert.ok(made <= (taken + 1) * 65_536 + 1024 * 1024, `${made} bytes for ${taken + 1} chunks`);
    }
    source.release();
    assert.ok(endless.destroyed);
  });

  it('tells of a failure behind what came before it', async () => {
    const stream = new PassThrough();
    const source = new NodeSource(stream);
    const first = source.next();
    stream.write('before');
    assert.equal(textOf(await first), 'before');
    const second = source.next();
    stream.destroy(new Error('the disk is gone'));
    await assert.rejects(second, { message: 'the disk is gone' });
  });

  it('rejects when the stream is closed before its end', async () => {
    const stream = new PassThrough();
    const next = new NodeSource(stream).next();
    stream.destroy();
    await assert.rejects(next, { message: 'The stream was closed before its end.' });
  });

  it('rejects when the stream was destroyed before anybody read', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await assert.rejects(new NodeSource(stream).next());
  });

  it('takes no notice of what happens behind the end', async () => {
    const stream = new PassThrough();
    const source = new NodeSource(stream);
    const first = source.next();
    stream.end();
    assert.equal(await first, undefined);
    stream.destroy(new Error('too late'));
    await new Promise(setImmediate);
    assert.equal(await source.next(), undefined);
  });

  it('does not touch a stream that was never read', () => {
    const stream = new PassThrough();
    new NodeSource(stream).release();
    assert.equal(stream.destroyed, false);
  });
});

async function all(source: NodeSource): Promise<string[]> {
  const texts: string[] = [];
  for (let chunk = await source.next(); chunk; chunk = await source.next()) texts.push(textOf(chunk));
  return texts;
}

function textOf(chunk: Uint8Array | undefined): string {
  return Buffer.from(chunk ?? []).toString();
}
