/**
 * TLS sessions that a later connection to the same server can take up: those of one control connection and of the data
 * connections beside it. Servers that demand resumption demand it of these.
 *
 * In TLS 1.3 a ticket is for one use (RFC 8446 appendix C.4), and OpenSSL's servers hand out two at first and one with
 * each resumption, some time after the handshake. Where none is fresh, the newest is offered again: at worst the server
 * declines it, and then a full handshake follows, which is what would have followed anyway.
 */
export class TicketPool {
  /** Newest first. */
  private fresh: Uint8Array[] = [];
  private newestUsed: Uint8Array | undefined;

  get size(): number {
    return this.fresh.length;
  }

  add(ticket: Uint8Array, protocol: string): void {
    // Up to TLS 1.2 a session may be taken up any number of times, and the newest is as good as all.
    this.fresh = protocol === 'TLSv1.3' ? [ticket, ...this.fresh].slice(0, mostTickets) : [];
    if (protocol !== 'TLSv1.3') this.newestUsed = ticket;
  }

  /** The session to offer next; absent when the server has given none. */
  take(): Uint8Array | undefined {
    const ticket = this.fresh.shift();
    if (ticket) this.newestUsed = ticket;
    return ticket ?? this.newestUsed;
  }
}

/** A server that sends more than it can get back must not fill the memory. */
const mostTickets = 16;
