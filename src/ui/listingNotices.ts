import * as vscode from 'vscode';
import type { Connections } from '../sites/connections';
import { cleanServerText } from '../sites/serverText';
import { authorityOf, parseAuthority } from '../sites/siteUri';

export interface ListingNoticesOptions {
  readonly connections: Pick<Connections, 'serverName' | 'standings'>;
  readonly retry: (authority: string) => Promise<unknown>;
  readonly showLog: () => void;
}

/** Tells that a folder could not be listed: once per cause, for as long as its notification is there. */
export class ListingNotices {
  private readonly shown = new Set<string>();

  constructor(private readonly options: ListingNoticesOptions) {}

  listingFailed(uri: vscode.Uri, error: vscode.FileSystemError): void {
    // A folder that is gone is no longer shown, and why a server cannot be reached is told already.
    if (error.code === 'FileNotFound' || this.isTold(uri)) return;
    this.tell(uri, error.message).catch(() => undefined);
  }

  private isTold({ authority }: vscode.Uri): boolean {
    const address = parseAuthority(authority);
    const name = address && authorityOf(address);
    return this.options.connections
      .standings()
      .some((standing) => standing.authority === name && standing.error !== undefined);
  }

  private async tell({ authority, path }: vscode.Uri, cause: string): Promise<void> {
    const { connections, retry, showLog } = this.options;
    const news = `${authority} ${cause.replaceAll(path, '')}`;
    if (this.shown.has(news)) return;
    this.shown.add(news);
    const text = vscode.l10n.t(
      '{path} on {server} could not be listed. {cause} It may look empty, but it is not.',
      { path: cleanServerText(path), server: cleanServerText(connections.serverName(authority)), cause },
    );
    const again = vscode.l10n.t('Retry');
    const log = vscode.l10n.t('Show Log');
    const pressed = await vscode.window.showErrorMessage(text, again, log);
    this.shown.delete(news);
    if (pressed === log) showLog();
    if (pressed === again) await retry(authority);
  }
}
