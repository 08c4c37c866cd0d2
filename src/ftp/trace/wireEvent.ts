import type { FtpErrorCode } from '../protocol/errors';

/** How a data connection is arranged: RFC 2428, RFC 959 §4.1.2 and, last, RFC 959 §3.2's default ports. */
export type RendezvousMethod = 'EPSV' | 'PASV' | 'EPRT' | 'PORT' | 'default-port';

export type OperationName =
  | 'sign-in'
  | 'list'
  | 'stat'
  | 'read'
  | 'write'
  | 'rename'
  | 'remove'
  | 'make-directory'
  | 'remove-directory'
  | 'set-modified'
  | 'set-mode'
  | 'copy'
  | 'raw'
  | 'keep-alive';

/** What every event carries. */
export interface WireEventBase {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** Milliseconds since 1970, for showing. */
  readonly wall: number;
  /** Which server: the name that `ConnectOptions.name` gave, else the host. */
  readonly session: string;
  /** Counts the operations of a session from 1; absent outside an operation. */
  readonly operation?: number;
  /** Counts the control connections of a session from 1. */
  readonly connection: number;
}

/** A command as it went out, secrets masked. */
export interface SentEvent extends WireEventBase {
  readonly kind: 'sent';
  readonly line: string;
}

/** One line of a reply, as it came. Undecodable bytes are shown as `\xE9`. */
export interface ReceivedEvent extends WireEventBase {
  readonly kind: 'received';
  readonly line: string;
  /** So many lines of this reply came before this one and are not told: a listing, which is nobody's talk. */
  readonly omitted?: number;
}

/** What TLS agreed upon. */
export interface TlsDetails {
  /** `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Took up an earlier session, as strict servers demand of data connections. */
  readonly resumed: boolean;
}

export interface DataEvent extends WireEventBase {
  readonly kind: 'data';
  /**
   * `closed`: the data connection ended; `stranger`: somebody else dialled our port and was refused. `ready`: one was made
   * for the next transfer, outside any operation; `dropped`: it was not used.
   */
  readonly phase: 'open' | 'closed' | 'ready' | 'dropped' | 'stranger' | 'address-replaced' | 'failed';
  readonly method?: RendezvousMethod;
  /** `host:port` of our end and of the other. */
  readonly local?: string;
  readonly remote?: string;
  readonly bytes?: number;
  readonly direction?: 'down' | 'up';
  readonly closedBy?: 'server' | 'client' | 'reset';
  /** Of an open data connection under PROT P. */
  readonly tls?: TlsDetails;
  /** A sentence for the log, after the mark `=`. */
  readonly text: string;
}

export type SessionPhase =
  'connecting' | 'secured' | 'signing-in' | 'connected' | 'reconnecting' | 'closed' | 'lost' | 'failed';

export interface StateEvent extends WireEventBase {
  readonly kind: 'state';
  readonly state: SessionPhase;
  /** With 'secured'. */
  readonly tls?: TlsDetails;
  /** A sentence for the log, after the mark `~`. */
  readonly text: string;
}

/** Bytes of a running transfer; the first with `bytes` 0 when it starts, the last with `done`. */
export interface TransferEvent extends WireEventBase {
  readonly kind: 'transfer';
  readonly direction: 'down' | 'up';
  readonly path: string;
  readonly bytes: number;
  readonly total?: number;
  readonly done: boolean;
}

export interface OperationEvent extends WireEventBase {
  readonly kind: 'operation';
  readonly phase: 'begin' | 'end';
  readonly name: OperationName;
  readonly path?: string;
  /** The other server, of a copy between two. */
  readonly peer?: string;
  /** Operations waiting for their turn when this event was made. */
  readonly waiting: number;
  /** Milliseconds, at the end. */
  readonly took?: number;
  /** Absent when the operation succeeded. */
  readonly failed?: FtpErrorCode;
  /** A sentence for the log, after the mark `[` or `]`. */
  readonly text: string;
}

/** Trouble, or a decision that was taken because of it. */
export interface TroubleEvent extends WireEventBase {
  readonly kind: 'trouble';
  readonly code?: FtpErrorCode;
  /** A sentence for the log, after the mark `!`. */
  readonly text: string;
}

/** The one stream that log, status bar, recorder and tests read. */
export type WireEvent =
  SentEvent | ReceivedEvent | DataEvent | StateEvent | TransferEvent | OperationEvent | TroubleEvent;
