import type { Entry } from './entry';

/** What a line alone does not tell. */
export interface ListingContext {
  /** The server's wall time in milliseconds since 1970: the year of `Jan 29 03:26` follows from it. */
  readonly now: number;
  /** Reads a name, owner or target in the session's encoding. Never throws. */
  readonly decode: (bytes: Uint8Array) => string;
}

/** `skip`: understood, but no entry (`total 7`, `.`). `undefined`: not a line of this format. */
export type ParsedLine = Entry | 'skip' | undefined;

/** One way servers write a directory. A format keeps no state: each line stands for itself. */
export interface LineFormat {
  readonly name: 'mlsd' | 'unix' | 'dos';
  /** `line` has no line end. */
  parseLine(line: Uint8Array, context: ListingContext): ParsedLine;
}
