import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Connections } from '../../sites/connections';
import { pickConnected } from './pickConnected';
import { sendRawCommand } from './sendRawCommand';

export interface CommandHost {
  readonly connections: Connections;
  readonly connect: (target?: unknown, options?: unknown) => Promise<vscode.Uri | undefined>;
  readonly showLog: () => void;
  /** The file that was clicked in the Explorer, and all that are selected. */
  readonly copyToServer: (clicked?: unknown, selected?: unknown) => Promise<void>;
  readonly manageCertificates: () => Promise<void>;
}

/** Gives the commands of the manifest their work. */
export function registerCommands(host: CommandHost): Disposable {
  const { connections, connect, showLog, copyToServer, manageCertificates } = host;
  const store = new DisposableStore();
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    store.add(vscode.commands.registerCommand(`portside.${name}`, run));
  register('connect', connect);
  register('disconnect', (argument) => disconnect(connections, argument));
  register('showProtocolLog', showLog);
  register('copyToServer', copyToServer);
  register('manageCertificates', manageCertificates);
  register('sendRawCommand', (argument) => sendRawCommand({ connections, showLog }, argument));
  // The status bar item opens the transfers, which the log shows as long as they have no view.
  register('showTransfers', showLog);
  return store;
}

async function disconnect(connections: Connections, argument: unknown): Promise<void> {
  const title = vscode.l10n.t('Disconnect');
  const server = await pickConnected(connections.standings(), title, argument);
  if (server) await connections.disconnect(server.authority);
}
