import { onAbort } from '../../base/abort';
import type { Connection } from '../net/network';
import type { RendezvousMethod } from '../trace/wireEvent';
import { DataConnection } from './dataConnection';
import type { RendezvousContext } from './rendezvous';

/**
 * Puts a data connection into TLS where that is in force (RFC 4217 §9). To be called once the transfer command is out:
 * vsftpd, ProFTPD and Pure-FTPd begin TLS behind their 150. We are the TLS client also where the server dialled (§7).
 * `ended` ends a handshake that has become needless, because the transfer was refused.
 */
export async function shield(
  raw: Connection,
  method: RendezvousMethod,
  { line, signal }: RendezvousContext,
  ended: AbortController,
): Promise<DataConnection> {
  if (!line.protect) return new DataConnection(raw, method);
  const cancel = onAbort(signal, () => ended.abort());
  try {
    return new DataConnection(await line.protect(raw, ended.signal), method);
  } finally {
    cancel.dispose();
  }
}
