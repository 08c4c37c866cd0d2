import assert from 'node:assert/strict';
import { FtpError } from '../../../src/ftp/index';
import { parseSites } from '../../../src/sites/siteSettings';
import { addressKey, hostKey } from '../../../src/sites/siteUri';
import { connectToServer, type ConnectHost } from '../../../src/ui/commands/connect';
import { FakeSession } from '../../support/fakeSession';
import { Uri } from '../../support/vscodeUri';
import { shown, workspace } from '../../support/vscodeWindow';

describe('connectToServer', () => {
  let offered: string[];
  let wanted: string[];
  let connected: string[];
  let failure: Error | undefined;
  let chosen: string | undefined;

  const host: ConnectHost = {
    sites: () =>
      parseSites([
        { name: 'shop', host: 'ftp.example.com', user: 'web', path: '/www' },
        { host: 'plain', security: 'none' },
      ]).sites,
    session: (authority) => {
      connected.push(authority);
      return failure ? Promise.reject(failure) : Promise.resolve(new FakeSession());
    },
    offerPassword: (address, password) => offered.push(`${addressKey(address)} ${password}`),
    wantSecurity: (address, security) => Promise.resolve(void wanted.push(`${hostKey(address)} ${security}`)),
    choose: () => Promise.resolve(chosen),
  };
  const none = { open: 'none' };

  beforeEach(() => {
    shown.reset();
    offered = [];
    wanted = [];
    connected = [];
    failure = undefined;
    chosen = undefined;
  });

  const roots: [string, string, string][] = [
    ['ftp://web:secret@host:2121/www', 'web@host:2121', '/www'],
    ['ftp://host', 'host', '/'],
    ['host', 'host', '/'],
    ['shop', 'web@ftp.example.com', '/www'],
    ['ftp://web@ftp.example.com', 'web@ftp.example.com', '/www'],
    ['ftp://web@ftp.example.com/', 'web@ftp.example.com', '/'],
    ['ftp://web@[::1]:2121/a%20b', 'web@[::1]:2121', '/a b'],
  ];
  for (const [target, authority, path] of roots) {
    it(`makes a root of ${target}`, async () => {
      const root = await connectToServer(host, target, none);
      assert.deepEqual([root?.scheme, root?.authority, root?.path], ['ftp', authority, path]);
      assert.deepEqual(connected, [authority]);
      assert.deepEqual(shown.commands, []);
    });
  }

  it('keeps the password out of the root and hands it on', async () => {
    const root = await connectToServer(host, 'ftp://web:se%40cret@host/', none);
    assert.ok(!root?.toString().includes('cret'));
    assert.deepEqual(offered, ['web@host:21 se@cret']);
  });

  it('opens the root in this window', async () => {
    const root = await connectToServer(host, 'shop');
    assert.deepEqual(shown.commands, [['vscode.openFolder', root, { forceReuseWindow: true }]]);
  });

  it('adds the root to a window that has folders, once', async () => {
    workspace.workspaceFolders = [{ uri: Uri.file('/home'), name: 'home' }];
    await connectToServer(host, 'shop');
    await connectToServer(host, 'shop');
    assert.deepEqual(
      workspace.workspaceFolders.map(({ name }) => name),
      ['home', 'shop'],
    );
    assert.deepEqual(shown.commands, [['workbench.view.explorer']]);
  });

  it('asks a person when it is told no target', async () => {
    assert.equal(await connectToServer(host), undefined);
    chosen = 'host';
    assert.equal((await connectToServer(host, undefined, none))?.authority, 'host');
    assert.deepEqual(connected, ['host']);
  });

  it('opens nothing when the server cannot be reached', async () => {
    failure = new FtpError('connection-refused', 'off');
    assert.equal(await connectToServer(host, 'shop'), undefined);
    assert.deepEqual(shown.commands, []);
    assert.equal((await connectToServer(host, 'shop', none))?.authority, 'web@ftp.example.com');
  });

  it('remembers what the scheme asks for, which the root cannot say', async () => {
    for (const target of ['ftps://host', 'ftps://web@host:2121/', 'ftpes://host', 'ftp://host']) {
      await connectToServer(host, target, none);
    }
    assert.deepEqual(wanted, ['host:990 implicit', 'host:2121 implicit', 'host:21 explicit']);
    assert.deepEqual(connected, ['host:990', 'web@host:2121', 'host', 'host']);
  });

  it('does not connect in clear where TLS was asked for', async () => {
    await assert.rejects(
      connectToServer(host, 'ftpes://plain', none),
      /plain is used without TLS, and ftpes:\/\//,
    );
    assert.deepEqual([connected, wanted], [[], []]);
    await connectToServer(host, 'ftp://plain', none);
    assert.deepEqual(connected, ['plain']);
  });

  it('says what is wrong with a target', async () => {
    await assert.rejects(connectToServer(host, 'sftp://host', none), /sftp:\/\/ is file transfer over SSH/);
  });
});
