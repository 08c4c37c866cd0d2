import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import { describeError } from '../sites/errorText';
import type { ServerStanding } from '../sites/serverConnection';

export interface ConnectionNoticesOptions {
  readonly onDidChange: Event<ServerStanding>;
  readonly retry: (authority: string) => Promise<unknown>;
  readonly showLog: () => void;
}

/** Tells that a server cannot be reached: once per cause and server, until it has worked again. */
export class ConnectionNotices implements Disposable {
  private readonly told = new Set<string>();
  private readonly subscription: Disposable;

  constructor(private readonly options: ConnectionNoticesOptions) {
    this.subscription = options.onDidChange((standing) => this.follow(standing));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private follow(standing: ServerStanding): void {
    if (standing.state === 'connected') this.forget(standing.authority);
    const { error } = standing;
    // Whoever has closed the password box knows; the status bar keeps saying it.
    if (!error || error.code === 'login-cancelled') return;
    const key = `${standing.authority} ${error.code}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.tell(standing, describeError(error, standing.name)).catch(() => undefined);
  }

  private forget(authority: string): void {
    for (const key of this.told) if (key.startsWith(`${authority} `)) this.told.delete(key);
  }

  private async tell({ authority, error }: ServerStanding, text: string): Promise<void> {
    const again =
      error?.code === 'login-refused' && authority.includes('@')
        ? vscode.l10n.t('Sign In')
        : vscode.l10n.t('Retry');
    const log = vscode.l10n.t('Show Log');
    const pressed = await vscode.window.showErrorMessage(text, again, log);
    if (pressed === log) this.options.showLog();
    if (pressed !== again) return;
    // A person acts: the next failure is news again.
    this.forget(authority);
    await this.options.retry(authority);
  }
}
