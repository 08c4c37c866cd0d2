import type { Clock } from '../../base/clock';
import type { Sink } from '../dtp/receiver';
import { ListingParser, type Listing, type ListingCommand } from '../listing/parseListing';
import type { ListingContext } from '../listing/lineFormat';
import { FtpError } from '../protocol/errors';

/**
 * Parses a listing while it comes. Every now and then it says that it is full, until whatever else the process has to
 * do has had its turn.
 */
export class ListingSink implements Sink {
  /** Bytes so far. */
  length = 0;
  private readonly parser: ListingParser;
  private lastByte: number | undefined;
  private slice = 0;

  constructor(
    how: ListingCommand,
    context: ListingContext,
    private readonly path: string,
    private readonly clock: Clock,
  ) {
    this.parser = new ListingParser(how, context);
  }

  /** The last line is whole; so is a listing without lines. */
  get endsWithLine(): boolean {
    return this.lastByte === undefined || this.lastByte === lineFeed;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    this.length += bytes.length;
    if (this.length > maxListingBytes) return Promise.reject(tooLarge(this.path, this.length));
    this.lastByte = bytes.at(-1) ?? this.lastByte;
    this.parser.push(bytes);
    this.slice += bytes.length;
    if (this.slice < sliceLength) return undefined;
    this.slice = 0;
    return this.othersTurn();
  }

  /** What came, once nothing more comes. */
  take(): Listing {
    return this.parser.finish();
  }

  /** A promise alone would not do: Node reads on, up to 32 times in one turn, when it is kept within that turn. */
  private othersTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.clock.setTimer(0, resolve, 'listing');
    });
  }
}

function tooLarge(path: string, bytes: number): FtpError {
  return new FtpError('too-large', 'The listing is too large to be one.', { facts: { path, bytes } });
}

const lineFeed = 0x0a;

/** 40 MiB hold some 400 000 entries: more than a person can look at, less than would exhaust the host. */
const maxListingBytes = 40 * 1024 * 1024;

/** Bytes that are parsed in one go: some 3000 entries, which take a few milliseconds in any format. */
const sliceLength = 256 * 1024;
