import type { Connections } from '../sites/connections';
import { FtpError } from '../ftp/index';
import { savedSites } from '../sites/settings';
import { authorityOf, parseAuthority } from '../sites/siteUri';
import type { CopyToServerHost } from './commands/copyToServer';
import { ftpFolders } from './contextKeys';
import type { ServerToServer } from './serverToServer';

/** What the command `portside.copyToServer` works with in this window. */
export function serverToServerHost(
  connections: Connections,
  pairs: ServerToServer,
  copy: CopyToServerHost['copy'],
): CopyToServerHost {
  return {
    servers: () =>
      authoritiesOf(connections).map((authority) => ({ authority, name: connections.serverName(authority) })),
    connect: (authority) => connectFor(connections, authority),
    copy,
    route: (from, to) => pairs.route(from, to, true),
  };
}

/** Servers in use first, then folders of this window, then saved sites; each once. */
function authoritiesOf(connections: Connections): string[] {
  const connected = connections.standings().filter(({ state }) => state === 'connected');
  const named = [...connected, ...ftpFolders()].flatMap(({ authority }) => parseAuthority(authority) ?? []);
  return [...new Set([...named, ...savedSites().sites].map(authorityOf))];
}

/** Why it failed, the connection's own notice tells. */
async function connectFor(connections: Connections, authority: string): Promise<boolean> {
  try {
    await connections.sessionForPerson(authority);
    return true;
  } catch (error) {
    if (error instanceof FtpError) return false;
    throw error;
  }
}
