import * as vscode from 'vscode';
import { cleanServerText } from '../../sites/serverText';
import { absolutePath } from '../../sites/siteUri';
import { percentText, sizeText } from '../amounts';
import { fileNameOf } from '../savedPath';
import type { Route } from '../serverToServer';

/** A server that can be copied to. */
export interface ServerChoice {
  readonly authority: string;
  readonly name: string;
}

/** How far one copy has come. */
export interface CopyAmount {
  readonly files: number;
  readonly filesTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number | undefined;
}

export interface CopyRequest {
  readonly overwrite: boolean;
  readonly makeParents: boolean;
  readonly route: () => Promise<Route>;
  readonly signal: AbortSignal;
  readonly onProgress: (amount: CopyAmount) => void;
}

export interface CopyToServerHost {
  /** Open ones and saved ones. */
  readonly servers: () => readonly ServerChoice[];
  /** Connects as a person wishes it; false: it failed, which was told. */
  readonly connect: (authority: string) => Promise<boolean>;
  /** Rejects with `FileSystemError`. */
  readonly copy: (source: vscode.Uri, target: vscode.Uri, request: CopyRequest) => Promise<void>;
  /** Undefined: the person gave up. */
  readonly route: (from: string, to: string) => Promise<Route | undefined>;
}

/** Copies what is selected in the Explorer, or the active editor's file, to a folder of another server. */
export async function copyToServer(
  host: CopyToServerHost,
  clicked?: unknown,
  selected?: unknown,
): Promise<void> {
  const sources = sourcesOf(clicked, selected);
  const [first] = sources;
  if (!first) return;
  const server = await pickServer(host.servers().filter(({ authority }) => authority !== first.authority));
  if (!server) return;
  const title = titleOf(sources, server);
  const folder = await askFolder(title, server, first);
  if (folder === undefined || !(await host.connect(server.authority))) return;
  const target = vscode.Uri.from({ scheme: 'ftp', authority: server.authority, path: folder });
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) =>
    new Copying(host, server, target, progress, token).run(sources),
  );
}

/** Without those that lie in a folder which is copied, too. */
function sourcesOf(clicked: unknown, selected: unknown): vscode.Uri[] {
  const named = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  const uris = named.filter((item): item is vscode.Uri => item instanceof vscode.Uri);
  const active = activeUri();
  const all = uris.length > 0 ? uris : active ? [active] : [];
  const remote = all.filter(({ scheme }) => scheme === 'ftp');
  return remote.filter((uri) => !remote.some((other) => isInside(uri, other)));
}

/** Of any editor that shows one file: also of an image. */
function activeUri(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const hasUri = typeof input === 'object' && input !== null && 'uri' in input;
  return hasUri && input.uri instanceof vscode.Uri ? input.uri : undefined;
}

function isInside(uri: vscode.Uri, folder: vscode.Uri): boolean {
  return uri.authority === folder.authority && uri.path.startsWith(`${folder.path}/`);
}

async function pickServer(servers: readonly ServerChoice[]): Promise<ServerChoice | undefined> {
  if (servers.length === 0) {
    const text = vscode.l10n.t('There is no other FTP server to copy to. Connect to one first.');
    await vscode.window.showInformationMessage(text);
    return undefined;
  }
  const rows = servers.map((server) => ({
    label: cleanServerText(server.name),
    description: server.authority,
    iconPath: new vscode.ThemeIcon('server'),
    server,
  }));
  const title = vscode.l10n.t('Copy to Another Server');
  return (await vscode.window.showQuickPick(rows, { title, matchOnDescription: true }))?.server;
}

function titleOf(sources: readonly vscode.Uri[], { name }: ServerChoice): string {
  const server = cleanServerText(name);
  const [first] = sources;
  return first && sources.length === 1
    ? vscode.l10n.t('Copy {file} to {server}', { file: cleanServerText(fileNameOf(first.path)), server })
    : vscode.l10n.t('Copy {count} items to {server}', { count: sources.length, server });
}

