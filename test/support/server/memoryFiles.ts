import { concatBytes } from '../../../src/base/bytes';
import {
  FileError,
  nameOf,
  parentOf,
  resolvePath,
  type FileEntry,
  type Files,
  type ReadHandle,
  type WriteHandle,
  type WriteStart,
} from './files';

/**
 * A tree in memory that forgets nothing: `versions(path)` holds every whole content a path ever had, so
 * that "old or new" is a lookup.
 */
export class MemoryFiles implements Files {
  /** Bytes that may still be written before the disk is full. */
  freeBytes = Number.POSITIVE_INFINITY;
  private readonly root: Folder;
  private readonly past = new Map<string, Uint8Array[]>();

  /** `wallTime` stamps what is written: milliseconds since 1970. */
  constructor(private readonly wallTime: () => number = () => Date.UTC(2024, 0, 2, 3, 4, 5)) {
    this.root = newFolder(this.wallTime());
  }

  /** Puts a file there, with its folders; not through the server: for setting up, and for "another client". */
  put(path: string, content: string | Uint8Array, how: { modified?: number; mode?: number } = {}): this {
    const folder = this.ensureFolder(parentOf(path));
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
    const node: Plain = {
      type: 'file',
      chunks: [bytes],
      mode: how.mode ?? 0o644,
      modified: how.modified ?? this.wallTime(),
    };
    folder.children.set(nameOf(path), node);
    this.remember(path, node);
    return this;
  }

  putFolder(path: string): this {
    this.ensureFolder(path);
    return this;
  }

  putLink(path: string, target: string): this {
    this.ensureFolder(parentOf(path)).children.set(nameOf(path), {
      type: 'symlink',
      target,
      mode: 0o777,
      modified: this.wallTime(),
    });
    return this;
  }

  /** The present content, through symbolic links; undefined when there is no such file. */
  at(path: string): Uint8Array | undefined {
    const node = this.find(path, true);
    return node?.type === 'file' ? contentOf(node) : undefined;
  }

