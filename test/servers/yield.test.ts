import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { connect, type FtpSession, type WireEvent } from '../../src/ftp';
import { skip } from '../support/skip';
import { DaemonMissing, daemonNames, startDaemon, type Daemon } from './daemon';

const size = 60_000_000;
const content = Buffer.alloc(size);
for (let at = 0; at < size; at += 4) {
  content.writeUInt32LE(Math.imul(at ^ (at >>> 13), 2_654_435_761) >>> 0, at);
}
const whole = hashOf(content);

for (const name of daemonNames) {
  describe(`a bulk transfer that gives way three times on ${name}`, () => {
    let daemon: Daemon;
    let session: FtpSession;
    const events: WireEvent[] = [];

    before(async function () {
      try {
        daemon = await startDaemon(name);
      } catch (error) {
        if (!(error instanceof DaemonMissing)) throw error;
        return skip(this, error.message);
      }
      writeFileSync(path.join(daemon.root, 'big'), content);
      writeFileSync(path.join(daemon.root, 'small'), 'small file');
      const { host, port, user, password } = daemon;
      session = await connect({ host, port, user, password, trace: (event) => events.push(event) });
    });

    after(async () => {
      await session?.close();
      await daemon?.stop();
    });

    it('loses and doubles no byte of a download', async () => {
      const hash = createHash('sha256');
      const others = atEvery(size / 4, () => somethingElse());
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          others.moved(chunk.length);
          done();
        },
      });
      await session.download(remote('big'), sink);
      await others.done();
      assert.equal(hash.digest('hex'), whole);
      assert.ok(others.count >= 3);
      assert.ok(timesGivenWay() >= 3, `${timesGivenWay()} times`);
    });

    it('loses and doubles no byte of an upload', async () => {
      const source = createReadStream(path.join(daemon.root, 'big'), { highWaterMark: 100_000 });
      const others = atEvery(size / 4, () => somethingElse());
      source.on('data', (chunk) => others.moved(chunk.length));
      source.pause();
      await session.upload(source, remote('new'));
      await others.done();
      assert.equal(hashOf(readFileSync(path.join(daemon.root, 'new'))), whole);
      assert.ok(timesGivenWay() >= 3, `${timesGivenWay()} times`);
      assert.equal(session.profile.learned.goesOn, 'APPE');
    });

    const remote = (file: string): string => path.posix.join(daemon.home, file);

    async function somethingElse(): Promise<void> {
      const listed = await session.list(daemon.home);
      assert.ok(listed.some((entry) => entry.name === 'small'));
      assert.equal(new TextDecoder().decode(await session.read(remote('small'))), 'small file');
    }

    /** Since it was asked last. */
    function timesGivenWay(): number {
      const told = events.splice(0);
      return told.filter((event) => event.kind === 'trouble' && event.text.startsWith('gave way')).length;
    }
  });
}

/** Does `work` whenever so many more bytes have moved, three times at most. */
function atEvery(
  bytes: number,
  work: () => Promise<void>,
): { moved(count: number): void; done(): Promise<unknown>; readonly count: number } {
  const works: Promise<void>[] = [];
  let moved = 0;
  return {
    moved: (count) => {
      moved += count;
      if (works.length < 3 && moved >= bytes * (works.length + 1)) works.push(work());
    },
    done: () => Promise.all(works),
    get count() {
      return works.length;
    },
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
