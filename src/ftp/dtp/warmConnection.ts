// Theory of operation
//
// An operation's data connection costs two round trips before its command can go out. People think longer than that
// between two operations, so the next one is negotiated and opened as soon as nothing waits:
//
//   > EPSV     < 229          nobody waits for it: no operation of the log
//   = open                    watched; closed by us when it is not needed in time
//   > RETR     < 150, 226     the next operation: one round trip
//
// It is a guess, and never an error: refused, closed, reset or timed out, it is forgotten, and the next operation goes
// the ordinary way. All five servers that were measured let it wait: vsftpd, ProFTPD and Pure-FTPd leave it in the
// backlog until the command, pyftpdlib and inetutils-ftpd take it at once.
import { onAbort } from '../../base/abort';
import type { Disposable } from '../../base/disposable';
import { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import type { Connection } from '../net/network';
import { DataConnection } from './dataConnection';
import { meetingAt, type PassiveMethod, type PassiveRendezvous } from './passive';
import { showEndpoint, WayFailed, withPrelude, type Rendezvous, type RendezvousContext } from './rendezvous';
import { reuse } from './reuse';

/** Milliseconds that it is kept for: pyftpdlib closes the session when nobody comes to its passive port for 30 s. */
export const warmLimit = 20_000;
/** As tests know the timer that runs while nobody waits. */
export const warmTimer = 'warm data connection';
/** Milliseconds for it to come about; an operation may be waiting for it, and has other ways. */
const openingLimit = 5_000;

/** Milliseconds that somebody pauses. */
const pause = 1_000;

export interface Taken {
  readonly way: Rendezvous;
  /** Nobody used it for a while: where such a one works, none is dropped on the way. */
  readonly hasStood: boolean;
}

/** The next data connection of a control connection, negotiated and opened while nobody waits. At most one. */
export class WarmConnection {
  private current: Negotiation | undefined;

  /** It is open, or on its way. */
  get isUnderWay(): boolean {
    return this.current !== undefined;
  }

  /** It is open, and nobody has taken it. */
  get isOpen(): boolean {
    return this.current?.isOpen ?? false;
  }

  /** `asked`: the reply to the way's command, where it is out already. `spoilt` is told when it was of no use. */
  prepare(
    way: PassiveRendezvous,
    context: RendezvousContext,
    spoilt: () => void,
    asked?: Promise<Reply>,
  ): void {
    if (this.current) return;
    const forget = (): void => {
      if (this.current === negotiation) this.current = undefined;
    };
    const negotiation: Negotiation = new Negotiation(way, context, forget, spoilt);
    this.current = negotiation;
    negotiation.begin(asked);
  }

  /** Waits for it where it is on its way; undefined when there is none. Rejects only when `signal` is aborted. */
  async take(signal: AbortSignal): Promise<Taken | undefined> {
    const { current } = this;
    const way = await current?.ready(signal);
    if (!current || !way || this.current !== current) return undefined;
    this.current = undefined;
    return { way, hasStood: current.leave() };
  }

  /** The port specification changes, or the control connection ends; `isBlamed`: because of this one, it seems. */
  drop(isBlamed = false): void {
    const { current } = this;
    this.current = undefined;
    current?.drop();
    if (isBlamed) current?.spoilt();
  }
}

class Negotiation {
  private readonly controller = new AbortController();
  private readonly context: RendezvousContext;
  private opening: Promise<Rendezvous | undefined> = Promise.resolve(undefined);
  private opened: Connection | undefined;
  private openedAt = 0;
  private limit: Disposable | undefined;

  constructor(
    private readonly way: PassiveRendezvous,
    context: RendezvousContext,
    private readonly forget: () => void,
    readonly spoilt: () => void,
  ) {
    this.context = {
      ...context,
      operation: undefined,
      signal: this.controller.signal,
      timeout: openingLimit,
    };
  }

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  begin(asked: Promise<Reply> | undefined): void {
    this.opening = this.open(asked).catch((error: unknown) => {
      this.forget();
      if (error instanceof WayFailed && !this.controller.signal.aborted) this.spoilt();
      return undefined;
    });
  }

  async ready(signal: AbortSignal): Promise<Rendezvous | undefined> {
    let cancel: Disposable | undefined;
    const cancelled = new Promise<never>((_, reject) => {
      cancel = onAbort(signal, () => reject(new FtpError('aborted', 'The operation was cancelled.')));
    });
    try {
      return await Promise.race([this.opening, cancelled]);
    } finally {
      cancel?.dispose();
    }
  }

  /** Somebody takes it; whether it has stood for a while. */
  leave(): boolean {
    this.limit?.dispose();
    return this.context.clock.now() - this.openedAt >= pause;
  }

  drop(): void {
    this.limit?.dispose();
    this.controller.abort();
    this.opened?.close();
  }

  private async open(asked: Promise<Reply> | undefined): Promise<Rendezvous> {
    const { way, context } = this;
    const { control, clock, signal } = context;
    const reply = await (asked ?? control.exchange({ verb: way.method }, undefined));
    const connection = await way.dial(context, reply);
    if (signal.aborted) {
      connection.close();
      throw new FtpError('aborted', 'It is not needed any more.');
    }
    this.opened = connection;
    this.openedAt = clock.now();
    this.limit = clock.setTimer(warmLimit, () => this.giveUp(), warmTimer);
    this.tellOpen(connection);
    return this.wayOver(connection);
  }

  private wayOver(connection: Connection): Rendezvous {
    const { method } = this.way;
    if (this.context.line.protect) return protectable(method, connection);
    const data = new DataConnection(connection, method);
    data.watch(() => this.handleEnd());
    return reuse(data);
  }

  private tellOpen({ local, remote }: Connection): void {
    const { method } = this.way;
    const ends = { local: showEndpoint(local), remote: showEndpoint(remote) };
    const text = `ready for the next transfer, passive ${method}, ${ends.local} to ${ends.remote}`;
    this.context.tracer.data({ operation: undefined, phase: 'ready', method, ...ends, text });
  }

  private giveUp(): void {
    this.tell('client', 'not needed, closed by the client');
    this.end();
  }

  /** The server closed it, or sent what nobody has asked for. */
  private handleEnd(): void {
    this.tell('server', 'closed by the server before it was used');
    this.end();
    this.spoilt();
  }

  private end(): void {
    this.forget();
    this.drop();
  }

  private tell(closedBy: 'client' | 'server', text: string): void {
    this.context.tracer.data({ operation: undefined, phase: 'dropped', closedBy, text });
  }
}

/** TLS begins behind the transfer command. Until then nobody reads, and whether it is dead shows only then. */
function protectable(method: PassiveMethod, connection: Connection): Rendezvous {
  return {
    method,
    arrange: (context, prelude) =>
      Promise.resolve(withPrelude(meetingAt(method, connection, context), prelude)),
  };
}
