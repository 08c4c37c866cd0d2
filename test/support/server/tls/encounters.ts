/** A TLS handshake that was completed, as the server saw it. */
export interface Encounter {
  /** Counts the control connections from 1; data connections bear the number of theirs. */
  readonly session: number;
  readonly kind: 'control' | 'data';
  readonly tls: {
    /** `TLSv1.3`. */
    readonly protocol: string;
    readonly resumed: boolean;
    /** Who the server was in the handshake. */
    readonly role: 'server' | 'client';
    /** The peer's certificate, DER. */
    readonly certificate: Uint8Array | undefined;
  };
  /** The last that came from the peer so far was close_notify. */
  endedProperly(): boolean;
}
