import type { DataConnection } from './dataConnection';

/**
 * Whether the pair of default ports is in TIME-WAIT at our end (RFC 959 §3.3): that of the side that closed first, in
 * stream mode the sender. The server's dial would be dropped without a word, and nobody could tell why it takes so
 * long; at its end it is the server that says 425.
 */
export class PortRest {
  private last: DataConnection | undefined;
  private until = -Infinity;

  /** A connection on our default port. */
  watch(connection: DataConnection): void {
    this.last = connection;
  }

  /** To be asked whenever a connection may have been closed. `far`: the server's default port, L-1. */
  isOver(now: number, far: number): boolean {
    const { last } = this;
    // Who dials from another port makes another pair.
    if (last?.closedFirst && last.remote.port === far) this.until = now + timeWait;
    if (last?.closedFirst) this.last = undefined;
    return now >= this.until;
  }
}

/** Milliseconds: twice the longest life of a segment (RFC 793 §3.3). Systems of today rest for one to four minutes. */
const timeWait = 4 * 60_000;
