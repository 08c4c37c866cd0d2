import assert from 'node:assert/strict';
import type { Connection } from '../../src/ftp/net/network';
import { Heard, pattern, type Check, type Stage } from './stage';

export function writing(check: Check): void {
  for (const side of ['client', 'server'] as const) {
    check(`goes on reading after its own end: ${side}`, async (stage) => {
      const pair = await stage.pair();
      const [first, second] = side === 'client' ? pair : pair.reverse();
      assert.ok(first && second);
      const heard = [new Heard(first), new Heard(second)];
      first.write(Buffer.from('question'));
      first.end();
      await stage.until(() => heard[1]?.ending === 'end');
      second.write(pattern(100_000));
      second.end();
      await stage.until(() => heard[0]?.ending === 'end');
      assert.equal(heard[1]?.text, 'question');
      assert.ok(heard[0]?.bytes.equals(pattern(100_000)));
      await stage.until(() => stage.world.held().length === 0);
    });
  }

  check('writes nothing after its end', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(far);
    near.write(Buffer.from('all'));
    near.end();
    assert.equal(near.write(Buffer.from('more')), false);
    await assert.rejects(near.drained(), { fault: 'broken-pipe', during: 'write' });
    await stage.until(() => heard.ending === 'end');
    assert.equal(heard.text, 'all');
  });

  for (const side of ['client', 'server'] as const) {
    check(`holds back a fast writer: ${side}`, async (stage) => {
      const pair = await stage.pair();
      const [writer, reader] = side === 'client' ? pair : pair.reverse();
      assert.ok(writer && reader);
      const sent = await writeUntilFull(stage, writer);
      let drained = false;
      const room = writer.drained().then(() => (drained = true));
      for (let i = 0; i < 100; i++) await stage.world.breathe();
      assert.equal(drained, false);
      const heard = new Heard(reader);
      await room;
      await writer.drained();
      writer.end();
      await stage.until(() => heard.ending !== undefined);
      assert.ok(heard.bytes.equals(sent));
    });
  }

  check('writes several arrays in their order', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(far);
    const parts = [Buffer.from('head'), pattern(70_000), Buffer.alloc(0), Buffer.from('tail')];
    near.writeAll(parts);
    near.end();
    await stage.until(() => heard.ending === 'end');
    assert.ok(heard.bytes.equals(Buffer.concat(parts)));
    assert.equal(near.writeAll(parts), false);
  });

  check('has room when the system took several arrays', async (stage) => {
    const [near] = await stage.pair();
    assert.equal(near.writeAll([Buffer.from('a'), Buffer.from('b')]), true);
  });

  check('holds back a writer of several arrays', async (stage) => {
    const [near, far] = await stage.pair();
    const sent = await writeUntilFull(stage, near);
    assert.equal(near.writeAll([Buffer.from('a'), Buffer.from('b')]), false);
    const heard = new Heard(far);
    await near.drained();
    near.end();
    await stage.until(() => heard.ending !== undefined);
    assert.ok(heard.bytes.equals(Buffer.concat([sent, Buffer.from('ab')])));
  });

  check('has room at once when nothing was written', async (stage) => {
    const [near] = await stage.pair();
    await near.drained();
    assert.equal(near.write(Buffer.from('x')), true);
  });

  check('breaks the pipe, or is reset, when the peer has gone', async (stage) => {
    const [near, far] = await stage.pair();
    const heard = new Heard(near);
    far.close();
    await stage.until(() => heard.ending === 'end');
    await stage.until(() => !near.write(Buffer.from('is anybody there?')));
    await stage.until(() => heard.error !== undefined);
    assert.match(heard.ending ?? '', /^fault (broken-pipe|reset)$/);
    assert.equal(near.write(Buffer.from('no')), false);
    await assert.rejects(near.drained(), { name: 'NetError' });
  });

  check('fails those who wait for room when the connection breaks', async (stage) => {
    const [near, far] = await stage.pair();
    await writeUntilFull(stage, near);
    const waiting = near.drained();
    far.reset();
    assert.ok(new Heard(near));
    await assert.rejects(waiting, { name: 'NetError' });
  });
}

/** Everything that was written until the writer was told to wait. */
async function writeUntilFull(stage: Stage, writer: Connection): Promise<Buffer> {
  const chunk = pattern(50_000);
  const sent: Buffer[] = [];
  for (let refusals = 0; refusals < 5;) {
    sent.push(chunk);
    if (writer.write(chunk)) continue;
    // Some systems take more after a moment; full is what stays full.
    refusals++;
    if (refusals < 5 && (await getsRoom(stage, writer))) refusals = 0;
  }
  return Buffer.concat(sent);
}

async function getsRoom(stage: Stage, writer: Connection): Promise<boolean> {
  let room = false;
  writer.drained().then(
    () => (room = true),
    () => undefined,
  );
  for (let i = 0; i < 20 && !room; i++) await stage.world.breathe();
  return room;
}
