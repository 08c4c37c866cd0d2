import type { ServerProgram } from '../protocol/serverProgram';
import type { RendezvousMethod } from '../trace/wireEvent';

/** How a way to a data connection failed last: by a reply, by the network, or by silence. */
export type RendezvousFailure = 'refused' | 'unreachable' | 'timed-out';

/**
 * What a server is, and what was learned of it. Plain JSON, remembered between windows; a wrong memory
 * costs a retry, never an error.
 */
export interface ServerProfile {
  /** The text of the 220, by which a remembered profile is known to be of the same server. */
  greeting: string;
  /** What it says that it is; absent where it hides it, or where nothing is known of the program. */
  program?: ServerProgram;
  /** The text of the reply to SYST, such as `UNIX Type: L8`. */
  system: string;
  /** The lines of FEAT without their leading blank, such as `REST STREAM`; upper case. */
  features: string[];
  /** Absolute path after login (RFC 959 §4.1.3 PWD). */
  home: string;
  /** TLS was in force at least once: 'auto' insists on it from then on. */
  secured?: boolean;
  learned: {
    /** Ways that failed, and how. `auto` leaves them out. */
    rendezvous: Partial<Record<RendezvousMethod, RendezvousFailure>>;
    /** Answered out of order once: nothing is queued behind anything any more. */
    fenced: boolean;
    /** Commands that were answered 500, 502 or 504. */
    unsupported: string[];
    /** How often in a row a data connection that was made ready turned out to be dead. */
    spoiltWarm?: number;
    /** Whether `LIST -a` is understood; absent until tried. */
    listAll?: boolean;
    /** False: STAT does not list as LIST does; absent until that is seen. */
    statListing?: false;
    /** How an upload goes on that was ended in the middle; absent until tried. */
    goesOn?: 'APPE' | 'REST' | 'not';
    /** What it has of an upload whose data connection was reset stays there; others remove it. */
    keepsCut?: boolean;
  };
}
