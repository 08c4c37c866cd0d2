import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Connections } from '../sites/connections';
import { parseAuthority } from '../sites/siteUri';
import { ftpFolders } from './contextKeys';
import type { ServerFacts } from './monitorTooltip';
import { TransferMonitor } from './transferMonitor';

/** Puts the transfer monitor into the status bar and tells it what happens in this window. */
export function monitorConnections(connections: Connections, clock: Clock): Disposable {
  const store = new DisposableStore();
  const monitor = store.add(
    new TransferMonitor({
      clock,
      surroundings: () => ({
        standings: connections.standings(),
        folders: [...new Set(ftpFolders().map(({ authority }) => connections.serverName(authority)))],
        isUnsaved: (server, path) => isUnsaved(connections, server, path),
      }),
      factsOf: (server) => factsOf(connections, server),
    }),
  );
  const refresh = (): void => monitor.refresh();
  store.add(connections.onDidTrace((event) => monitor.take(event)));
  store.add(connections.onDidChange(refresh));
  store.add(vscode.workspace.onDidChangeWorkspaceFolders(refresh));
  store.add(vscode.workspace.onDidSaveTextDocument(refresh));
  store.add(vscode.workspace.onDidCloseTextDocument(refresh));
  return store;
}

function isUnsaved(connections: Connections, server: string, path: string): boolean {
  return vscode.workspace.textDocuments.some(
    ({ uri, isDirty }) =>
      isDirty &&
      uri.scheme === 'ftp' &&
      uri.path === path &&
      connections.serverName(uri.authority) === server,
  );
}

function factsOf(connections: Connections, server: string): ServerFacts | undefined {
  const standing = connections.standings().find(({ name }) => name === server);
  const address = standing && parseAuthority(standing.authority);
  if (!standing || !address) return undefined;
  const { user = 'anonymous', host, port } = address;
  return {
    address: `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`,
    uri: `ftp://${standing.authority}/`,
    profile: connections.openSession(standing.authority)?.profile,
  };
}
