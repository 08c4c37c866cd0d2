import * as vscode from 'vscode';
import type { Site } from '../../sites/siteSettings';
import { authorityOf, parseFtpUrl } from '../../sites/siteUri';

interface ServerRow extends vscode.QuickPickItem {
  readonly target: string;
}

/** A saved server, or what a person types. Undefined: dismissed. */
export async function chooseServer(sites: readonly Site[]): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<ServerRow>();
  const saved = sites.map(rowOf);
  pick.title = vscode.l10n.t('Connect to FTP Server');
  pick.placeholder = vscode.l10n.t('Choose a server, or type a host name or an ftp:// URL');
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.items = saved;
  pick.onDidChangeValue((text) => (pick.items = [...saved, ...typedRow(text, sites)]));
  const chosen = new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => {
      // Who pastes and presses Enter at once is faster than the row for it.
      const [row] = pick.selectedItems.length > 0 ? pick.selectedItems : typedRow(pick.value, sites);
      if (row?.target) resolve(row.target);
    });
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  return chosen.finally(() => pick.dispose());
}

function rowOf(site: Site): ServerRow {
  const iconPath = new vscode.ThemeIcon('server');
  return { label: site.name, description: authorityOf(site), iconPath, target: site.name };
}

/** What was typed as a row of its own; what is wrong with it stands beside it, and cannot be accepted. */
function typedRow(text: string, sites: readonly Site[]): ServerRow[] {
  const target = text.trim();
  if (target === '' || sites.some(({ name }) => name === target)) return [];
  const url = parseFtpUrl(target);
  if ('fault' in url) {
    return [{ label: target, detail: url.fault, alwaysShow: true, target: '' }];
  }
  const { scheme, host, port, user, password } = url.value;
  const label = `${scheme}://${authorityOf({ host, port, ...(user === undefined ? {} : { user }) })}`;
  const detail =
    password === undefined
      ? undefined
      : vscode.l10n.t('The password in this URL goes to the secret storage, not to the settings.');
  const iconPath = new vscode.ThemeIcon('add');
  return [{ label, iconPath, alwaysShow: true, target, ...(detail === undefined ? {} : { detail }) }];
}
