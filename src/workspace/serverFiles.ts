import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { FtpError, type Entry, type FtpSession, type ListOptions } from '../ftp';
import type { Change } from './change';
import { deleteTree, removeLink } from './deleteTree';
import { DirectoryCache, revalidateAfter } from './directoryCache';
import { DirectoryPoller } from './directoryPoller';
import { OwnChanges } from './ownChanges';
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
  /** Whether to poll: somebody is looking, and the server is connected. */
  readonly worthwhile: () => boolean;
  /** Milliseconds; 0 never polls. */
  readonly pollInterval: () => number;
  readonly changed: (changes: readonly Change[]) => void;
}

/** The files of one server as VS Code sees them: the flags it passes, and the cache between. Rejects with `FtpError`. */
export class ServerFiles implements Disposable {
  readonly cache: DirectoryCache;
  private readonly ownChanges: OwnChanges;
  private readonly poller: DirectoryPoller;

  constructor(private readonly options: ServerFilesOptions) {
    const reader = {
      list: async (path: string, how?: ListOptions) => (await this.session()).list(path, how),
      stat: async (path: string) => (await this.session()).stat(path),
    };
    this.cache = new DirectoryCache(reader, options.clock, options.roots, options.changed);
    this.ownChanges = new OwnChanges(this.cache);
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
    try {
      const bytes = await (await this.session()).read(path, { onDoubt: () => this.doubt(path) });
      this.cache.read(path);
      return bytes;
    } catch (error) {
      this.cache.forget(path);
      throw error;
    }
  }

  /** The server took back what it had sent: whoever shows the file looks again. */
  private doubt(path: string): void {
    this.cache.forget(path);
    this.changed({ kind: 'changed', path });
  }

  async createDirectory(path: string): Promise<void> {
    if (await this.cache.find(path, revalidateAfter)) throw pathError('exists', path);
    await this.requireParent(path);
    const make = (session: FtpSession) => session.makeDirectory(path);
    await this.change([path], make, () => this.cache.made(path));
    this.changed({ kind: 'created', path });
  }

  async delete(path: string, recursive: boolean): Promise<void> {
    const entry = await this.require(path);
    const emptyOnly = !recursive && entry.type === 'directory';
    const remove = (session: FtpSession) =>
      emptyOnly ? removeEmptyDirectory(session, path) : deleteTree(session, path, entry.type);
    await this.change([path], remove, () => this.cache.removed(path));
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

  /** Changes `paths` on the server, and then `tell`s the cache what is there now. */
  change(
    paths: readonly string[],
    work: (session: FtpSession) => Promise<void>,
    tell: () => void,
  ): Promise<void> {
    return this.ownChanges.make(paths, async () => work(await this.session()), tell);
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
