import type { FileAction, FileOperations } from './actions';
import type { FileOutcome } from './facts';
import { FileError, type Files, type ReadHandle, type WriteHandle } from './files';

type Worker = {
  [K in keyof FileOperations]: (
    ...parameters: Parameters<FileOperations[K]>
  ) => Promise<ReturnType<FileOperations[K]>>;
};

/** Carries out the core's file requests; keeps the open files of one session. */
export class FileWorker {
  private readonly readers = new Map<number, ReadHandle>();
  private readonly writers = new Map<number, WriteHandle>();
  private serial = 0;
  private readonly worker: Worker;

  constructor(files: Files) {
    this.worker = {
      stat: (path) => files.stat(path),
      follow: (path) => files.follow(path),
      list: (path) => files.list(path),
      openRead: async (path) => this.keep(this.readers, await files.openRead(path)),
      read: (handle, position, length) => held(this.readers, handle).read(position, length),
      openWrite: async (path, start) => this.keep(this.writers, await files.openWrite(path, start)),
      write: (handle, bytes) => held(this.writers, handle).write(bytes),
      close: (handle) => this.close(handle),
      remove: (path) => files.remove(path),
      makeDirectory: (path) => files.makeDirectory(path),
      removeDirectory: (path) => files.removeDirectory(path),
      rename: (from, to) => files.rename(from, to),
      setModified: (path, time) => files.setModified(path, time),
      setMode: (path, mode) => files.setMode(path, mode),
    };
  }

  async run(action: FileAction): Promise<FileOutcome<unknown>> {
    const work = this.worker[action.operation] as (...parameters: readonly unknown[]) => Promise<unknown>;
    try {
      return { value: await work(...action.arguments) };
    } catch (error) {
      if (error instanceof FileError) return { fault: error.fault };
      throw error;
    }
  }

  /** What was written stays, as after the death of a process. */
  async closeAll(): Promise<void> {
    const handles = [...this.readers.keys(), ...this.writers.keys()];
    for (const handle of handles) await this.close(handle);
  }

  private keep<T>(table: Map<number, T>, handle: T): number {
    table.set(++this.serial, handle);
    return this.serial;
  }

  private async close(handle: number): Promise<void> {
    const open = this.readers.get(handle) ?? this.writers.get(handle);
    this.readers.delete(handle);
    this.writers.delete(handle);
    await open?.close();
  }
}

function held<T>(table: Map<number, T>, handle: number): T {
  const open = table.get(handle);
  if (!open) throw new FileError('failed', `handle ${handle}`);
  return open;
}
