import * as vscode from 'vscode';
import type { FtpSession } from '../../ftp/index';
import { FtpError } from '../../ftp/index';
import { cleanServerText } from '../../sites/serverText';
import { findSite, type Site } from '../../sites/siteSettings';
import { authorityOf, parseFtpUrl, type FtpUrl, type ServerAddress } from '../../sites/siteUri';
import type { WantedSecurity } from '../../sites/trustMemory';

export interface ConnectHost {
  readonly sites: () => readonly Site[];
  /** Connects as a person wishes it. Failures are told by whoever connects, not here. */
  readonly session: (authority: string) => Promise<FtpSession>;
  readonly offerPassword: (address: ServerAddress, password: string) => void;
  /** The scheme is lost in the workspace's Uri, which is always `ftp`. */
  readonly wantSecurity: (address: ServerAddress, security: WantedSecurity) => Promise<void>;
  /** Asks which server; undefined: dismissed. */
  readonly choose: () => Promise<string | undefined>;
}

export interface ConnectOpen {
  /** 'none' opens nothing. */
  readonly open?: 'none';
}

/**
 * Connects to a server and opens it as a folder of this window. `target` is an URL, a host, or the name of
 * a site; a person is asked without it. Returns the root, or undefined when a person gave up or the server
 * cannot be opened. With `open: 'none'` the root is returned in any case: whoever uses it hears the error.
 */
export async function connectToServer(
  host: ConnectHost,
  target?: unknown,
  options?: unknown,
): Promise<vscode.Uri | undefined> {
  const text = typeof target === 'string' && target !== '' ? target : await host.choose();
  if (text === undefined) return undefined;
  const destination = destinationOf(text, host.sites());
  if (destination.password !== undefined) host.offerPassword(destination.address, destination.password);
  if (destination.security) await host.wantSecurity(destination.address, destination.security);
  const authority = authorityOf(destination.address);
  const root = vscode.Uri.from({ scheme: 'ftp', authority, path: destination.path });
  const opensNothing = isRecord(options) && options['open'] === 'none';
  try {
    await host.session(authority);
  } catch (error) {
    if (!(error instanceof FtpError)) throw error;
    return opensNothing ? root : undefined;
  }
  if (!opensNothing) await openRoot(root, destination.name);
  return root;
}

interface Destination {
  readonly address: ServerAddress;
  readonly path: string;
  readonly name: string;
  readonly password?: string;
  readonly security?: WantedSecurity;
}

/** Throws the sentence that says what is wrong with `text`. */
function destinationOf(text: string, sites: readonly Site[]): Destination {
  const named = sites.find(({ name }) => name === text);
  if (named) return { address: named, path: named.path, name: named.name };
  const url = parseFtpUrl(text);
  if ('fault' in url) throw new Error(url.fault);
  const { scheme, password, path, host, port, user } = url.value;
  const address = { host, port, ...(user === undefined ? {} : { user }) };
  const site = findSite(sites, address);
  const security = securityOf(scheme);
  // To go on would send in clear what was meant to be encrypted.
  if (security && site?.security === 'none') throw new Error(contradiction(site.name, scheme));
  return {
    address,
    path: path ?? site?.path ?? '/',
    name: site?.name ?? host,
    ...(password === undefined ? {} : { password }),
    ...(security ? { security } : {}),
  };
}

function securityOf(scheme: FtpUrl['scheme']): WantedSecurity | undefined {
  if (scheme === 'ftp') return undefined;
  return scheme === 'ftps' ? 'implicit' : 'explicit';
}

function contradiction(server: string, scheme: string): string {
  return vscode.l10n.t(
    'The settings say that {server} is used without TLS, and {scheme}:// asks for it. Change “security” in portside.sites, or use an ftp:// URL.',
    { server: cleanServerText(server), scheme },
  );
}

async function openRoot(root: vscode.Uri, name: string): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.some(({ uri }) => uri.toString() === root.toString())) {
    await vscode.commands.executeCommand('workbench.view.explorer');
  } else if (folders.length > 0) {
    vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri: root, name });
  } else {
    await vscode.commands.executeCommand('vscode.openFolder', root, { forceReuseWindow: true });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
