import { FtpError } from '../protocol/errors';
import type { Meter } from './meter';

/** What the file was when its first bytes came. */
export interface FileVersion {
  readonly size: number;
  /** The reply to MDTM; undefined where it was not asked for, or not told. */
  readonly modified: string | undefined;
}

/** How far a download has come. It may take several RETRs: after a loss of the connection, or when it gave way. */
export class Received {
  /** Bytes that went into the sink. */
  bytes = 0;
  /** Bytes that are wanted in all; unknown where the server has no SIZE. */
  total: number | undefined;
  version: FileVersion | undefined;
  meter: Meter | undefined;
  /** The server's last restart marker, and how many bytes of the file stand before it (RFC 959 §3.5). */
  point: { readonly marker: string; readonly position: number } | undefined;

  /** As if nothing had come. */
  clear(): void {
    this.bytes = 0;
    this.total = undefined;
    this.version = undefined;
    this.point = undefined;
  }
}

/** Beginning and end would be of different files. */
export function changedMeanwhile(path: string, bytes: number): FtpError {
  return new FtpError('file-changed', 'The file changed while it was being read.', {
    facts: { path, bytes },
  });
}
