/*
 * Theory of operation
 *
 * For a server-to-server transfer the user-PI arranges a data connection between two server-DTPs. How it says so
 * changed over fifty years; what has to be said did not: one side listens (passive), the other dials (active). A
 * dialect is the list of steps until both are prepared. One runner plays them all (runner.ts), each step with a
 * completed reply (2xx) before the next, and then sends the transfer commands, STOR to the target and RETR to the
 * source, the passive side's first. P is the passive side, A the active one; <host> is a server's address as the far
 * end of its control connection, and never what a reply names.
 *
 * rfc959 (§5.2, figure 3), IPv4 only
 *   P: PASV                       227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)      the port is taken, the host is not
 *   A: PORT <host of P>,p1,p2     200
 *
 * rfc2428, IPv4 and IPv6
 *   P: EPSV                       229 Entering Extended Passive Mode (|||port|)
 *   A: EPRT |f|<host of P>|port|  200                                                f: 1 is IPv4, 2 is IPv6
 *
 * rfc478, on request
 *   P: SOCK <host of A> <L-1 of A>   200    admits data connections from that host (and, if it likes, that port) only
 *   P: PASV                          2xx    listens; where the reply is a 227, on the port that it names, else on L-1
 *   A: SOCK <host of P> <port of P>  200    dials there when the transfer command comes
 *
 * rfc438, on request
 *   P: LSTN R | LSTN S               255 <port>    listens; R: it will receive (STOR), S: it will send (RETR). The
 *                                                  first number of the text, 1 to 65535, is the port
 *   P: SOCK <host of A> <L-1 of A>   200           after LSTN: whom to admit
 *   A: SOCK <host of P> <port>       200           without LSTN: whom to dial
 *
 * In SOCK, host is an address in its usual text form, IPv4 or IPv6, then one blank, then the port in decimal. L-1 is
 * the port below the control connection's: a server's default data port (RFC 959 §3.2), the "socket specified by the
 * protocol" of RFC 478. LSTN, PASV and SOCK hold for the next transfer command alone.
 */
import type { Endpoint } from '../net/network';
import { FtpError } from '../protocol/errors';
import { formatEprt, formatPort, parseEpsvReply, parsePasvReply } from '../protocol/hostPort';
import type { Reply } from '../protocol/reply';

export type Dialect = 'rfc959' | 'rfc2428' | 'rfc478' | 'rfc438';

export type Role = 'passive' | 'active';

/** What the steps' arguments are made of. */
export interface RelayFacts {
  /** Far ends of the two control connections. */
  readonly passive: Endpoint;
  readonly active: Endpoint;
  /** Who sends the file. */
  readonly sender: Role;
  /** Where the passive side listens, once it has said so. */
  readonly port: number;
}

/** What a reply told: a port, and the host it named, which is not believed. */
export interface Taken {
  readonly port: number;
  readonly host?: string;
}

export interface Step {
  readonly to: Role;
  readonly verb: string;
  readonly argument?: (facts: RelayFacts) => string;
  /** Reads where the passive side listens; throws `FtpError` when the reply does not say. */
  readonly take?: (reply: Reply, facts: RelayFacts) => Taken;
}

export interface DialectTable {
  /** Address families in which the passive side can be named. */
  readonly families: readonly (4 | 6)[];
  readonly steps: readonly Step[];
}

const admitActive: Step = {
  to: 'passive',
  verb: 'SOCK',
  argument: ({ active }) => `${active.host} ${defaultDataPort(active)}`,
};

const dialPassive: Step = {
  to: 'active',
  verb: 'SOCK',
  argument: ({ passive, port }) => `${passive.host} ${port}`,
};

export const dialects: Readonly<Record<Dialect, DialectTable>> = {
  rfc959: {
    families: [4],
    steps: [
      { to: 'passive', verb: 'PASV', take: parsePasvReply },
      { to: 'active', verb: 'PORT', argument: ({ passive, port }) => formatPort(passive.host, port) },
    ],
  },
  rfc2428: {
    families: [4, 6],
    steps: [
      { to: 'passive', verb: 'EPSV', take: (reply) => ({ port: parseEpsvReply(reply) }) },
      {
        to: 'active',
        verb: 'EPRT',
        argument: ({ passive, port }) => formatEprt(passive.host, port, passive.family),
      },
    ],
  },
  rfc478: {
    families: [4, 6],
    steps: [admitActive, { to: 'passive', verb: 'PASV', take: takeAcknowledged }, dialPassive],
  },
  rfc438: {
    families: [4, 6],
    steps: [
      {
        to: 'passive',
        verb: 'LSTN',
        argument: ({ sender }) => (sender === 'passive' ? 'S' : 'R'),
        take: takeSocket,
      },
      admitActive,
      dialPassive,
    ],
  },
};

function defaultDataPort({ port }: Endpoint): number {
  return port - 1;
}

// 200 Listening.   227 Entering Passive Mode (192,168,1,100,10,229)
/** RFC 478 knows no address in the acknowledgement, its sockets being fixed; a server of today adds one. */
function takeAcknowledged(reply: Reply, { passive }: RelayFacts): Taken {
  return reply.code === 227 ? parsePasvReply(reply) : { port: defaultDataPort(passive) };
}

// 255 51210
// 255 SOCK 51210
function takeSocket(reply: Reply): Taken {
  const port = reply.code === 255 ? firstNumber(reply.lines.at(-1) ?? '') : 0;
  if (port < 1 || port > highestPort) {
    throw new FtpError('data-passive-refused', 'The server did not say where it listens.', { reply });
  }
  return { port };
}

const highestPort = 65535;

/** The first word behind the code that begins with a digit. */
function firstNumber(line: string): number {
  for (const word of line.slice(4).split(' ')) {
    const number = parseInt(word, 10);
    if (number >= 0) return number;
  }
  return 0;
}
