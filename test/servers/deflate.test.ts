import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, type FtpSession, type WireEvent } from '../../src/ftp';
import { skip } from '../support/skip';
import { DaemonMissing, startDaemon, type Daemon } from './daemon';

/** ProFTPD's mod_deflate is the one MODE Z among the five. */
describe('MODE Z on ProFTPD', () => {
  let daemon: Daemon;
  let session: FtpSession;
  const events: WireEvent[] = [];

  before(async function () {
    try {
      daemon = await startDaemon('proftpd', { options: { deflate: true } });
    } catch (error) {
      if (!(error instanceof DaemonMissing)) throw error;
      return skip(this, error.message);
    }
    const { host, port, user, password } = daemon;
    const trace = (event: WireEvent): unknown => events.push(event);
    session = await connect({ host, port, user, password, mode: 'deflate', deflateLevel: 9, trace });
  });

  after(async () => {
    await session?.close();
    await daemon?.stop();
  });

  const text = new TextEncoder().encode('All work and no play makes Jack a dull boy.\n'.repeat(50_000));
  const source = readFileSync(__filename);
  const noise = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 2_654_435_761) >>> 24);

  // ProFTPD 1.3.8 garbles uploads in MODE Z that deflate well; they are saved all the same, in stream mode.
  for (const [title, bytes] of [
    ['nothing', new Uint8Array()],
    ['a byte', Uint8Array.of(7)],
    ['source', source],
    ['text', text],
    ['noise', noise],
  ] as const) {
    it(`moves ${title} up and down`, async () => {
      const name = `z-${title.replace(' ', '-')}`;
      await session.write(path.posix.join(daemon.home, name), bytes);
      assert.ok(Buffer.from(bytes).equals(readFileSync(path.join(daemon.root, name))), 'up');
      const back = await session.read(path.posix.join(daemon.home, name));
      assert.ok(Buffer.from(bytes).equals(back), 'down');
    });
  }

  it('saves bytes on the wire', () => {
    const sent = events.flatMap((event) =>
      event.kind === 'data' && event.direction === 'up' && event.bytes !== undefined ? [event.bytes] : [],
    );
    assert.ok((sent[2] ?? Infinity) < source.length / 2, `${sent[2]} bytes for ${source.length}`);
  });

  it('reads a part', async () => {
    writeFileSync(path.join(daemon.root, 'part'), text);
    const part = await session.read(path.posix.join(daemon.home, 'part'), { offset: 44, length: 44 });
    assert.equal(new TextDecoder().decode(part), 'All work and no play makes Jack a dull boy.\n');
  });

  it('lists', async () => {
    const folder = path.join(daemon.root, 'many');
    mkdirSync(folder);
    for (let i = 0; i < 300; i++) writeFileSync(path.join(folder, `file ${i}`), '');
    assert.equal((await session.list(path.posix.join(daemon.home, 'many'))).length, 300);
  });

  it('asks for mode and level before the first transfer, and for stream mode after a garbled one', () => {
    const asked = events.flatMap((event) =>
      event.kind === 'sent' && event.line.includes('MODE') ? [event.line] : [],
    );
    assert.deepEqual(asked.slice(0, 4), ['MODE Z', 'OPTS MODE Z LEVEL 9', 'MODE S', 'MODE Z']);
    assert.ok(session.profile.learned.unsupported.includes('MODE Z for uploads'));
  });
});