async function askFolder(
  title: string,
  { name }: ServerChoice,
  source: vscode.Uri,
): Promise<string | undefined> {
  const folder = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Folder on {server}', { server: cleanServerText(name) }),
    value: source.path.slice(0, source.path.lastIndexOf('/')) || '/',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim().startsWith('/')
        ? undefined
        : vscode.l10n.t('Enter a folder that begins with a slash, such as /www.'),
  });
  return folder === undefined ? undefined : absolutePath(folder.trim());
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

class Copying {
  private readonly controller = new AbortController();
  private arrived = 0;
  /** Of a hundred. */
  private shown = 0;

  constructor(
    private readonly host: CopyToServerHost,
    private readonly server: ServerChoice,
    private readonly folder: vscode.Uri,
    private readonly progress: Progress,
    token: vscode.CancellationToken,
  ) {
    token.onCancellationRequested(() => this.controller.abort());
  }

  async run(sources: readonly vscode.Uri[]): Promise<void> {
    for (const [index, source] of sources.entries()) {
      const onProgress = (amount: CopyAmount): void => this.show(amount, index, sources.length);
      try {
        if (!(await this.copy(source, onProgress))) return;
      } catch (error) {
        return this.tell(error);
      }
    }
  }

  /** False: the person gave up. */
  private async copy(source: vscode.Uri, onProgress: CopyRequest['onProgress']): Promise<boolean> {
    const name = fileNameOf(source.path);
    const target = vscode.Uri.joinPath(this.folder, name);
    const { signal } = this.controller;
    const route = (): Promise<Route> => this.route(source);
    const request = { overwrite: false, makeParents: true, route, signal, onProgress };
    try {
      await this.host.copy(source, target, request);
    } catch (error) {
      const exists = error instanceof vscode.FileSystemError && error.code === 'FileExists';
      if (!exists) throw error;
      if (!(await this.mayReplace(name))) return false;
      await this.host.copy(source, target, { ...request, overwrite: true });
    }
    return true;
  }

  private async route({ authority }: vscode.Uri): Promise<Route> {
    const route = await this.host.route(authority, this.server.authority);
    if (route) return route;
    this.controller.abort();
    throw new vscode.CancellationError();
  }

  private async mayReplace(file: string): Promise<boolean> {
    const told = { file: cleanServerText(file), server: cleanServerText(this.server.name) };
    const title = vscode.l10n.t('{file} already exists on {server}. Replace it?', told);
    const detail = vscode.l10n.t('FTP has no trash: this cannot be undone.');
    const replace = vscode.l10n.t('Replace');
    const pressed = await vscode.window.showWarningMessage(title, { modal: true, detail }, replace);
    return pressed === replace;
  }

  private show({ files, filesTotal, bytes, bytesTotal }: CopyAmount, index: number, count: number): void {
    this.arrived = Math.max(this.arrived, files);
    const share = bytesTotal ? bytes / bytesTotal : filesTotal > 0 ? files / filesTotal : 0;
    const now = ((index + Math.min(share, 1)) / count) * 100;
    const message = bytesTotal
      ? vscode.l10n.t('{percent} of {size}', {
          percent: percentText(share).trim(),
          size: sizeText(bytesTotal),
        })
      : vscode.l10n.t('{files} of {total} files', { files, total: filesTotal });
    this.progress.report({ increment: Math.max(0, now - this.shown), message });
    this.shown = Math.max(this.shown, now);
  }

  /** Who stopped it himself is told only that something was copied before. */
  private async tell(error: unknown): Promise<void> {
    const text = error instanceof Error ? error.message : String(error);
    if (!this.controller.signal.aborted) await vscode.window.showErrorMessage(text);
    else if (this.arrived > 0) await vscode.window.showInformationMessage(text);
  }
}
