import { promises as disk, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import {
  FileError,
  nameOf,
  parentOf,
  type FileEntry,
  type FileFault,
  type Files,
  type ReadHandle,
  type WriteHandle,
  type WriteStart,
} from './files';

/** A folder on disk. Nothing outside its root is ever read or written, whatever the links in it say. */
export class FolderFiles implements Files {
  private constructor(private readonly root: string) {}

  static async open(root: string): Promise<FolderFiles> {
    return new FolderFiles(await disk.realpath(root));
  }

  stat(path: string): Promise<FileEntry> {
    return guarded(path, async () => this.entry(nameOf(path), await this.unfollowed(path)));
  }

  follow(path: string): Promise<FileEntry> {
    return guarded(path, async () => this.entry(nameOf(path), await this.followed(path)));
  }

  list(path: string): Promise<readonly FileEntry[]> {
    return guarded(path, async () => {
      const folder = await this.followed(path);
      const names = (await disk.readdir(folder)).sort();
      const entries = await Promise.all(names.map((name) => this.entryIfThere(name, join(folder, name))));
      return entries.filter((entry) => entry !== undefined);
    });
  }

  openRead(path: string): Promise<ReadHandle> {
    return guarded(path, async () => {
      const file = await this.followed(path);
      if ((await disk.stat(file)).isDirectory()) throw new FileError('is-directory', path);
      const handle = await disk.open(file, 'r');
      return {
        read: async (position, length) => {
          const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, position);
          return buffer.subarray(0, bytesRead);
        },
        close: () => handle.close(),
      };
    });
  }

  openWrite(path: string, start: WriteStart): Promise<WriteHandle> {
    return guarded(path, async () => {
      const file = await this.forWriting(path);
      const handle = await disk.open(file, start === 'new' ? 'w' : start === 'end' ? 'a' : 'r+');
      let position = typeof start === 'number' ? start : null;
      return {
        write: (bytes) =>
          guarded(path, async () => {
            await handle.write(bytes, 0, bytes.length, position);
            if (position !== null) position += bytes.length;
          }),
        close: () => handle.close(),
      };
    });
  }

  remove(path: string): Promise<void> {
    return guarded(path, async () => {
      const file = await this.unfollowed(path);
      if ((await disk.lstat(file)).isDirectory()) throw new FileError('is-directory', path);
      await disk.unlink(file);
    });
  }

  makeDirectory(path: string): Promise<void> {
    return guarded(path, async () => disk.mkdir(await this.unfollowed(path)));
  }

  removeDirectory(path: string): Promise<void> {
    return guarded(path, async () => disk.rmdir(await this.unfollowed(path)));
  }

  rename(from: string, to: string): Promise<void> {
    return guarded(from, async () => disk.rename(await this.unfollowed(from), await this.unfollowed(to)));
  }

  setModified(path: string, time: number): Promise<void> {
    return guarded(path, async () => disk.utimes(await this.followed(path), time / 1000, time / 1000));
  }

  setMode(path: string, mode: number): Promise<void> {
    return guarded(path, async () => disk.chmod(await this.followed(path), mode));
  }

  private async entryIfThere(name: string, file: string): Promise<FileEntry | undefined> {
    try {
      return await this.entry(name, file);
    } catch {
      return undefined; // removed between readdir and lstat
    }
  }

  private async entry(name: string, file: string): Promise<FileEntry> {
    const stats = await disk.lstat(file);
    const type = typeOf(stats);
    const modified = Math.floor(stats.mtimeMs);
    const entry = { name, type, size: stats.size, modified, mode: stats.mode & 0o7777 };
    return type === 'symlink' ? { ...entry, target: await disk.readlink(file) } : entry;
  }

  /** The place of the entry itself; its folder must be inside the root once all links are resolved. */
  private async unfollowed(path: string): Promise<string> {
    if (path.includes('\0')) throw new FileError('absent', path);
    if (path === '/') return this.root;
    const folder = await disk.realpath(join(this.root, parentOf(path)));
    return join(this.confined(folder, path), nameOf(path));
  }

  private async followed(path: string): Promise<string> {
    return this.confined(await disk.realpath(await this.unfollowed(path)), path);
  }

  private async forWriting(path: string): Promise<string> {
    const file = await this.unfollowed(path);
    const stats = await disk.lstat(file).catch(() => undefined);
    if (stats?.isDirectory()) throw new FileError('is-directory', path);
    return stats ? this.followed(path) : file;
  }

  private confined(file: string, path: string): string {
    if (file !== this.root && !file.startsWith(this.root + sep)) throw new FileError('denied', path);
    return file;
  }
}

function typeOf(stats: Stats): FileEntry['type'] {
  return stats.isSymbolicLink() ? 'symlink' : stats.isDirectory() ? 'directory' : 'file';
}

const faults: Readonly<Record<string, FileFault>> = {
  ENOENT: 'absent',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-empty',
  EISDIR: 'is-directory',
  ENOTDIR: 'not-directory',
};

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(faults[(error as NodeJS.ErrnoException).code ?? ''] ?? 'failed', path);
  }
}
