import * as vscode from 'vscode';
import { onAbort } from '../base/abort';
import { DisposableStore } from '../base/disposable';
import { replyText } from '../ftp/index';
import type { Password } from '../sites/credentials';
import type { PasswordQuestion } from '../sites/serverConnection';
import { cleanServerText } from '../sites/serverText';

/** Asks a person for a password. Undefined: dismissed. */
export function askPassword(question: PasswordQuestion): Promise<Password | undefined> {
  return new PasswordBox(question).ask();
}

class PasswordBox {
  private readonly box = vscode.window.createInputBox();
  private readonly store = new DisposableStore();
  private save: boolean;

  constructor(private readonly question: PasswordQuestion) {
    this.save = question.save;
    this.store.add(this.box);
  }

  ask(): Promise<Password | undefined> {
    const { box, store, question } = this;
    box.title = vscode.l10n.t('Sign In to {server}', { server: cleanServerText(question.name) });
    box.placeholder = vscode.l10n.t('Password');
    box.password = true;
    box.ignoreFocusOut = true;
    const warning = this.warning();
    if (warning !== undefined) {
      box.validationMessage = { message: warning, severity: vscode.InputBoxValidationSeverity.Warning };
    }
    this.describe();
    store.add(box.onDidTriggerButton((button) => this.press(button)));
    const answer = new Promise<Password | undefined>((resolve) => {
      store.add(box.onDidAccept(() => resolve({ text: box.value, save: this.save })));
      // Hidden after it was accepted too; a promise keeps its first answer.
      store.add(box.onDidHide(() => resolve(undefined)));
      store.add(onAbort(question.signal, () => resolve(undefined)));
    });
    box.show();
    return answer.finally(() => store.dispose());
  }

  /** What the person must know first; VS Code shows it in the place of the prompt. */
  private warning(): string | undefined {
    const { refusal, encryption } = this.question;
    if (!refusal) {
      return encryption === 'clear'
        ? vscode.l10n.t('This connection is not encrypted: the password can be read on the way.')
        : undefined;
    }
    const words = refusal.facts.said ?? (refusal.reply ? replyText(refusal.reply) : refusal.message);
    return vscode.l10n.t('Refused: “{text}”. Check user name and password.', {
      text: cleanServerText(words).replace(/\.$/, ''),
    });
  }

  private describe(): void {
    const fate = this.save
      ? vscode.l10n.t('It will be saved in the secret storage of this computer.')
      : vscode.l10n.t('It will be forgotten when this window closes.');
    this.box.prompt = `${whoseText(this.question)} ${fate}`;
    this.box.buttons = [
      { iconPath: new vscode.ThemeIcon('eye'), tooltip: vscode.l10n.t('Show Password') },
      this.save
        ? { iconPath: new vscode.ThemeIcon('save'), tooltip: vscode.l10n.t('Do Not Save') }
        : { iconPath: new vscode.ThemeIcon('circle-slash'), tooltip: vscode.l10n.t('Save') },
    ];
  }

  private press(button: vscode.QuickInputButton): void {
    if (button === this.box.buttons[0]) {
      this.box.password = !this.box.password;
      return;
    }
    this.save = !this.save;
    this.describe();
  }
}

/** The password is asked for before connecting: whether a server offers TLS may not be known yet. */
function whoseText({ user, host, port, encryption }: PasswordQuestion): string {
  const { l10n } = vscode;
  const where = { user: cleanServerText(user), host, port };
  if (encryption === 'tls') return l10n.t('Password of {user} on {host}:{port} (encrypted with TLS).', where);
  return encryption === 'clear'
    ? l10n.t('Password of {user} on {host}:{port} (not encrypted).', where)
    : l10n.t('Password of {user} on {host}:{port} (encrypted if the server offers TLS).', where);
}
