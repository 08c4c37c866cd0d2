import type { DataConnection } from './dataConnection';

export type TransferMode = 'stream' | 'block' | 'compressed' | 'deflate';

/**
 * What is in force between the two DTPs as long as the control connection lives: the transfer mode, and a data
 * connection that was left open (250 rather than 226, RFC 959 §3.2) for the next file.
 */
export class DataLine {
  mode: TransferMode = 'stream';
  private kept: DataConnection | undefined;

  /** The data connection that is left, if the server has not closed it since. */
  take(): DataConnection | undefined {
    const { kept } = this;
    this.kept = undefined;
    if (kept?.isReusable) return kept;
    kept?.close();
    return undefined;
  }

  keep(connection: DataConnection): void {
    if (connection.isReusable) this.kept = connection;
    else connection.close();
  }

  /** The port specification changes, or the control connection ends (RFC 959 §3.2, conditions 3 and 4). */
  drop(): void {
    this.kept?.close();
    this.kept = undefined;
  }
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
