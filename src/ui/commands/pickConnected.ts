import * as vscode from 'vscode';
import { cleanServerText } from '../../sites/serverText';
import type { ServerStanding } from '../../sites/serverConnection';
import { authorityOf, parseAuthority, parseFtpUrl } from '../../sites/siteUri';

/** Which of the servers in use a command is for: the argument's, the only one, or the one a person picks. */
export async function pickConnected(
  standings: readonly ServerStanding[],
  title: string,
  argument?: unknown,
): Promise<ServerStanding | undefined> {
  const authority = authorityIn(argument);
  if (authority !== undefined) return standings.find((standing) => standing.authority === authority);
  const connected = standings.filter(({ state }) => state === 'connected');
  if (connected.length <= 1) return connected[0];
  const rows = connected.map((standing) => ({
    label: cleanServerText(standing.name),
    description: standing.authority,
    standing,
  }));
  return (await vscode.window.showQuickPick(rows, { title }))?.standing;
}

/** An URL, as our own links carry it, or the Uri of a folder. */
function authorityIn(argument: unknown): string | undefined {
  const parsed =
    argument instanceof vscode.Uri
      ? parseAuthority(argument.authority)
      : typeof argument === 'string'
        ? parseFtpUrl(argument)
        : undefined;
  if (!parsed || 'fault' in parsed) return undefined;
  return authorityOf('value' in parsed ? parsed.value : parsed);
}
