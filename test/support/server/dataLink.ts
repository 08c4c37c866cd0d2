import type { Endpoint, NetFault } from '../../../src/ftp/net/network';

/** The core's picture of one data connection. */
export class DataLink {
  state: 'opening' | 'open' | 'failed' = 'opening';
  readonly chunks: Uint8Array[] = [];
  remote: Endpoint | undefined;
  /** The peer's FIN. */
  ended = false;
  /** Its end was no end of TLS: bytes may be missing. */
  endedBare = false;
  faulty = false;
  /** Why it could not be dialled. */
  fault: NetFault | undefined;
  finAcknowledged = false;
  /** Sends that have not left yet. */
  unsent = 0;
  /** We have sent FIN. */
  finished = false;
  moved = 0;
  /** Files it has carried to their end. */
  files = 0;

  /** TLS. 'shaking': the handshake goes on. */
  security: 'clear' | 'shaking' | 'private' = 'clear';
  /** Who speaks first in TLS: which is another question than who dials. */
  role: 'server' | 'client' = 'server';
  /** The TLS session is one of the control connection's. */
  resumed = false;

  constructor(readonly name: string) {}
}
