import type { BenchServer } from './contestants/contestant';

export type Direction = 'down' | 'up' | 'read';

/** A large transfer, made `times` times by a process of its own so that its memory can be told. */
export interface TransferTask {
  readonly who: string;
  /** 'read': into memory as a whole. */
  readonly direction: Direction;
  readonly server: BenchServer;
  readonly path: string;
  readonly size: number;
  readonly times: number;
  /** Moved before it in the same direction, by those that keep a session. */
  readonly first?: { readonly path: string; readonly size: number };
  /** On this machine, and in memory like what the server stores. */
  readonly folder: string;
  /** TLS: a file of certificates that are trusted, in PEM. */
  readonly authority?: string;
}

export interface TransferResult {
  /** Of the fastest. */
  readonly milliseconds: number;
  /** Bytes by which the process grew at most in the first; absent: not known. */
  readonly memory?: number;
}

export const mebibyte = 2 ** 20;
