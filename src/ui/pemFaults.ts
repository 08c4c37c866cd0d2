import * as vscode from 'vscode';
import { cleanServerText } from '../sites/serverText';

/** Says that a file which the settings name for TLS is of no use. */
export function reportPemFault(path: string, cause: string): void {
  const open = vscode.l10n.t('Open Settings');
  const text = vscode.l10n.t('{file} is named in the settings for TLS, but cannot be used: {cause}', {
    file: cleanServerText(path),
    cause: cleanServerText(cause),
  });
  Promise.resolve(vscode.window.showWarningMessage(text, open))
    .then((pressed) =>
      pressed === open
        ? vscode.commands.executeCommand('workbench.action.openSettings', 'portside tls')
        : undefined,
    )
    .catch(() => undefined);
}
