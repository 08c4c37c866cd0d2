import assert from 'node:assert/strict';
import { Emitter } from '../../src/base/event';
import { FtpError, type ErrorFacts, type FtpErrorCode } from '../../src/ftp/index';
import type { ServerStanding } from '../../src/sites/serverConnection';
import { ConnectionNotices } from '../../src/ui/connectionNotices';
import { reportSchemeTaken } from '../../src/ui/schemeTaken';
import { certificateOf } from '../support/tlsServices';
import { extensions, shown } from '../support/vscodeWindow';

describe('ConnectionNotices', () => {
  const changes = new Emitter<ServerStanding>();
  let retried: string[];
  let logs: number;
  let chosen: string[];
  let compared: string[];
  let answers: boolean[];
  let notices: ConnectionNotices;

  beforeEach(() => {
    shown.reset();
    retried = [];
    logs = 0;
    chosen = [];
    compared = [];
    answers = [];
    notices = new ConnectionNotices({
      onDidChange: changes.event,
      retry: (authority) => Promise.resolve(retried.push(authority)),
      showLog: () => logs++,
      choose: (authority, security) => Promise.resolve(void chosen.push(`${authority} ${security}`)),
      compare: ({ fingerprint }) => Promise.resolve(void compared.push(fingerprint.slice(0, 2))),
      replace: () => Promise.resolve(answers.shift() ?? false),
    });
  });
  afterEach(() => notices.dispose());

  function fail(code: FtpErrorCode, authority = 'web@h', more: ErrorFacts = {}): Promise<void> {
    const error = new FtpError(code, 'text', { facts: { host: 'h', port: 21, said: 'No', ...more } });
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

  it('tells it again when a person has acted', async () => {
    await fail('login-refused');
    changes.fire({ authority: 'web@h', name: 'shop', state: 'idle' });
    await fail('login-refused');
    assert.equal(shown.messages.length, 2);
  });

  it('offers the TLS that a server needs, and tries again with it', async () => {
    shown.presses.push('Use TLS', 'Use Implicit TLS');
    await fail('login-needs-tls');
    await fail('not-ftp', 'h:990', { speaks: 'silence' });
    await fail('not-ftp', 'h:80', { speaks: 'http' });
    assert.deepEqual(chosen, ['web@h explicit', 'h:990 implicit']);
    assert.deepEqual(retried, ['web@h', 'h:990']);
    assert.deepEqual(
      shown.messages.map(({ buttons }) => buttons),
      [
        ['Use TLS', 'Show Log'],
        ['Use Implicit TLS', 'Show Log'],
        ['Retry', 'Show Log'],
      ],
    );
  });

  describe('of a changed certificate', () => {
    const changed = () =>
      fail('tls-certificate-changed', 'web@h', {
        certificate: certificateOf('BB'),
        since: Date.UTC(2026, 1, 28),
      });

    it('says since when, and shows no button that trusts at once', async () => {
      await changed();
      assert.deepEqual(shown.messages, [
        {
          text: 'The certificate of shop has changed since 2026-02-28. The connection was refused and no password was sent.',
          buttons: ['Compare Certificates', 'Trust New Certificate…'],
        },
      ]);
    });

    it('stays after comparing', async () => {
      shown.presses.push('Compare Certificates');
      await changed();
      assert.deepEqual(compared, ['BB']);
      assert.equal(shown.messages.length, 2);
      assert.deepEqual(retried, []);
    });

    it('comes again while nobody has replaced it, and tries again once somebody has', async () => {
      shown.presses.push('Trust New Certificate…', 'Trust New Certificate…');
      answers.push(false, true);
      await changed();
      assert.equal(shown.messages.length, 2);
      assert.deepEqual(retried, ['web@h']);
    });
  });

  it('says nothing of a question that was dismissed', async () => {
    await fail('login-cancelled');
    await fail('tls-certificate-untrusted');
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
