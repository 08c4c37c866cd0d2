import type { NetError } from '../net/network';
import type { RemoteProtocolError } from '../protocol/errors';

/** How the bytes of a data connection came to their end. */
export type FlowEnd =
  /** The sender closed: in stream mode the end of the file, or a cut that looks like one. */
  | { readonly kind: 'ended' }
  /** The same, but TLS ended without close_notify: IIS never sends one, nor does somebody who cuts the connection. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'broken'; readonly error: NetError }
  /** No byte for too long. */
  | { readonly kind: 'stalled' }
  /** We have all that was asked for, before the end. */
  | { readonly kind: 'enough' }
  /** We reset it, so that others come first. */
  | { readonly kind: 'stopped' }
  /** We closed it. */
  | { readonly kind: 'cut' }
  /** What came is not in the mode that was agreed upon. */
  | { readonly kind: 'violation'; readonly error: RemoteProtocolError }
  /** The local end, a sink or a source, failed. */
  | { readonly kind: 'local'; readonly error: unknown };

/** Bytes moving over one data connection in one direction. */
export interface Flow {
  readonly bytes: number;
  /** Never rejects. */
  readonly ended: Promise<FlowEnd>;
  /** Stops at once and closes the data connection. */
  cut(): void;
  /** The final reply says that all was sent: no mark of the end is waited for any longer than `markGrace`. */
  expectEnd?(): void;
}
