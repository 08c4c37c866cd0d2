import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../../src/ftp/index';
import type { ServerStanding } from '../../../src/sites/serverConnection';
import { judgeLine, sendRawCommand } from '../../../src/ui/commands/sendRawCommand';
import { FakeSession } from '../../support/fakeSession';
import { InputBoxValidationSeverity, shown } from '../../support/vscodeWindow';

describe('sendRawCommand', () => {
  const standing = (authority: string): ServerStanding => ({
    authority,
    name: authority,
    state: 'connected',
  });
  let session: FakeSession;
  let asked: string[];
  let logs: number;

  const host = (standings: ServerStanding[]) => ({
    connections: {
      standings: () => standings,
      sessionForPerson: (authority: string): Promise<FtpSession> => {
        asked.push(authority);
        return Promise.resolve(session);
      },
    },
    showLog: () => {
      logs++;
    },
  });

  beforeEach(() => {
    shown.reset();
    session = new FakeSession();
    asked = [];
    logs = 0;
  });

  it('sends what a person types, and opens the log', async () => {
    shown.inputs.push(' SITE HELP ');
    await sendRawCommand(host([standing('web@h')]));
    assert.deepEqual(session.calls, [{ verb: 'send', path: 'SITE HELP' }]);
    assert.equal(logs, 1);
  });

  it('sends nothing when the box is dismissed', async () => {
    await sendRawCommand(host([standing('h')]));
    assert.deepEqual([asked, logs], [[], 0]);
  });

  it('lets a person pick among several, and takes the server of a link', async () => {
    const servers = host([standing('h'), standing('web@i')]);
    shown.inputs.push({ standing: standing('h') }, 'NOOP', 'NOOP');
    await sendRawCommand(servers);
    await sendRawCommand(servers, 'ftp://web@i/');
    assert.deepEqual(asked, ['h', 'web@i']);
  });

  it('says when nothing is connected', async () => {
    await sendRawCommand(host([]));
    assert.deepEqual(
      shown.messages.map(({ text }) => text),
      ['No FTP server is connected.'],
    );
  });

  it('tells of a failure', async () => {
    shown.inputs.push('NOOP');
    session.failNext('send', new FtpError('connection-lost', 'cable'));
    await sendRawCommand(host([standing('h')]));
    assert.match(shown.messages[0]?.text ?? '', /connection to h broke/);
  });
});

describe('judgeLine', () => {
  it('warns of verbs that change files', () => {
    for (const line of ['DELE a', 'rnfr a', 'STOR', 'SITE CHMOD 644 a', ' mkd x']) {
      assert.equal(judgeLine(line)?.severity, InputBoxValidationSeverity.Warning, line);
    }
    for (const line of ['', 'NOOP', 'SITE HELP', 'STAT /', 'PWD']) {
      assert.equal(judgeLine(line), undefined, line);
    }
  });

  it('refuses control characters', () => {
    assert.equal(judgeLine('NOOP\r\nDELE a')?.severity, InputBoxValidationSeverity.Error);
  });
});
