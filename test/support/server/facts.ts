import type { Endpoint, NetFault } from '../../../src/ftp/net/network';
import type { FileFault } from './files';

/** What the driver tells the core. Data connections and listeners are known by name (`dialled-1`, `accepted-2`). */
export type Fact =
  | { readonly kind: 'control-opened' }
  | { readonly kind: 'control-bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'control-ended' }
  /** TLS is on; or it was left out, by a script. */
  | { readonly kind: 'control-secured' }
  | { readonly kind: 'control-insecure' }
  | { readonly kind: 'listening'; readonly listener: string; readonly local: Endpoint }
  | { readonly kind: 'listen-failed'; readonly listener: string }
  /** The answer to `dial`, or, with `listener`, somebody who dialled us. */
  | {
      readonly kind: 'data-opened';
      readonly data: string;
      readonly remote: Endpoint;
      readonly listener?: string;
    }
  | { readonly kind: 'dial-failed'; readonly data: string; readonly fault: NetFault }
  | { readonly kind: 'data-secured'; readonly data: string; readonly resumed: boolean }
  /** The connection is paused until the core says `more`. */
  | { readonly kind: 'data-bytes'; readonly data: string; readonly bytes: Uint8Array }
  /** The bytes of one `send` have left; the next may be sent. */
  | { readonly kind: 'data-sent'; readonly data: string }
  /** `bare`: in TLS, and without close_notify. */
  | { readonly kind: 'data-ended'; readonly data: string; readonly bare?: boolean }
  | { readonly kind: 'data-fault'; readonly data: string }
  | { readonly kind: 'data-fin-acknowledged'; readonly data: string }
  /** The answer to `file` and to `zlib`. */
  | { readonly kind: 'file-done'; readonly id: number; readonly outcome: FileOutcome<unknown> }
  | { readonly kind: 'timer'; readonly timer: string };

export type FileOutcome<T> = { readonly value: T } | { readonly fault: FileFault };
