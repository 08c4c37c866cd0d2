import {
  EventEmitter,
  FileChangeType,
  FileSystemError,
  l10n,
  Uri,
  type Disposable,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type FileType,
} from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { SessionSource } from '../sites/sessionSource';
import type { Change } from './change';
import { ChangeBuffer } from './changeBuffer';
import { copyFiles, moveFiles, type CopyChoices, type FilePlace } from './copyFiles';
import type { CopyRoute } from './copyTree';
import { toFileStat, toFileType } from './fileStat';
import { toFileSystemError } from './fileSystemErrors';
import { normalPath } from './remotePath';
import { renameFile } from './renameFile';
import { ServerFiles } from './serverFiles';
import { writeFile, type WriteFlags } from './writeFile';

export interface FileSystemOptions {
  readonly sessions: SessionSource;
  readonly clock: Clock;
  /** All folders of the workspace, of any scheme. */
  readonly folders: () => readonly Uri[];
  /** Whether the window has focus. */
  readonly focused: () => boolean;
  /** The setting `portside.files.pollInterval` in milliseconds; 0 never polls. */
  readonly pollInterval: () => number;
  /** How the servers of two URIs exchange files; undefined: a person was asked, and gave up. */
  readonly copyRoute: (source: Uri, target: Uri) => Promise<CopyRoute | undefined>;
  /** Told of each folder that could not be listed: VS Code itself shows such a folder as empty and says nothing. */
  readonly listingFailed?: (uri: Uri, error: FileSystemError) => void;
}

const scheme = 'ftp';

/** FTP servers for VS Code: a URI becomes a server and a path, an error becomes a `FileSystemError`. */
export class FtpFileSystemProvider implements FileSystemProvider, Disposable {
  private readonly servers = new Map<string, ServerFiles>();
  private readonly held = new DisposableStore();
  private readonly emitter = this.held.add(new EventEmitter<FileChangeEvent[]>());
  readonly onDidChangeFile = this.emitter.event;

  constructor(private readonly options: FileSystemOptions) {
    const reconnected = options.sessions.onDidReconnect?.((authority) => {
      this.expire(authority);
    });
    if (reconnected) this.held.add(reconnected);
  }

  /** What is known of this server is asked for again, refusals too. */
  expire(authority: string): void {
    this.servers.get(authority)?.cache.expire();
  }

  stat(uri: Uri): Promise<FileStat> {
    return this.run(uri, async ({ files, path }) => toFileStat(await files.stat(path)));
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    try {
      return await this.run(uri, async ({ files, path }) => {
        const entries = await files.readDirectory(path);
        return entries.map((entry) => [entry.name, toFileType(entry)]);
      });
    } catch (error) {
      if (error instanceof FileSystemError) this.options.listingFailed?.(uri, error);
      throw error;
    }
  }

  readFile(uri: Uri): Promise<Uint8Array> {
    return this.run(uri, ({ files, path }) => files.readFile(path));
  }

  writeFile(uri: Uri, content: Uint8Array, flags: WriteFlags): Promise<void> {
    return this.run(uri, ({ files, path }) => writeFile(files, path, content, flags));
  }

  createDirectory(uri: Uri): Promise<void> {
    return this.run(uri, ({ files, path }) => files.createDirectory(path));
  }

  delete(uri: Uri, options: { readonly recursive: boolean }): Promise<void> {
    return this.run(uri, ({ files, path }) => files.delete(path, options.recursive));
  }

  rename(oldUri: Uri, newUri: Uri, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
    return this.runBoth(oldUri, newUri, (from, to) =>
      from.files === to.files
        ? renameFile(from.files, from.path, to.path, overwrite)
        : moveFiles(from, to, { overwrite, route: () => this.copyRoute(oldUri, newUri) }),
    );
  }

  copy(source: Uri, target: Uri, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
    return this.copyToServer(source, target, { overwrite, route: () => this.copyRoute(source, target) });
  }

  /** As `copy`, by a command of ours, which shows progress and can be cancelled. */
  copyToServer(source: Uri, target: Uri, choices: CopyChoices): Promise<void> {
    return this.runBoth(source, target, (from, to) => copyFiles(from, to, choices));
  }

  /** `excludes` needs no look: only directories that were listed by need are ever polled. */
  watch(uri: Uri, options: { readonly recursive: boolean }): Disposable {
    const { files, path } = this.place(uri);
    return files.watch(path, options.recursive);
  }

  dispose(): void {
    for (const files of this.servers.values()) files.dispose();
    this.held.dispose();
  }

  private async run<T>(uri: Uri, work: (place: FilePlace) => Promise<T>): Promise<T> {
    try {
      return await work(this.place(uri));
    } catch (error) {
      throw toFileSystemError(error, uri, this.options.sessions.serverName(uri.authority));
    }
  }

  /** The source is looked for first, so that its absence is told of its own server. */
  private runBoth(
    source: Uri,
    target: Uri,
    work: (from: FilePlace, to: FilePlace) => Promise<void>,
  ): Promise<void> {
    return this.run(source, async (from) => {
      await from.files.require(from.path);
      await this.run(target, (to) => work(from, to));
    });
  }

  private async copyRoute(source: Uri, target: Uri): Promise<CopyRoute> {
    const route = await this.options.copyRoute(source, target);
    if (!route) throw FileSystemError.Unavailable(l10n.t('Nothing was copied.'));
    return route;
  }

  private place(uri: Uri): FilePlace {
    return {
      files: this.filesOf(uri.authority),
      path: normalPath(uri.path),
      server: this.options.sessions.serverName(uri.authority),
      about: (work) => this.run(uri, work),
    };
  }

  private filesOf(authority: string): ServerFiles {
    const files = this.servers.get(authority) ?? this.makeFiles(authority);
    this.servers.set(authority, files);
    return files;
  }

  private makeFiles(authority: string): ServerFiles {
    const { sessions, clock, focused, pollInterval } = this.options;
    const buffer = this.held.add(new ChangeBuffer(clock, (changes) => this.report(authority, changes)));
    return new ServerFiles({
      session: () => sessions.session(authority),
      clock,
      worthwhile: () => focused() && sessions.openSession(authority) !== undefined,
      pollInterval,
      roots: () => this.rootsOf(authority),
      changed: (changes) => buffer.add(changes),
    });
  }

  private rootsOf(authority: string): string[] {
    const folders = this.options
      .folders()
      .filter((uri) => uri.scheme === scheme && uri.authority === authority);
    return folders.map((uri) => normalPath(uri.path));
  }

  private report(authority: string, changes: readonly Change[]): void {
    this.emitter.fire(
      changes.map(({ kind, path }) => ({ type: types[kind], uri: Uri.from({ scheme, authority, path }) })),
    );
  }
}

const types: Record<Change['kind'], FileChangeType> = {
  created: FileChangeType.Created,
  changed: FileChangeType.Changed,
  deleted: FileChangeType.Deleted,
};
