import { FtpError, type Entry } from '../ftp';
import type { Change } from './change';
import { renew, type Known } from './known';
import { differs } from './remoteEntry';
import { joinPath } from './remotePath';

/** A time by the monotonic clock, and how often by then something had changed that links may lead to. */
export interface LinksAsked {
  readonly at: number;
  readonly era: number;
}

/** What a directory held at a time. Names that are not in it were not there. */
export interface Listing {
  /** When the server was asked what its links lead to. */
  readonly links: LinksAsked;
  /** By the monotonic clock; `-Infinity` when it is to be believed no more. */
  at: number;
  readonly names: Map<string, Known>;
  /** Why there are no names: the directory is missing, or the server does not list it. */
  readonly failure?: FtpError;
}

/** Takes over from `before`, an older listing of the same directory, what a listing cannot tell. */
export function listingOf(
  outcome: readonly Entry[] | FtpError,
  asked: Pick<Listing, 'at' | 'links'>,
  before?: Listing,
): Listing {
  if (outcome instanceof FtpError) return { ...asked, names: new Map(), failure: outcome };
  return {
    ...asked,
    names: new Map(outcome.map((entry) => [entry.name, renew(entry, before?.names.get(entry.name))])),
  };
}

/** The directory is not there, or is none; other failures say nothing about it. */
export function isMissing(listing: Listing): boolean {
  return FtpError.is(listing.failure, 'not-found') || FtpError.is(listing.failure, 'not-a-directory');
}

export function setName(listing: Listing, name: string, known: Known | undefined): void {
  if (known) listing.names.set(name, known);
  else listing.names.delete(name);
}

/** What happened between two listings of one directory, apart from what we did ourselves. */
export function compareListings(directory: string, before: Listing, after: Listing): Change[] {
  if (before.failure) return [];
  if (after.failure) return isMissing(after) ? [{ kind: 'deleted', path: directory }] : [];
  const changes: Change[] = [];
  for (const [name, { listed }] of after.names) {
    const path = joinPath(directory, name);
    const old = before.names.get(name);
    if (!old) changes.push({ kind: 'created', path });
    else if (listed && old.listed && differs(old.listed, listed)) changes.push({ kind: 'changed', path });
  }
  for (const name of before.names.keys()) {
    if (!after.names.has(name)) changes.push({ kind: 'deleted', path: joinPath(directory, name) });
  }
  return changes;
}
