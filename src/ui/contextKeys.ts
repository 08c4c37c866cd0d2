import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Connections } from '../sites/connections';
import { savedSites } from '../sites/settings';

/** Keeps the context keys that the manifest's `when` clauses read. */
export function keepContextKeys(connections: Connections): Disposable {
  const keys = new ContextKeys();
  const update = (): void => {
    keys.set('hasSites', savedSites().sites.length > 0);
    keys.set('hasFolder', ftpFolders().length > 0);
    keys.set(
      'connected',
      connections.standings().some(({ state }) => state === 'connected'),
    );
  };
  const store = new DisposableStore();
  store.add(connections.onDidChange(update));
  store.add(vscode.workspace.onDidChangeWorkspaceFolders(update));
  store.add(vscode.workspace.onDidChangeConfiguration(update));
  update();
  return store;
}

/** The FTP folders of this window. */
export function ftpFolders(): vscode.Uri[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ uri }) => uri).filter(({ scheme }) => scheme === 'ftp');
}

class ContextKeys {
  private readonly values = new Map<string, boolean>();

  set(key: 'hasSites' | 'hasFolder' | 'connected', value: boolean): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    // A key that could not be set hides or shows a command; nothing else depends on it.
    const done = vscode.commands.executeCommand('setContext', `portside.${key}`, value);
    Promise.resolve(done).catch(() => undefined);
  }
}
