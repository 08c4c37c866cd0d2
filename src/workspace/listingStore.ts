import type { Listing } from './listing';
import { isWithin } from './remotePath';

// Some 200 bytes a name: a few megabytes for a server that was walked through from end to end.
const namesMax = 50_000;

/** The listings of one server, the least recently used ones dropped when there are too many names. */
export class ListingStore {
  /** In order of use: what was used last comes last. */
  private readonly listings = new Map<string, Listing>();

  get(directory: string): Listing | undefined {
    return this.listings.get(directory);
  }

  /** A newer listing of a known directory does not count as use. */
  set(directory: string, listing: Listing): void {
    this.listings.set(directory, listing);
    let names = 0;
    for (const { names: held } of this.listings.values()) names += held.size + 1;
    for (const [oldest, { names: held }] of this.listings) {
      if (names <= namesMax || this.listings.size === 1) return;
      this.listings.delete(oldest);
      names -= held.size + 1;
    }
  }

  touch(directory: string): void {
    const listing = this.listings.get(directory);
    if (!listing) return;
    this.listings.delete(directory);
    this.listings.set(directory, listing);
  }

  /** Drops `path` and everything below it. */
  deleteTree(path: string): void {
    for (const directory of [...this.listings.keys()]) {
      if (isWithin(directory, path)) this.listings.delete(directory);
    }
  }

  /** Believes nothing any more; keeps what was there, to tell later what changed. */
  expire(): void {
    for (const listing of this.listings.values()) listing.at = -Infinity;
  }

  /** Listed directories, the most recently used first. */
  recent(count: number): string[] {
    const listed = [...this.listings].filter(([, listing]) => !listing.failure);
    return listed
      .slice(-count)
      .map(([directory]) => directory)
      .reverse();
  }
}
