import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../src/extension';
import { plan } from './plan';

describe('Portside in VS Code', () => {
  it('activates, connects, and reads a file through workspace.fs', async () => {
    const extension = vscode.extensions.getExtension<PortsideApi>('portside.portside');
    const api = await extension?.activate();
    assert.equal(api?.version, 1);
    const { user, password, port } = plan().server;
    const root = await api.connect(`ftp://${user}:${password}@127.0.0.1:${port}/`, { open: 'none' });
    assert.equal(root?.toString(true), `ftp://${user}@127.0.0.1:${port}/`);
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'about.html'));
    assert.match(new TextDecoder().decode(bytes), /museum of ships/);
  });
});
