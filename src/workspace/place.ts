import type { FtpSession } from '../ftp';

/** A path on a server. */
export interface Place {
  readonly session: FtpSession;
  readonly path: string;
}
