import type { Disposable } from '../../base/disposable';
import type { TlsDetails } from '../trace/wireEvent';
import type { ConnectionStream } from './tlsStream';

/** What went wrong below FTP. */
export type NetFault =
  | 'refused'
  | 'unreachable'
  | 'host-not-found'
  | 'timed-out'
  | 'reset'
  | 'broken-pipe'
  | 'address-in-use'
  | 'address-not-available'
  | 'handshake-failed'
  /** The other side wants to know who we are, and does not like what it was shown. */
  | 'certificate-refused'
  /** TLS ended without close_notify: all that was sent, or not. */
  | 'truncated'
  | 'aborted';

/** Every error that a `Network`, `Connection` or `Listener` reports. */
export class NetError extends Error {
  override readonly name = 'NetError';

  constructor(
    readonly fault: NetFault,
    readonly during: 'connect' | 'listen' | 'read' | 'write' | 'handshake',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** Called one at a time, never from inside a call of ours. */
export interface Receiver {
  /** It keeps the bytes: nobody writes there again. */
  readonly keeps?: boolean;
  /** Unless it keeps them, the bytes are valid during the call only: a static read buffer. */
  data(bytes: Uint8Array): void;
  /** FIN, or on Node 20 possibly a reset: never a proof of completeness. */
  end(): void;
  /** The last call. */
  fault(error: NetError): void;
}

/** Ports `first` to `last`; 0 to 0 means any free port. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Absent in clear text. */
  readonly tls?: TlsDetails;
  /**
   * Starts reading; what came earlier is handed over first. Called again, it takes the reading over: whoever read before
   * hears nothing any more.
   */
  receive(receiver: Receiver): void;
  pause(): void;
  resume(): void;
  /** False: above the high-water mark; wait for `drained`. */
  write(bytes: Uint8Array): boolean;
  /** Several arrays in one call to the system, and in as few packets as can be. */
  writeAll(parts: readonly Uint8Array[]): boolean;
  drained(): Promise<void>;
  /** FIN; reading goes on. */
  end(): void;
  /** RST. */
  reset(): void;
  /** FIN, and no more interest in what comes. */
  close(): void;
  /** The connection as a stream, for node:tls. It takes the reading over, as `receive` does. */
  duplex(): ConnectionStream;
}

export interface Listener extends Disposable {
  readonly local: Endpoint;
}

export interface ConnectHow {
  /** Local address and port to dial from. */
  readonly from?: { readonly host?: string; readonly port?: number };
  readonly noDelay: boolean;
  readonly signal: AbortSignal;
}

/** The only way to a wire. Production: nodeNetwork; tests: a simulated network. */
export interface Network {
  /** Rejects with a `NetError`; with fault 'aborted' when the signal fires. */
  connect(to: { host: string; port: number }, how: ConnectHow): Promise<Connection>;
  listen(
    at: { host: string; ports: PortRange; backlog: number },
    accepted: (connection: Connection) => void,
  ): Promise<Listener>;
}
