import type { Endpoint } from '../../../src/ftp/net/network';
import type { Segment } from './segment';

/** What a link does with a segment: nothing special, lose it, or bring it `after` milliseconds later. */
export type Verdict = 'pass' | 'drop' | { readonly after: number };

/** Asked when a segment is sent. Dropped segments are sent again, as TCP does; a rule sees them again. */
export type Rule = (segment: Segment) => Verdict;

/**
 * How a reset looks to whom it hits. All three were seen on real sockets: an error after all the data;
 * an error that takes data along with it; and on Node 20 a clean end in the middle of a file.
 */
export type ResetShape = 'error' | 'error-losing-data' | 'as-end';

/** How bytes that arrive are cut before they are handed over. Offsets count from the stream's start. */
export type Cut = 'whole' | 'every-byte' | 'seeded' | readonly number[];

/** `never`: the port pair cannot be used again before TIME-WAIT is over (RFC 959 §3.3 suffers from it). */
export type Reuse = 'timestamps' | 'never';

export interface LinkOptions {
  /** Milliseconds one way. */
  readonly delay?: number;
  /** Bytes per millisecond; absent: no limit. */
  readonly rate?: number;
}

/** Delays what goes from one host's endpoint to another's where `match` says so. */
export function skew(match: (from: Endpoint, to: Endpoint) => boolean, milliseconds: number): Rule {
  return (segment) => (match(segment.from, segment.to) ? { after: milliseconds } : 'pass');
}
