import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../src/extension';
import { plan } from './plan';

describe('Portside in VS Code', () => {
  const { user, password, port } = plan().server;
  let api: PortsideApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<PortsideApi>('portside.portside');
    api = (await extension?.activate()) ?? assert.fail('Portside is not here.');
  });
  after(() => configureSites(undefined));

  it('activates, connects, and reads a file through workspace.fs', async () => {
    assert.equal(api.version, 1);
    assert.equal(await read('127.0.0.1'), `ftp://${user}@127.0.0.1:${port}/`);
  });

  it('finds the table of an encoding, which is a file beside its code', async () => {
    await configureSites([{ name: 'harbour', host: 'localhost', port, user, encoding: 'shift_jis' }]);
    assert.equal(await read('localhost'), `ftp://${user}@localhost:${port}/`);
  });

  /** Answers the root that was connected. */
  async function read(host: string): Promise<string> {
    const root = await api.connect(`ftp://${user}:${password}@${host}:${port}/`, { open: 'none' });
    assert.ok(root);
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'about.html'));
    assert.match(new TextDecoder().decode(bytes), /museum of ships/);
    return root.toString(true);
  }
});

async function configureSites(sites: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('portside').update('sites', sites, true);
}