  text(path: string): string | undefined {
    const bytes = this.at(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Every whole content this path had, oldest first. */
  versions(path: string): readonly Uint8Array[] {
    return this.past.get(path) ?? [];
  }

  /** Names in a folder; empty when there is none. */
  names(path: string): string[] {
    const node = this.find(path, true);
    return node?.type === 'directory' ? [...node.children.keys()].sort() : [];
  }

  /** Mode bits of the entry itself. */
  mode(path: string): number | undefined {
    return this.find(path, false)?.mode;
  }

  stat(path: string): Promise<FileEntry> {
    return attempt(() => entryOf(nameOf(path), this.get(path, false)));
  }

  follow(path: string): Promise<FileEntry> {
    return attempt(() => entryOf(nameOf(path), this.get(path, true)));
  }

  list(path: string): Promise<readonly FileEntry[]> {
    return attempt(() => {
      const folder = this.get(path, true);
      if (folder.type !== 'directory') throw new FileError('not-directory', path);
      return [...folder.children].map(([name, node]) => entryOf(name, node)).sort(byName);
    });
  }

  openRead(path: string): Promise<ReadHandle> {
    return attempt(() => {
      const node = this.get(path, true);
      if (node.type !== 'file') throw new FileError('is-directory', path);
      if ((node.mode & 0o400) === 0) throw new FileError('denied', path);
      return {
        read: (position, length) => attempt(() => contentOf(node).slice(position, position + length)),
        close: () => Promise.resolve(),
      };
    });
  }

  openWrite(path: string, start: WriteStart): Promise<WriteHandle> {
    return attempt(() => {
      const node = this.openedForWriting(path);
      if (start === 'new') node.chunks = [];
      let position = typeof start === 'number' ? start : undefined;
      return {
        write: (bytes) =>
          attempt(() => {
            if (bytes.length > this.freeBytes) throw new FileError('full', path);
            this.freeBytes -= bytes.length;
            if (position === undefined) node.chunks.push(bytes.slice());
            else position = overwrite(node, position, bytes);
            node.modified = this.wallTime();
          }),
        close: () => attempt(() => this.remember(path, node)),
      };
    });
  }

  remove(path: string): Promise<void> {
    return attempt(() => {
      if (this.get(path, false).type === 'directory') throw new FileError('is-directory', path);
      this.folderAbove(path).children.delete(nameOf(path));
    });
  }

  makeDirectory(path: string): Promise<void> {
    return attempt(() => {
      if (this.find(path, false)) throw new FileError('exists', path);
      this.folderAbove(path).children.set(nameOf(path), newFolder(this.wallTime()));
    });
  }

  removeDirectory(path: string): Promise<void> {
    return attempt(() => {
      const node = this.get(path, false);
      if (node.type !== 'directory') throw new FileError('not-directory', path);
      if (node.children.size > 0) throw new FileError('not-empty', path);
      this.folderAbove(path).children.delete(nameOf(path));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return attempt(() => {
      const node = this.get(from, false);
      const target = this.folderAbove(to);
      const there = target.children.get(nameOf(to));
      if (there === node) return;
      if (there?.type === 'directory') refuseOver(there, node, to);
      if (to.startsWith(`${from}/`)) throw new FileError('failed', to);
      this.folderAbove(from).children.delete(nameOf(from));
      target.children.set(nameOf(to), node);
      if (node.type === 'file') this.remember(to, node);
    });
  }

  setModified(path: string, time: number): Promise<void> {
    return attempt(() => void (this.get(path, true).modified = time));
  }

  setMode(path: string, mode: number): Promise<void> {
    return attempt(() => void (this.get(path, true).mode = mode));
  }

  private openedForWriting(path: string): Plain {
    const known = this.find(path, true);
    if (known?.type === 'directory') throw new FileError('is-directory', path);
    if (known?.type === 'file') {
      if ((known.mode & 0o200) === 0) throw new FileError('denied', path);
      return known;
    }
    const node: Plain = { type: 'file', chunks: [], mode: 0o644, modified: this.wallTime() };
    this.folderAbove(path).children.set(nameOf(path), node);
    return node;
  }

  private remember(path: string, node: Plain): void {
    this.past.set(path, [...this.versions(path), contentOf(node)]);
  }

  private ensureFolder(path: string): Folder {
    if (path === '/') return this.root;
    const above = this.ensureFolder(parentOf(path));
    const known = above.children.get(nameOf(path));
    if (known?.type === 'directory') return known;
    const folder = newFolder(this.wallTime());
    above.children.set(nameOf(path), folder);
    return folder;
  }

  private folderAbove(path: string): Folder {
    const folder = this.find(parentOf(path), true);
    if (!folder) throw new FileError('absent', path);
    if (folder.type !== 'directory') throw new FileError('not-directory', path);
    if ((folder.mode & 0o200) === 0) throw new FileError('denied', path);
    return folder;
  }

  private get(path: string, through: boolean): Node {
    const node = this.find(path, through);
    if (!node) throw new FileError('absent', path);
    return node;
  }

  /** Links in the middle of the path are always followed, the last one only when `through`. */
  private find(path: string, through: boolean, depth = 0): Node | undefined {
    if (path === '/') return this.root;
    const parent = this.find(parentOf(path), true, depth);
    if (parent?.type !== 'directory') return undefined;
    const node = parent.children.get(nameOf(path));
    if (node?.type !== 'symlink' || !through) return node;
    return depth > MAX_LINKS
      ? undefined
      : this.find(resolvePath(parentOf(path), node.target), true, depth + 1);
  }
}

/** As in Linux, path_resolution(7). */
const MAX_LINKS = 40;

interface Common {
  mode: number;
  modified: number;
}
interface Plain extends Common {
  readonly type: 'file';
  chunks: Uint8Array[];
}
interface Folder extends Common {
  readonly type: 'directory';
  readonly children: Map<string, Node>;
}
interface Link extends Common {
  readonly type: 'symlink';
  readonly target: string;
}
type Node = Plain | Folder | Link;

function newFolder(modified: number): Folder {
  return { type: 'directory', children: new Map(), mode: 0o755, modified };
}

function contentOf(node: Plain): Uint8Array {
  if (node.chunks.length !== 1) node.chunks = [concatBytes(node.chunks)];
  return node.chunks[0] ?? new Uint8Array();
}

/** Writes from `position` on, keeps what lies behind, and answers the new position. */
function overwrite(node: Plain, position: number, bytes: Uint8Array): number {
  const before = contentOf(node);
  const whole = new Uint8Array(Math.max(before.length, position + bytes.length));
  whole.set(before);
  whole.set(bytes, position);
  node.chunks = [whole];
  return position + bytes.length;
}

function refuseOver(there: Folder, node: Node, path: string): void {
  if (node.type !== 'directory') throw new FileError('is-directory', path);
  if (there.children.size > 0) throw new FileError('not-empty', path);
}

/** At once, like a system call; what is thrown becomes a rejection. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function entryOf(name: string, node: Node): FileEntry {
  const size =
    node.type === 'file'
      ? contentOf(node).length
      : node.type === 'symlink'
        ? new TextEncoder().encode(node.target).length
        : 4096;
  const entry = { name, type: node.type, size, modified: node.modified, mode: node.mode };
  return node.type === 'symlink' ? { ...entry, target: node.target } : entry;
}

function byName(a: FileEntry, b: FileEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
