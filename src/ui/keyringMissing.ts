import * as vscode from 'vscode';

/** Says that passwords are forgotten with the window; not again once a person does not want to hear it. */
export function reportKeyringMissing(memory: vscode.Memento): void {
  if (memory.get(silenced) === true) return;
  const never = vscode.l10n.t("Don't Show Again");
  const text = vscode.l10n.t(
    'This computer offers no secret storage, so the password is kept until the window closes.',
  );
  Promise.resolve(vscode.window.showWarningMessage(text, vscode.l10n.t('OK'), never))
    .then((pressed) => (pressed === never ? memory.update(silenced, true) : undefined))
    .catch(() => undefined);
}

const silenced = 'portside.silenced:keyring-missing';
