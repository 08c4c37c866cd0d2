import * as vscode from 'vscode';
import { FtpError } from '../../ftp/index';
import type { Connections } from '../../sites/connections';
import { describeError } from '../../sites/errorText';
import { cleanServerText } from '../../sites/serverText';
import { pickConnected } from './pickConnected';

export interface RawCommandHost {
  readonly connections: Pick<Connections, 'standings' | 'sessionForPerson'>;
  readonly showLog: () => void;
}

/** Sends a line that a person types. The reply stands in the log, which opens. */
export async function sendRawCommand(host: RawCommandHost, argument?: unknown): Promise<void> {
  const { connections, showLog } = host;
  const title = vscode.l10n.t('Send Raw Command');
  const server = await pickConnected(connections.standings(), title, argument);
  if (!server) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No FTP server is connected.'));
    return;
  }
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t('Send a Command to {server}', { server: cleanServerText(server.name) }),
    placeHolder: 'SITE HELP',
    ignoreFocusOut: true,
    validateInput: judgeLine,
  });
  if (line === undefined || line.trim() === '') return;
  showLog();
  try {
    const session = await connections.sessionForPerson(server.authority);
    await session.send(line.trim());
  } catch (error) {
    if (!(error instanceof FtpError)) throw error;
    await vscode.window.showErrorMessage(describeError(error, server.name));
  }
}

/** A warning does not hinder: whoever sends a raw command may mean it. */
export function judgeLine(line: string): vscode.InputBoxValidationMessage | undefined {
  if (/\p{Cc}/u.test(line)) {
    const message = vscode.l10n.t('The command contains a character that cannot be sent.');
    return { message, severity: vscode.InputBoxValidationSeverity.Error };
  }
  const [verb = '', subcommand = ''] = line.trim().toUpperCase().split(/\s+/);
  const changes = verb === 'SITE' ? changingSite.has(subcommand) : changing.has(verb);
  if (!changes) return undefined;
  const message = vscode.l10n.t('This changes files on the server.');
  return { message, severity: vscode.InputBoxValidationSeverity.Warning };
}

const changing = new Set('APPE DELE MFCT MFF MFMT MKD RMD RNFR RNTO STOR STOU XMKD XRMD'.split(' '));
const changingSite = new Set('CHGRP CHMOD CHOWN CPFR CPTO DELE EXEC MKDIR RMDIR SYMLINK UTIME'.split(' '));
