/** How exactly a server told a time. `Mon DD HH:MM` is 'minute', `Mon DD YYYY` is 'day'. */
export type TimePrecision = 'millisecond' | 'second' | 'minute' | 'day';

export interface ModifiedTime {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  readonly precision: TimePrecision;
}

export type EntryType = 'file' | 'directory' | 'symlink' | 'unknown';

/** One name in a directory, as the server told it. What it did not tell is absent. */
export interface Entry {
  readonly name: string;
  readonly type: EntryType;
  /** Bytes. */
  readonly size?: number;
  readonly modified?: ModifiedTime;
  /** The lower twelve bits: permissions, set-id and sticky bits. */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** Where a symbolic link points, as the server wrote it. */
  readonly target?: string;
  /** What a symbolic link leads to; absent when unknown or dangling. */
  readonly targetType?: 'file' | 'directory';
  /** The `perm` fact of RFC 3659 §7.5.5, lower case. */
  readonly permissions?: string;
}
