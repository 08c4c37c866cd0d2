import { concatBytes } from '../../base/bytes';
import { dosFormat } from './dos';
import type { Entry } from './entry';
import type { LineFormat, ListingContext } from './lineFormat';
import { mlsdFormat } from './mlsd';
import { asciiBlock, type AsciiBlock, type PlainReader } from './plainLines';
import { PlainMlsdReader } from './plainMlsd';
import { PlainUnixReader } from './plainUnix';
import { unixFormat } from './unix';

export interface Listing {
  readonly entries: Entry[];
  /** The format's name; undefined when no line was understood, which is no error of an empty listing. */
  readonly format: LineFormat['name'] | undefined;
  /** Lines that were not understood. An empty folder has none; a foreign format has all of them. */
  readonly unparsed: number;
}

/** Which command was answered: `mlsd` is read as facts only, `list` never is. */
export type ListingCommand = 'mlsd' | 'list';

/** Longer lines are counted as not understood: no file system has such names, and the text is kept in memory. */
export const longestLine = 64 * 1024;

/** A whole listing at once. Lines end with CR LF or LF, the last one perhaps with neither. */
export function parseListing(bytes: Uint8Array, how: ListingCommand, context: ListingContext): Listing {
  const parser = new ListingParser(how, context);
  parser.push(bytes);
  return parser.finish();
}

/** A listing piece by piece, as the data connection brings it: the work of `push` is linear in its bytes. */
export class ListingParser {
  private readonly attempts: readonly [Attempt, ...Attempt[]];
  private pending: Uint8Array[] = [];
  private pendingLength = 0;
  /** Of the preferred format. */
  private readonly entries: Entry[];
  private readonly plain: PlainReader;
  /** Lines that it has read, and no other format could. */
  private plainLines = 0;

  constructor(
    private readonly how: ListingCommand,
    private readonly context: ListingContext,
  ) {
    const preferred = attemptWith(how === 'mlsd' ? mlsdFormat : unixFormat);
    this.attempts = how === 'mlsd' ? [preferred] : [preferred, attemptWith(dosFormat)];
    this.entries = preferred.entries;
    this.plain = how === 'mlsd' ? new PlainMlsdReader() : new PlainUnixReader(context.now);
  }

  /** The bytes are of no use to it afterwards. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += blockLength) {
      this.pushBlock(bytes.subarray(at, at + blockLength));
    }
  }

  private pushBlock(bytes: Uint8Array): void {
    const block = asciiBlock(bytes);
    if (block || bytes.length <= partLength) return this.pushPart(bytes, block);
    for (let at = 0; at < bytes.length; at += partLength) {
      const part = bytes.subarray(at, at + partLength);
      this.pushPart(part, asciiBlock(part));
    }
  }

  private pushPart(bytes: Uint8Array, block: AsciiBlock | undefined): void {
    const first = this.pendingLength > 0 ? bytes.indexOf(lineFeed) : -1;
    if (first >= 0) this.endLine(bytes.subarray(0, first));
    const last = bytes.lastIndexOf(lineFeed);
    for (let start = first + 1; start <= last;) start = this.pushLine(bytes, start, block) + 1;
    this.hold(bytes.subarray(last + 1));
  }

  /** Answers where it ends. */
  private pushLine(bytes: Uint8Array, start: number, block: AsciiBlock | undefined): number {
    const entry = block && this.plain.read(block, start);
    if (entry && this.plain.end - start <= longestLine) {
      this.plainLines += 1;
      this.entries.push(entry);
      return this.plain.end;
    }
    const end = bytes.indexOf(lineFeed, start);
    this.endLine(bytes.subarray(start, end));
    return end;
  }

  /** Keeps the format that left the fewest lines over; among equals the first. */
  finish(): Listing {
    this.endLine(noBytes);
    kept[this.how] ??= parserThatRead(samples[this.how], this.how);
    const [preferred, ...others] = this.attempts;
    const best = others.find(({ unparsed }) => unparsed + this.plainLines < preferred.unparsed);
    const { entries, understood, unparsed, format } = best ?? preferred;
    const isKnown = understood > 0 || (!best && this.plainLines > 0);
    return {
      entries,
      format: isKnown ? format.name : undefined,
      unparsed: unparsed + (best ? this.plainLines : 0),
    };
  }

  private hold(part: Uint8Array): void {
    this.pendingLength += part.length;
    if (this.pendingLength > longestHeld) this.pending = [];
    else if (part.length > 0) this.pending.push(part.slice());
  }

  private endLine(lastPart: Uint8Array): void {
    let line = lastPart;
    if (this.pendingLength > 0) {
      this.hold(lastPart);
      line = this.pendingLength > longestHeld ? tooLong : concatBytes(this.pending);
      this.pending = [];
      this.pendingLength = 0;
    }
    this.parseLine(withoutCarriageReturn(line));
  }

  private parseLine(line: Uint8Array): void {
    if (isBlankLine(line)) return;
    for (const attempt of this.attempts) {
      const parsed = line.length > longestLine ? undefined : attempt.format.parseLine(line, this.context);
      if (parsed === undefined) {
        attempt.unparsed += 1;
        continue;
      }
      attempt.understood += 1;
      if (parsed !== 'skip') attempt.entries.push(parsed);
    }
  }
}

/**
 * V8 throws away what it has optimized for shapes that no object has any more. Of each kind a parser that has read a line
 * stays, with its reader and its entry, or every large listing would begin at half the speed.
 */
const kept: { [How in ListingCommand]?: ListingParser } = {};

const samples: Readonly<Record<ListingCommand, string>> = {
  mlsd: 'type=file;size=1;modify=20000101000000; a\n',
  list: '-rw-r--r-- 1 a a 1 Jan  1  2000 a\n',
};

function parserThatRead(line: string, how: ListingCommand): ListingParser {
  const parser = new ListingParser(how, { now: 0, decode: () => '' });
  parser.push(new TextEncoder().encode(line));
  return parser;
}

/** How far one format came. All run over the whole listing, since a first line proves little. */
interface Attempt {
  readonly format: LineFormat;
  readonly entries: Entry[];
  understood: number;
  unparsed: number;
}

function attemptWith(format: LineFormat): Attempt {
  return { format, entries: [], understood: 0, unparsed: 0 };
}

/** Bytes that are turned into text at once: V8 moves strings of less than 128 KiB about when it collects garbage. */
const blockLength = 192 * 1024;

/** Where not all of them are ASCII: little enough that a single odd name makes few lines slower. */
const partLength = 16 * 1024;

/** With the carriage return that may follow. */
const longestHeld = longestLine + 1;

const lineFeed = 0x0a;
const noBytes = new Uint8Array(0);

/** Stands for a line of which nothing was kept. */
const tooLong = new Uint8Array(longestLine + 1).fill(0x3f);

function withoutCarriageReturn(line: Uint8Array): Uint8Array {
  return line[line.length - 1] === 0x0d ? line.subarray(0, -1) : line;
}

function isBlankLine(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}
