import assert from 'node:assert/strict';
import { FileSystemError, Uri } from 'vscode';
import { FtpError } from '../../src/ftp/index';
import type { ServerStanding } from '../../src/sites/serverConnection';
import { ListingNotices } from '../../src/ui/listingNotices';
import { shown } from '../support/vscodeWindow';

describe('ListingNotices', () => {
  const refusal = FileSystemError.NoPermissions('shop does not allow this for /css: “No”.');
  let standings: ServerStanding[];
  let retried: string[];
  let logs: number;
  let notices: ListingNotices;

  beforeEach(() => {
    shown.reset();
    standings = [{ authority: 'web@h', name: 'shop', state: 'connected' }];
    retried = [];
    logs = 0;
    notices = new ListingNotices({
      connections: { serverName: () => 'shop', standings: () => standings },
      retry: (authority) => Promise.resolve(retried.push(authority)),
      showLog: () => logs++,
    });
  });

  async function fail(path: string, error = refusal): Promise<void> {
    notices.listingFailed(Uri.from({ scheme: 'ftp', authority: 'web@h', path }), error);
    await new Promise((resume) => setImmediate(resume));
  }

  it('says that the folder only looks empty, and why', async () => {
    await fail('/css');
    assert.deepEqual(
      shown.messages.map(({ text, buttons }) => ({ text, buttons })),
      [
        {
          text: '/css on shop could not be listed. shop does not allow this for /css: “No”. It may look empty, but it is not.',
          buttons: ['Retry', 'Show Log'],
        },
      ],
    );
  });

  it('lists again, and shows the log, when asked to', async () => {
    shown.presses.push('Retry', 'Show Log');
    await fail('/css');
    await fail('/css');
    assert.deepEqual([retried, logs], [['web@h'], 1]);
  });

  it('says nothing of a folder that is gone', async () => {
    await fail('/css', FileSystemError.FileNotFound('gone'));
    assert.equal(shown.messages.length, 0);
  });

  it('says nothing while the server itself is the trouble, which is told elsewhere', async () => {
    const error = new FtpError('connection-refused', 'refused');
    standings = [{ authority: 'web@h', name: 'shop', state: 'failed', error }];
    await fail('/css');
    assert.equal(shown.messages.length, 0);
  });
});
