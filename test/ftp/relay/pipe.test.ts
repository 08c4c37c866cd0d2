import assert from 'node:assert/strict';
import { Pipe } from '../../../src/ftp/relay/pipe';

const piece = (value: number): Uint8Array => new Uint8Array(256 * 1024).fill(value);

async function drain(pipe: Pipe): Promise<number[]> {
  const values: number[] = [];
  for await (const chunk of pipe) values.push(chunk[0] ?? -1);
  return values;
}

describe('pipe', () => {
  it('hands on what is put in, in order, and ends', async () => {
    const pipe = new Pipe();
    const values = drain(pipe);
    for (let value = 0; value < 3; value++) await pipe.write(piece(value));
    pipe.end();
    assert.deepEqual(await values, [0, 1, 2]);
    assert.equal(pipe.bytes, 3 * 256 * 1024);
  });

  it('keeps bytes of a buffer that is used again', async () => {
    const pipe = new Pipe();
    const buffer = piece(1);
    await pipe.write(buffer);
    buffer.fill(2);
    pipe.end();
    assert.deepEqual(await drain(pipe), [1]);
  });

  it('lets nobody put in more than it holds', async () => {
    const pipe = new Pipe();
    const waits = [0, 1, 2, 3].map((value) => pipe.write(piece(value)));
    assert.deepEqual(
      waits.map((wait) => wait !== undefined),
      [false, false, false, true],
    );
    const reader = pipe[Symbol.asyncIterator]();
    await reader.next();
    await waits[3];
    await reader.return(undefined);
  });

  it('refuses whoever waits at either end when it breaks', async () => {
    const broken = new Error('broken');
    const empty = new Pipe();
    const reading = drain(empty);
    empty.break(broken);
    await assert.rejects(reading, broken);
    const full = new Pipe();
    const waits = [0, 1, 2, 3].map((value) => full.write(piece(value)));
    full.break(broken);
    full.break(new Error('later'));
    await assert.rejects(waits[3] ?? Promise.resolve(), broken);
    await assert.rejects(full.write(piece(4)) ?? Promise.resolve(), broken);
    await assert.rejects(drain(full), broken);
  });
});
