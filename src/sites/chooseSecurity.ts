import { ConfigurationTarget, workspace } from 'vscode';
import { savedSites } from './settings';
import { findSite, parseSites } from './siteSettings';
import type { ServerAddress } from './siteUri';
import type { TrustMemory, WantedSecurity } from './trustMemory';

/** Speaks to a server in this way from now on: in its site where that says otherwise, else in what is remembered. */
export async function chooseSecurity(
  address: ServerAddress,
  security: WantedSecurity,
  memory: TrustMemory,
): Promise<void> {
  const site = findSite(savedSites().sites, address);
  if (site?.security !== undefined && site.security !== 'auto') await changeSite(address, security);
  else await memory.want(address, security);
}

/** In the settings file that is in force: workspace before user. */
async function changeSite(address: ServerAddress, security: WantedSecurity): Promise<void> {
  const settings = workspace.getConfiguration('portside');
  const isWorkspace = settings.inspect('sites')?.workspaceValue !== undefined;
  const entries = settings.get<unknown>('sites');
  if (!Array.isArray(entries)) return;
  const changed = entries.map((entry: unknown) => (isFor(entry, address) ? { ...entry, security } : entry));
  const target = isWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await settings.update('sites', changed, target);
}

function isFor(entry: unknown, address: ServerAddress): entry is object {
  return findSite(parseSites([entry]).sites, address) !== undefined;
}
