import { randomBytes } from 'node:crypto';
import type { SecureContext } from 'node:tls';

interface Ticket {
  /** Milliseconds: when the session began that it resumes. */
  readonly since: number;
  /** It leads back to the control connection: by one handshake, or by a chain of them. */
  readonly own: boolean;
  used: boolean;
}

/** What holds for the tickets of the handshake that goes on now. */
export interface TicketTerms {
  /** The control connection's: the first of a chain. */
  readonly first: boolean;
  readonly accepts: (ticket: Ticket) => boolean;
  /** As OpenSSL does by itself in TLS 1.3: a session that is resumed brings a ticket. Node's own keys do not. */
  readonly renews: boolean;
  /** Of the tickets it brings, when it resumes one that is so old. */
  readonly since: (resumed: number | undefined) => number;
}

/** Every ticket that one control connection and its data connections were given, by the name it bears. */
export class TicketBook {
  private readonly tickets = new Map<string, Ticket>();
  private readonly hmacKey = randomBytes(16);
  private readonly cipherKey = randomBytes(16);
  private serial = 0;
  private terms: TicketTerms | undefined;
  private resumed: Ticket | undefined;

  begin(terms: TicketTerms): void {
    this.terms = terms;
    this.resumed = undefined;
  }

  /** Seals and opens the tickets of a context. */
  serve({ context }: SecureContext): void {
    // The only way in Node to know one ticket from another; its own tests use it (test-https-resume-after-renew.js).
    const native = context as NativeContext;
    native.onticketkeycallback = (name, iv, seals) =>
      seals
        ? [SEAL, this.hmacKey, this.cipherKey, this.add(), randomBytes(16)]
        : [this.open(name.toString('hex')), this.hmacKey, this.cipherKey, name, iv];
    native.enableTicketKeyCallback();
  }

  private add(): Buffer {
    const name = Buffer.alloc(16);
    name.writeUInt32BE(++this.serial, 12);
    const { terms, resumed } = this;
    const own = terms?.first === true || resumed?.own === true;
    const since = terms?.since(resumed?.since) ?? 0;
    this.tickets.set(name.toString('hex'), { since, own, used: false });
    return name;
  }

  private open(name: string): number {
    const ticket = this.tickets.get(name);
    if (!ticket || !this.terms?.accepts(ticket)) return REJECT;
    ticket.used = true;
    this.resumed = ticket;
    return this.terms.renews ? RENEW : ACCEPT;
  }
}

/** What OpenSSL's SSL_CTX_set_tlsext_ticket_key_cb wants to hear. */
const REJECT = 0;
const ACCEPT = 1;
const RENEW = 2;
const SEAL = 1;

interface NativeContext {
  onticketkeycallback(
    name: Buffer,
    iv: Buffer,
    seals: boolean,
  ): readonly [number, Buffer, Buffer, Buffer, Buffer];
  enableTicketKeyCallback(): void;
}
