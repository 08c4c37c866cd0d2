import type { Dialect } from '../relay/dialects';
import type { Perform } from './operations';

/** One end of a copy, while its session's turn is held. */
export interface CopyEnd {
  /** How the log calls the server. */
  readonly name: string;
  readonly path: string;
  readonly perform: Perform;
  /** What the site asks for. */
  readonly dialect: Dialect | undefined;
  /** A line of its log, after the mark `!`. */
  note(text: string): void;
}

/** What is copied from where to where. */
export interface CopyParts {
  readonly source: CopyEnd & {
    /** Bytes; unknown where the server has no SIZE. */
    readonly size: number | undefined;
  };
  readonly target: CopyEnd;
  readonly onProgress: ((bytes: number, total: number | undefined) => void) | undefined;
}
