import type { Event } from '../base/event';
import type { FtpSession } from '../ftp';

/** Where sessions come from: one per authority (`user@host:port`), shared by all who ask. */
export interface SessionSource {
  /** Connected and signed in. Waits for a person where it must; rejects with `FtpError`. */
  session(authority: string): Promise<FtpSession>;
  /** The session, if there is one: background work connects nobody and asks nobody. */
  openSession(authority: string): FtpSession | undefined;
  /** What a person calls this server: the name of its site, or its host. */
  serverName(authority: string): string;
  /** The authority whose control connection was replaced: what was known of its files may be old. */
  readonly onDidReconnect?: Event<string>;
}
