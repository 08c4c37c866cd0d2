import assert from 'node:assert/strict';
import { once } from 'node:events';
import { bytesInStatus } from '../../src/ftp/protocol/transferStatus';
import { note } from '../support/note';
import { skip } from '../support/skip';
import { DaemonMissing, startDaemon, type Daemon, type DaemonName } from './daemon';
import { WireClient } from './wireClient';

const chunk = Buffer.alloc(65_536, 7);

/** What comes first, of an upload with a bare STAT in its middle: who tells its bytes is asked in a direct copy. */
const firstReplies: readonly [DaemonName, 'bytes' | '226' | '500'][] = [
  ['pyftpdlib', 'bytes'],
  ['proftpd', 'bytes'],
  ['vsftpd', '226'],
  ['inetutils-ftpd', '226'],
  ['pure-ftpd', '500'],
];

describe('STAT in mid-transfer', () => {
  for (const [name, first] of firstReplies) {
    it(`${name}: ${first === 'bytes' ? 'tells the bytes at once' : `${first} comes first`}`, async function () {
      let daemon: Daemon;
      try {
        daemon = await startDaemon(name);
      } catch (error) {
        if (!(error instanceof DaemonMissing)) throw error;
        return skip(this, error.message);
      }
      const client = await WireClient.connect(daemon.host, daemon.port);
      try {
        await client.logIn(daemon.user, daemon.password);
        await client.command('TYPE I');
        const data = await client.openPassive();
        client.send(`STOR ${daemon.home === '/' ? '' : daemon.home}/new`);
        await client.reply();
        data.write(chunk);
        client.send('STAT');
        let answer: string[] | undefined;
        const answering = client.reply().then((lines) => (answer = lines));
        // ProFTPD looks at its control connection when data move.
        const enough = first === '226' ? 20 : 1000;
        for (let count = 0; !answer && count < enough; count++) {
          if (!data.write(chunk)) await once(data, 'drain');
          else await new Promise(setImmediate);
        }
        data.end();
        const lines = await answering;
        note(`${name} to STAT in mid-transfer: ${lines.join(' / ')}`);
        const bytes = bytesInStatus({ code: 211, lines, bytes: [] }, 'STOR');
        assert.equal(bytes === undefined ? lines[0]?.slice(0, 3) : 'bytes', first);
        if (first !== '226') assert.match((await client.reply()).at(-1) ?? '', /^226 /);
      } finally {
        client.close();
        await daemon.stop();
      }
    });
  }
});
