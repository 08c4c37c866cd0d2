import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { FtpError, type Entry, type FtpSession } from '../ftp';
import type { Change } from './change';
import { deleteTree, removeLink } from './deleteTree';
import { DirectoryCache, revalidateAfter } from './directoryCache';
import { DirectoryPoller } from './directoryPoller';
import { pathError } from './refusal';
import { isDirectory } from './remoteEntry';
import { parentOf } from './remotePath';

// What an editor takes without a stall of the window; more belongs into the transfers.
const editorLimit = 256_000_000;

export interface ServerFilesOptions {
  readonly session: () => Promise<FtpSession>;
  readonly clock: Clock;
  /** Paths that are opened as workspace folders. */
  readonly roots: () => readonly string[];
  readonly focused: () => boolean;
  /** Milliseconds; 0 never polls. */
  readonly pollInterval: () => number;
  readonly changed: (changes: readonly Change[]) => void;
}

/** The files of one server as VS Code sees them: the flags it passes, and the cache between. Rejects with `FtpError`. */
export class ServerFiles implements Disposable {
  readonly cache: DirectoryCache;
  private readonly poller: DirectoryPoller;

  constructor(private readonly options: ServerFilesOptions) {
    const reader = {
      list: async (path: string) => (await this.session()).list(path),
      stat: async (path: string) => (await this.session()).stat(path),
    };
    this.cache = new DirectoryCache(reader, options.clock, options.roots, options.changed);
    this.poller = new DirectoryPoller(this.cache, options);
  }

  session(): Promise<FtpSession> {
    return this.options.session();
  }

  stat(path: string): Promise<Entry> {
    return this.cache.stat(path);
  }

  readDirectory(path: string): Promise<Entry[]> {
    return this.cache.readDirectory(path);
  }

  async readFile(path: string): Promise<Uint8Array> {
    const entry = await this.require(path);
    if (isDirectory(entry)) throw pathError('is-a-directory', path);
    refuseTooLarge(path, entry);
    const bytes = await this.attempt(path, (session) => session.read(path));
    this.cache.read(path);
    return bytes;
  }

  async createDirectory(path: string): Promise<void> {
    if (await this.cache.find(path, revalidateAfter)) throw pathError('exists', path);
    await this.requireParent(path);
    await this.attempt(path, (session) => session.makeDirectory(path));
    this.cache.made(path);
    this.changed({ kind: 'created', path });
  }

  async delete(path: string, recursive: boolean): Promise<void> {
    const entry = await this.require(path);
    await this.attempt(path, (session) =>
      recursive || entry.type !== 'directory'
        ? deleteTree(session, path, entry.type)
        : removeEmptyDirectory(session, path),
    );
    this.cache.removed(path);
    this.changed({ kind: 'deleted', path });
  }

  watch(path: string, recursive: boolean): Disposable {
    return this.poller.watch(path, recursive);
  }

  /** What is at `path`; 'not-found' if nothing is. */
  async require(path: string): Promise<Entry> {
    const entry = await this.cache.find(path);
    if (!entry) throw pathError('not-found', path);
    return entry;
  }

  /** That a new name can be put into an existing directory. */
  async requireParent(path: string): Promise<void> {
    const parent = parentOf(path);
    const entry = await this.require(parent);
    // A link that leads nobody knows where may lead to a directory: the server will tell.
    if (entry.type === 'file' || entry.targetType === 'file') throw pathError('not-a-directory', parent);
  }

  /** After an error nothing is believed about `path` any more. */
  async attempt<T>(path: string, work: (session: FtpSession) => Promise<T>): Promise<T> {
    try {
      return await work(await this.session());
    } catch (error) {
      this.cache.forget(path);
      throw error;
    }
  }

  changed(...changes: Change[]): void {
    this.options.changed(changes);
  }

  dispose(): void {
    this.poller.dispose();
  }
}

function refuseTooLarge(path: string, entry: Entry): void {
  if (entry.size === undefined || entry.size <= editorLimit) return;
  const facts = { path, total: entry.size, bytes: editorLimit };
  throw new FtpError('too-large', 'more than the editor takes', { facts });
}

/** Servers say 550 to RMD for many reasons; that something is in the directory, its listing tells. */
async function removeEmptyDirectory(session: FtpSession, path: string): Promise<void> {
  if (await removeLink(session, path)) return;
  if ((await session.list(path)).length > 0) throw pathError('directory-not-empty', path);
  await session.removeDirectory(path);
}
