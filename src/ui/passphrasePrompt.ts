import * as vscode from 'vscode';
import { onAbort } from '../base/abort';
import { DisposableStore } from '../base/disposable';
import type { PassphraseQuestion } from '../sites/clientKeys';
import { cleanServerText } from '../sites/serverText';

/** Asks a person for the passphrase of a client's key. Undefined: dismissed. */
export function askPassphrase({ path, isAgain, signal }: PassphraseQuestion): Promise<string | undefined> {
  const { l10n } = vscode;
  const file = cleanServerText(path);
  const store = new DisposableStore();
  const box = store.add(vscode.window.createInputBox());
  box.title = l10n.t('Open the Client Key');
  box.placeholder = l10n.t('Passphrase');
  box.prompt = l10n.t('Passphrase of {file}. It opens the key of your certificate and is never sent.', {
    file,
  });
  box.password = true;
  box.ignoreFocusOut = true;
  if (isAgain) box.validationMessage = refusalOf(file);
  const answer = new Promise<string | undefined>((resolve) => {
    store.add(box.onDidAccept(() => resolve(box.value)));
    // Hidden after it was accepted too; a promise keeps its first answer.
    store.add(box.onDidHide(() => resolve(undefined)));
    store.add(onAbort(signal, () => resolve(undefined)));
  });
  box.show();
  return answer.finally(() => store.dispose());
}

function refusalOf(file: string): vscode.InputBoxValidationMessage {
  const message = vscode.l10n.t('This passphrase does not open {file}. Try again.', { file });
  return { message, severity: vscode.InputBoxValidationSeverity.Warning };
}
