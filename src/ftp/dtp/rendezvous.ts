import type { Clock } from '../../base/clock';
import type { ControlConnection } from '../pi/controlConnection';
import type { Exchange } from '../pi/exchange';
import type { RendezvousFailure } from '../pi/serverProfile';
import type { Network, PortRange } from '../net/network';
import type { Command } from '../protocol/command';
import type { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import type { Tracer } from '../trace/tracer';
import type { RendezvousMethod } from '../trace/wireEvent';
import type { DataConnection } from './dataConnection';
import type { DataLine } from './dataLine';

/** What a rendezvous needs to know and to use. */
export interface RendezvousContext {
  readonly control: ControlConnection;
  readonly clock: Clock;
  readonly network: Network;
  readonly tracer: Tracer;
  readonly line: DataLine;
  /** Absent: nobody waits for it. */
  readonly operation: number | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds for the data connection to come about. */
  readonly timeout: number;
  readonly trustPassiveAddress: boolean;
  /** Announced in active mode instead of the control connection's own address. */
  readonly activeAddress: string | undefined;
  readonly activePorts: PortRange;
  /** Sends what asks for a transfer, in one segment; it may have to wait until that of others is answered. */
  readonly send: (commands: readonly Command[]) => Promise<readonly Exchange[]>;
  /** Lets no other transfer queue behind this one any more; true when none does, and none is before it. */
  readonly seclude: () => boolean;
  /** Nothing is sent before the command before it is answered. */
  readonly isFenced?: boolean;
  /** The server is known to touch a data connection, to take it or to dial, only when the transfer command comes. */
  readonly waitsForCommand: boolean;
}

/**
 * One way for user-DTP and server-DTP to find each other (RFC 959 §3.2), arranged before the transfer command.
 * A way that fails does so with `WayFailed`.
 */
export interface Rendezvous {
  readonly method: RendezvousMethod;
  /** Sends `prelude`, and behind it in the same segment this way's command; or leaves that to the transfer. */
  arrange(context: RendezvousContext, prelude: readonly Command[]): Promise<Arrangement>;
}

export interface Arrangement {
  readonly meeting: Meeting;
  /** Still to be sent: it may share a segment with the transfer command. */
  readonly ahead: readonly Command[];
  /** Finds the replies to the prelude, in order. `replies`: those to `ahead`. Throws `WayFailed` where they refuse this way. */
  read(replies: readonly Reply[]): readonly Reply[];
}

/** Nothing was sent yet: the place is there already. */
export function withPrelude(meeting: Meeting, prelude: readonly Command[]): Arrangement {
  return { meeting, ahead: prelude, read: (replies) => replies };
}

/** All is said and answered. */
export function arranged(meeting: Meeting, prelude: readonly Reply[]): Arrangement {
  return { meeting, ahead: [], read: () => prelude };
}

/** The place is agreed upon. Passive: we have dialled already; active: we listen. */
export interface Meeting {
  readonly method: RendezvousMethod;
  /** There is a TCP connection: what fails from now on does not speak against this way. */
  readonly isMet: boolean;
  /**
   * Rejects with `WayFailed` when nobody comes in time, which runs from when `reached` resolves: the server has come to
   * this transfer. To be awaited once the transfer command is out; `answered` settles with its first reply.
   */
  connection(answered: Promise<unknown>, reached: Promise<unknown>): Promise<DataConnection>;
  /** Closes what nobody has taken. */
  dispose(): void;
}

/** A way did not work; another may. */
export class WayFailed extends Error {
  override readonly name = 'WayFailed';

  constructor(
    readonly method: RendezvousMethod,
    readonly failure: RendezvousFailure,
    /** What the caller sees when no other way is left. */
    readonly error: FtpError,
  ) {
    super(error.message, { cause: error });
  }
}

export function showEndpoint(endpoint: { readonly host: string; readonly port: number }): string {
  return endpoint.host.includes(':')
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
}
