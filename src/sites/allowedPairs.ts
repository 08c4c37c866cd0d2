import { ConfigurationTarget, workspace } from 'vscode';
import { allowedPairs, savedSites } from './settings';
import { findSite } from './siteSettings';
import { authorityOf, parseAuthority } from './siteUri';

/** How the setting writes two servers, in the order in which files go. A server is its site's name, or its authority. */
export function pairOf(from: string, to: string): string {
  return `${nameOf(from)} → ${nameOf(to)}`;
}

/** Removed from the setting by hand, the pair is asked about again. */
export function isAllowedPair(pair: string): boolean {
  return allowedPairs().includes(pair);
}

/** Keeps a person's answer. Rejects where the settings cannot be written. */
export async function allowPair(pair: string): Promise<void> {
  const pairs = [...new Set([...allowedPairs(), pair])];
  const settings = workspace.getConfiguration('portside');
  await settings.update('serverToServer.allowedPairs', pairs, ConfigurationTarget.Global);
}

/** Never a host alone: what was allowed one user of it is not allowed another. */
function nameOf(authority: string): string {
  const address = parseAuthority(authority);
  if (!address) return authority;
  return findSite(savedSites().sites, address)?.name ?? authorityOf(address);
}
