/** The server's file store. Paths are absolute, `/`-separated and free of `.`, `..` and a final `/`. */
export interface Files {
  /** The entry itself, also when it is a symbolic link. */
  stat(path: string): Promise<FileEntry>;
  /** What the path leads to, through symbolic links. */
  follow(path: string): Promise<FileEntry>;
  /** Without `.` and `..`, ordered by name. */
  list(path: string): Promise<readonly FileEntry[]>;
  openRead(path: string): Promise<ReadHandle>;
  openWrite(path: string, start: WriteStart): Promise<WriteHandle>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  /** Replaces a file at `to`, as rename(2) does. */
  rename(from: string, to: string): Promise<void>;
  /** Milliseconds since 1970. */
  setModified(path: string, time: number): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
}

export interface FileEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** The lower twelve bits. */
  readonly mode: number;
  /** Of a symbolic link: the text it holds. */
  readonly target?: string;
}

/** 'new' empties the file first (STOR), 'end' appends (APPE), a number writes from there on (REST and STOR). */
export type WriteStart = 'new' | 'end' | number;

export interface ReadHandle {
  /** Fewer bytes than asked for, or none, mean the end. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface WriteHandle {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export type FileFault =
  'absent' | 'denied' | 'full' | 'exists' | 'not-empty' | 'is-directory' | 'not-directory' | 'failed';

/** The only error that `Files` reports. */
export class FileError extends Error {
  constructor(
    readonly fault: FileFault,
    path: string,
  ) {
    super(`${fault}: ${path}`);
  }
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** Resolves `argument` against `folder`; `..` above the root stays at the root. */
export function resolvePath(folder: string, argument: string): string {
  const parts: string[] = [];
  const whole = argument.startsWith('/') ? argument : `${folder}/${argument}`;
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
