import assert from 'node:assert/strict';
import { Emitter } from '../../src/base/event';
import { FtpError, type FtpErrorCode } from '../../src/ftp/index';
import type { ServerStanding } from '../../src/sites/serverConnection';
import { ConnectionNotices } from '../../src/ui/connectionNotices';
import { reportSchemeTaken } from '../../src/ui/schemeTaken';
import { extensions, shown } from '../support/vscodeWindow';

describe('ConnectionNotices', () => {
  const changes = new Emitter<ServerStanding>();
  let retried: string[];
  let logs: number;
  let notices: ConnectionNotices;

  beforeEach(() => {
    shown.reset();
    retried = [];
    logs = 0;
    notices = new ConnectionNotices({
      onDidChange: changes.event,
      retry: (authority) => Promise.resolve(retried.push(authority)),
      showLog: () => logs++,
    });
  });
  afterEach(() => notices.dispose());

  function fail(code: FtpErrorCode, authority = 'web@h'): Promise<void> {
    const error = new FtpError(code, 'text', { facts: { host: 'h', port: 21, said: 'No' } });
    changes.fire({ authority, name: 'shop', state: 'failed', error });
    return new Promise((resume) => setImmediate(resume));
  }

  it('tells a cause once per server', async () => {
    await fail('connection-refused');
    await fail('connection-refused');
    await fail('connection-timed-out');
    await fail('connection-refused', 'h');
    assert.equal(shown.messages.length, 3);
    assert.match(shown.messages[0]?.text ?? '', /^h refuses connections on port 21/);
    assert.deepEqual(shown.messages[0]?.buttons, ['Retry', 'Show Log']);
  });

  it('tells it again after the server has worked', async () => {
    await fail('connection-refused');
    changes.fire({ authority: 'web@h', name: 'shop', state: 'connected' });
    await fail('connection-refused');
    assert.equal(shown.messages.length, 2);
  });

  it('retries, and shows the log, when asked to', async () => {
    shown.presses.push('Retry', 'Show Log', 'Sign In');
    await fail('connection-refused');
    await fail('connection-refused');
    await fail('login-refused');
    assert.deepEqual([retried, logs], [['web@h', 'web@h'], 1]);
  });

  it('says nothing of a question that was dismissed', async () => {
    await fail('login-cancelled');
    changes.fire({ authority: 'h', name: 'h', state: 'connecting' });
    assert.deepEqual(shown.messages, []);
  });
});

describe('reportSchemeTaken', () => {
  beforeEach(() => shown.reset());
  afterEach(() => (extensions.all.length = 0));

  it('names the extension that holds the scheme, and shows the extensions', async () => {
    extensions.all.push(
      { id: 'Portside.portside', packageJSON: { activationEvents: ['onFileSystem:ftp'] } },
      { id: 'other.ftp', packageJSON: { activationEvents: ['onFileSystem:ftp'] } },
    );
    shown.presses.push('Show Extensions');
    await reportSchemeTaken('portside.portside');
    assert.equal(
      shown.messages[0]?.text,
      'Another extension (other.ftp) already handles ftp:// addresses, so Portside cannot open folders. Disable one of the two and reload.',
    );
    assert.deepEqual(shown.commands, [
      ['setContext', 'portside.schemeTaken', true],
      ['workbench.view.extensions'],
    ]);
  });

  it('says it without a name where none is known', async () => {
    extensions.all.push({ id: 'no.events', packageJSON: {} });
    await reportSchemeTaken('portside.portside');
    assert.match(shown.messages[0]?.text ?? '', /^Another extension already handles/);
  });
});
