import type { Exchange } from '../pi/exchange';
import type { Endpoint } from '../net/network';
import type { Command } from '../protocol/command';
import type { FtpError } from '../protocol/errors';

/** One of the two servers of a server-to-server transfer, as narrow as the transfer needs it. */
export interface Side {
  /** How log and errors call this server. */
  readonly name: string;
  /** The far end of its control connection: the only address of it that is believed. */
  readonly peer: Endpoint;
  /** Aborted when the user gives up. */
  readonly signal: AbortSignal;
  /** One command; throws when the control connection is lost. */
  send(command: Command): Exchange;
  /** Its data connections are in TLS (PROT P). */
  readonly isPrivate: boolean;
  /** Whether it announces this in FEAT, and has not refused it since. */
  can(feature: string): boolean;
  /** Whether this server is known not to have the command. */
  refuses(verb: string): boolean;
  /** A bare STAT in mid-transfer is known to be answered here, with the bytes so far. */
  tellsStatus(): boolean;
  /** It was not: never asked again. */
  giveUpStatus(): void;
  /** Drops the control connection; the session makes another when it needs one. */
  lose(error: FtpError): void;
  /** A line of this server's log, after the mark `=`. */
  noteAddress(text: string): void;
  /** A line of this server's log, after the mark `!`. */
  noteTrouble(text: string): void;
}
