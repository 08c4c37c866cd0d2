import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { skip } from '../support/skip';
import {
  type Daemon,
  DaemonMissing,
  type DaemonName,
  type DaemonOptions,
  daemonNames,
  startDaemon,
} from './daemon';
import { type ActiveEnd, WireClient, openActive, receiveAll, sendAll } from './wireClient';

// All byte values, and longer than one read of any daemon.
const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));

for (const name of daemonNames) {
  describe(`${name}, the daemon`, () => {
    let daemon: Daemon;
    let client: WireClient;
    let active: ActiveEnd;

    async function start(context: Mocha.Context, options?: DaemonOptions): Promise<void> {
      daemon = await startOrSkip(context, name, options);
      await logIn();
    }

    async function logIn(): Promise<void> {
      client = await WireClient.connect(daemon.host, daemon.port);
      await client.logIn(daemon.user, daemon.password);
      expectCode(await client.command('TYPE I'), 200);
    }

    afterEach(async () => {
      active?.close();
      client?.close();
      await daemon?.stop();
    });

    const remote = (file: string) => path.posix.join(daemon.home, file);

    it('says who it is and where the user is', async function () {
      await start(this);
      expectCode(await client.command('SYST'), 215);
      expectCode(await client.command('FEAT'), 211);
      const [place] = await client.command('PWD');
      assert.equal(/^257 "([^"]+)"/.exec(place ?? '')?.[1], daemon.home);
      expectCode(await client.command('QUIT'), 221);
      assert.deepEqual(await client.reply(), []);
    });

    it('lists files, dot files among them', async function () {
      await start(this);
      writeFileSync(path.join(daemon.root, 'letter.txt'), 'Dear Jon');
      writeFileSync(path.join(daemon.root, '.hidden'), '');
      const data = await client.openPassive();
      client.send(name === 'inetutils-ftpd' ? 'LIST -a' : 'LIST');
      const listing = (await receiveAll(data)).toString();
      expectCode(await client.finalReply(), 226);
      // inetutils-ftpd has ls write the lines, and in TYPE I leaves their ends as they are.
      assert.match(listing, /^-rw-r--r-- .* 8 .* letter\.txt\r?$/m);
      assert.match(listing, / \.hidden\r?$/m);
    });

    it('stores and retrieves bytes through a passive data connection', async function () {
      await start(this);
      const upload = await client.openPassive();
      client.send(`STOR ${remote('stored.bin')}`);
      await sendAll(upload, content);
      expectCode(await client.finalReply(), 226);
      assert.ok(readFileSync(path.join(daemon.root, 'stored.bin')).equals(content));
      assert.deepEqual(await client.command(`SIZE ${remote('stored.bin')}`), ['213 200000']);
      const download = await client.openPassive();
      client.send(`RETR ${remote('stored.bin')}`);
      assert.ok((await receiveAll(download)).equals(content));
      expectCode(await client.finalReply(), 226);
    });

    it('retrieves bytes through an active data connection', async function () {
      await start(this);
      writeFileSync(path.join(daemon.root, 'file.bin'), content);
      active = await openActive(daemon.host);
      expectCode(await client.command(`EPRT |1|127.0.0.1|${active.port}|`), 200);
      client.send(`RETR ${remote('file.bin')}`);
      assert.ok((await receiveAll(await active.accepted)).equals(content));
      expectCode(await client.finalReply(), 226);
    });

    it('serves over IPv6', async function () {
      await start(this, { ipv6: true });
      writeFileSync(path.join(daemon.root, 'file.bin'), content);
      const data = await client.openPassive();
      client.send(`RETR ${remote('file.bin')}`);
      assert.ok((await receiveAll(data)).equals(content));
      expectCode(await client.finalReply(), 226);
    });

    // inetutils-ftpd refuses third hosts and has no setting for it.
    if (name !== 'inetutils-ftpd') {
      it('deals with a third host where that was asked for', async function () {
        await start(this, { thirdParty: true });
        writeFileSync(path.join(daemon.root, 'file.bin'), content);
        const third = '127.0.0.2';
        active = await openActive(third);
        expectCode(
          await client.command(`PORT ${third.replaceAll('.', ',')},${active.port >> 8},${active.port & 255}`),
          200,
        );
        client.send(`RETR ${remote('file.bin')}`);
        assert.ok((await receiveAll(await active.accepted)).equals(content));
        expectCode(await client.finalReply(), 226);
        const passive = await client.openPassive(third);
        client.send(`RETR ${remote('file.bin')}`);
        assert.ok((await receiveAll(passive)).equals(content));
        expectCode(await client.finalReply(), 226);
      });
    }

    it('goes on after its sessions were killed', async function () {
      await start(this);
      assert.notDeepEqual(daemon.processes(), []);
      daemon.killSessions();
      assert.deepEqual(await client.reply(), []);
      await logIn();
      expectCode(await client.command('NOOP'), 200);
    });

    it('leaves no process, no port and no folder behind', async function () {
      await start(this);
      const data = await client.openPassive(); // a session in the middle of something
      const processes = daemon.processes();
      assert.notDeepEqual(processes, []);
      await daemon.stop();
      data.destroy();
      assert.deepEqual(daemon.processes(), []);
      for (const pid of processes) assert.throws(() => statSync(`/proc/${pid}/fd/0`), `process ${pid} lives`);
      assert.equal(existsSync(daemon.root), false);
      await assert.rejects(WireClient.connect(daemon.host, daemon.port), { code: 'ECONNREFUSED' });
    });
  });
}

describe('options of single daemons', () => {
  let daemon: Daemon;
  let client: WireClient;
  let active: ActiveEnd;

  afterEach(async () => {
    active?.close();
    client?.close();
    await daemon?.stop();
  });

  async function start(
    context: Mocha.Context,
    name: DaemonName,
    how: { options?: DaemonOptions; own?: number } = {},
  ): Promise<void> {
    daemon = await startOrSkip(context, name, how.options);
    writeFileSync(path.join(daemon.root, 'file.bin'), content);
    client = await WireClient.connect(daemon.host, daemon.port, how.own);
    await client.logIn(daemon.user, daemon.password);
    expectCode(await client.command('TYPE I'), 200);
  }

  it('lets ProFTPD deflate', async function () {
    await start(this, 'proftpd', { options: { deflate: true } });
    expectCode(await client.command('MODE Z'), 200);
  });

  it('has inetutils-ftpd dial the default data port, from any port', async function () {
    const own = await freePort();
    await start(this, 'inetutils-ftpd', { own });
    active = await openActive(daemon.host, own);
    client.send('RETR file.bin');
    assert.ok((await receiveAll(await active.accepted)).equals(content));
    expectCode(await client.finalReply(), 226);
  });
});

async function startOrSkip(
  context: Mocha.Context,
  name: DaemonName,
  options: DaemonOptions = {},
): Promise<Daemon> {
  try {
    return await startDaemon(name, { options });
  } catch (error) {
    if (error instanceof DaemonMissing) skip(context, error.message);
    if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') skip(context, 'this machine has no ::1');
    throw error;
  }
}

async function freePort(): Promise<number> {
  const { port, close } = await openActive('127.0.0.1');
  close();
  return port;
}

function expectCode(lines: readonly string[], code: number): void {
  assert.equal(lines.at(-1)?.slice(0, 4), `${code} `, lines.join(' / '));
}
