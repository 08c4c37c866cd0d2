import type { Connection } from '../net/network';
import type { Loss } from '../pi/controlConnection';
import type { FtpError } from '../protocol/errors';
import type { DataConnection } from './dataConnection';
import { PortRest } from './portRest';
import { WarmConnection } from './warmConnection';

export type TransferMode = 'stream' | 'block' | 'compressed' | 'deflate';

/** What MODE, STRU and TYPE were set to last (RFC 959 §4.1.2). */
export interface LineParameters {
  readonly mode: TransferMode;
  readonly structure: 'file' | 'record';
  readonly type: 'image' | 'ascii';
}

/**
 * What is in force between the two DTPs as long as the control connection lives: the parameters, and a data
 * connection that was left open (250 rather than 226, RFC 959 §3.2) for the next file.
 */
export class DataLine {
  /** As the server has them after signing in, which ends with TYPE I. */
  parameters: LineParameters = { mode: 'stream', structure: 'file', type: 'image' };
  /** A file came over the data connection that is left, and its end was marked: more can follow unseparated. */
  hasMarkedEnds = false;
  /** PROT P: puts a data connection into TLS; `ended` gives up a handshake. Rejects with `FtpError`. */
  protect: ((raw: Connection, ended: AbortSignal) => Promise<Connection>) | undefined;
  readonly portRest = new PortRest();
  /** The one that is made ready for the next transfer. */
  readonly warm = new WarmConnection();
  private kept: DataConnection | undefined;

  /** The end of a file is in the data (RFC 959 §3.4): its connection need not close for it. */
  get endIsMarked(): boolean {
    const { mode, structure } = this.parameters;
    return marksEnd(mode) || structure === 'record';
  }

  /** The data connection that is left, if the server has not closed it since. */
  take(): DataConnection | undefined {
    const { kept } = this;
    this.kept = undefined;
    if (kept?.isReusable) return kept;
    this.dismiss(kept);
    return undefined;
  }

  keep(connection: DataConnection): void {
    if (connection.isReusable) this.kept = connection;
    else this.dismiss(connection);
  }

  /** The port specification changes, or the control connection ends (RFC 959 §3.2, conditions 3 and 4). */
  drop(): void {
    this.dismiss(this.kept);
    this.warm.drop();
  }

  /** The control connection is lost. */
  lose({ error, unanswered }: Loss): void {
    // 421 Timeout.  Nobody had asked for anything else: it seems that this server minds.
    const isAlone = unanswered.every((verb) => verb === 'EPSV' || verb === 'PASV');
    this.warm.drop(isAlone && isBroughtAbout(error));
    this.drop();
  }

  private dismiss(connection: DataConnection | undefined): void {
    connection?.close();
    this.kept = undefined;
    this.hasMarkedEnds = false;
  }
}

/** The server ended it, or fell silent: not the network, and not we. */
function isBroughtAbout({ code }: FtpError): boolean {
  return code === 'service-closing' || code === 'reply-timed-out' || code === 'protocol-violation';
}

/** In these modes the end of a file is marked in the data, so that the connection can outlive it (RFC 959 §3.3). */
export function marksEnd(mode: TransferMode): boolean {
  return mode === 'block' || mode === 'compressed';
}

// MODE B   200 MODE B ok.
export const modeLetters: Readonly<Record<TransferMode, string>> = {
  stream: 'S',
  block: 'B',
  compressed: 'C',
  deflate: 'Z',
};
