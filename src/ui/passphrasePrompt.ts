import * as vscode from 'vscode';
import { onAbort } from '../base/abort';
import type { PassphraseQuestion } from '../sites/clientKeys';
import { cleanServerText } from '../sites/serverText';

/** Asks a person for the passphrase of a client's key. Undefined: dismissed. */
export async function askPassphrase({
  path,
  isAgain,
  signal,
}: PassphraseQuestion): Promise<string | undefined> {
  const { l10n } = vscode;
  const file = cleanServerText(path);
  const cancel = new vscode.CancellationTokenSource();
  const taken = onAbort(signal, () => cancel.cancel());
  const options: vscode.InputBoxOptions = {
    title: l10n.t('Open the Client Key'),
    placeHolder: l10n.t('Passphrase'),
    prompt: isAgain
      ? l10n.t('This passphrase does not open {file}. Try again.', { file })
      : l10n.t('Passphrase of {file}. It opens the key of your certificate and is never sent.', { file }),
    password: true,
    ignoreFocusOut: true,
  };
  try {
    return await vscode.window.showInputBox(options, cancel.token);
  } finally {
    taken.dispose();
    cancel.dispose();
  }
}
