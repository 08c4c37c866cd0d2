// What the module `vscode` is outside VS Code; test/support/setup.ts puts it in place.
import { Emitter } from '../../src/base/event';

export { Uri } from './vscodeUri';
export * from './vscodeWindow';

export enum FileType {
  Unknown = 0,
  File = 1,
  Directory = 2,
  SymbolicLink = 64,
}

export enum FilePermission {
  Readonly = 1,
}

export enum FileChangeType {
  Changed = 1,
  Created = 2,
  Deleted = 3,
}

export class Disposable {
  constructor(private readonly release: () => unknown) {}

  static from(...items: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }

  dispose(): void {
    this.release();
  }
}

export class EventEmitter<T> extends Emitter<T> {}

/** `code` is what VS Code's own code matches on. */
export class FileSystemError extends Error {
  constructor(
    messageOrUri?: string | { toString(): string },
    readonly code = 'Unknown',
  ) {
    super(messageOrUri?.toString());
    this.name = `${code} (FileSystemError)`;
  }

  static FileNotFound = made('FileNotFound');
  static FileExists = made('FileExists');
  static FileNotADirectory = made('FileNotADirectory');
  static FileIsADirectory = made('FileIsADirectory');
  static NoPermissions = made('NoPermissions');
  static Unavailable = made('Unavailable');
}

export const env = { language: 'en' };

export const l10n = {
  /** Positional (`{0}`) and named (`{name}`) arguments, untranslated. */
  t(message: string, ...args: unknown[]): string {
    const first = args[0];
    const values = new Map(Object.entries(typeof first === 'object' && first !== null ? first : args));
    return message.replace(/\{(\w+)\}/g, (whole, key: string) => String(values.get(key) ?? whole));
  },
};

function made(code: string): (messageOrUri?: string | { toString(): string }) => FileSystemError {
  return (messageOrUri) => new FileSystemError(messageOrUri, code);
}
