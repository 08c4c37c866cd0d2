import { RemoteProtocolError } from '../protocol/errors';
import { DataGatherer } from './dataGatherer';
import { DescribedBytes } from './describedBytes';
import { endOfFileCode, endOfRecordCode, knownDescriptor, restartMarkerCode } from './descriptor';
import { ownMarker } from './restartMarker';
import type { Emit, ModeDecoder } from './decoder';
import type { ModeEncoder } from './encoder';

/**
 * Compressed mode (RFC 959 §3.4.3). A file is a row of strings, each with its count in its first byte:
 *
 *     0nnnnnnn d1 … dn   n bytes, 1 to 127
 *     10nnnnnn d         n times the byte d
 *     11nnnnnn           n fillers: blanks in TYPE A, zeros in TYPE I
 *
 * and before a string may stand an escape, 00000000 and a descriptor as in block mode, whose codes "apply to the
 * succeeding string of bytes": an end of record or file comes after that string, not where the escape is, and a
 * restart marker is that string. So an end of file without a last string needs an empty one, and the format has
 * two, zero fillers (C0) and zero replications; only a byte string must not be empty.
 *
 * Some take the escape alone for the end of the file. Then nothing follows it, and it stands as such when the
 * connection is closed: the reply and the size must tell, as in stream mode, that nothing was cut. Not so once
 * there was an end of record, since by their reading each of them was elsewhere. An escape that is followed by
 * another one would be theirs, too, and is refused.
 *
 * One byte makes 63 at most: that is the format's own factor.
 */
export class CompressedDecoder implements ModeDecoder {
  private state: State = boundary;
  private hasRecords = false;
  private readonly gatherer = new DataGatherer();
  private readonly repeated = new Uint8Array(longestRun);

  constructor(private readonly filler: number) {}

  get atBoundary(): boolean {
    return this.state === boundary;
  }

  push(bytes: Uint8Array, emit: Emit): void {
    const gather: Emit = (decoded) => this.gatherer.put(decoded, emit);
    try {
      for (let offset = 0; offset < bytes.length;) offset = this.take(bytes, offset, gather);
    } finally {
      // What came before an error is right.
      this.gatherer.flush(emit);
    }
  }

  close(emit: Emit): void {
    if (this.atBoundary) return;
    const descriptor = this.state.kind === 'string' ? this.state.descriptor : undefined;
    if (!((descriptor ?? 0) & endOfFileCode) || this.hasRecords) {
      throw new RemoteProtocolError('the data connection ended in the middle of a file');
    }
    this.finishString(this.describe(descriptor, 0, emit), emit);
  }

  private take(bytes: Uint8Array, offset: number, emit: Emit): number {
    const state = this.state;
    if (state.kind === 'bytes') {
      const next = state.string.take(bytes, offset, emit);
      if (state.string.left === 0) this.finishString(state.string, emit);
      return next;
    }
    const byte = bytes[offset]!;
    if (state.kind === 'string') this.beginString(byte, state.descriptor, emit);
    else if (state.kind === 'escape') this.state = { kind: 'string', descriptor: knownDescriptor(byte) };
    else this.repeat(byte, state.string, emit);
    return offset + 1;
  }

  private beginString(first: number, descriptor: number | undefined, emit: Emit): void {
    if (first === escape) {
      if (descriptor !== undefined) throw new RemoteProtocolError('an escape that is about no string');
      this.state = { kind: 'escape' };
      return;
    }
    if (first < replication) {
      this.state = { kind: 'bytes', string: this.describe(descriptor, first, emit) };
      return;
    }
    const string = this.describe(descriptor, first & longestRun, emit);
    if (first < filling) this.state = { kind: 'replication', string };
    else this.repeat(this.filler, string, emit);
  }

  private describe(descriptor: number | undefined, count: number, emit: Emit): DescribedBytes {
    return new DescribedBytes(descriptor ?? 0, count, emit);
  }

  private repeat(byte: number, string: DescribedBytes, emit: Emit): void {
    string.take(this.repeated.fill(byte, 0, string.left), 0, emit);
    this.finishString(string, emit);
  }

  private finishString(string: DescribedBytes, emit: Emit): void {
    this.state = string.endsFile ? boundary : betweenStrings;
    this.hasRecords = (this.hasRecords || string.endsRecord) && !string.endsFile;
    string.finish(emit);
  }
}

/** Finds runs of three bytes and of two fillers: below that they save nothing. */
export class CompressedEncoder implements ModeEncoder {
  constructor(private readonly filler: number) {}

  data(bytes: Uint8Array): Uint8Array[] {
    return bytes.length === 0 ? [] : [compress(bytes, this.filler)];
  }

  /** The empty string behind the escape makes it right for those, too, who take the escape alone for it. */
  endOfRecord(): Uint8Array {
    return Uint8Array.of(escape, endOfRecordCode, filling);
  }

  restartMarker(marker: Uint8Array): Uint8Array {
    const text = ownMarker(marker, longestByteString);
    return Uint8Array.of(escape, restartMarkerCode, text.length, ...text);
  }

  endOfFile(): Uint8Array {
    return Uint8Array.of(escape, endOfFileCode, filling);
  }
}

type State =
  /** The next byte begins a string or an escape; `descriptor` is that of an escape just before. */
  | { readonly kind: 'string'; readonly descriptor: number | undefined }
  | { readonly kind: 'escape' }
  | { readonly kind: 'bytes' | 'replication'; readonly string: DescribedBytes };

const boundary: State = { kind: 'string', descriptor: undefined };
const betweenStrings: State = { kind: 'string', descriptor: undefined };

const escape = 0;
const replication = 0b1000_0000;
const filling = 0b1100_0000;
const longestByteString = 127;
const longestRun = 63;

/** At most one byte in 127 longer, and one more: each run saves at least the byte that cutting a string costs. */
function compress(bytes: Uint8Array, filler: number): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.floor(bytes.length / longestByteString) + 1);
  let length = 0;
  let plain = 0;
  for (let at = 0, next = 0; at < bytes.length; at = next) {
    next = endOfRun(bytes, at);
    const byte = bytes[at]!;
    if (next - at < (byte === filler ? 2 : 3)) continue;
    length = putByteStrings(bytes.subarray(plain, at), out, length);
    length = putRun(byte, next - at, filler, out, length);
    plain = next;
  }
  return out.subarray(0, putByteStrings(bytes.subarray(plain), out, length));
}

function endOfRun(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + longestRun);
  let end = start + 1;
  while (end < last && bytes[end] === bytes[start]) end++;
  return end;
}

function putRun(byte: number, count: number, filler: number, out: Uint8Array, offset: number): number {
  if (byte === filler) {
    out[offset] = filling + count;
    return offset + 1;
  }
  out[offset] = replication + count;
  out[offset + 1] = byte;
  return offset + 2;
}

function putByteStrings(bytes: Uint8Array, out: Uint8Array, offset: number): number {
  let end = offset;
  for (let start = 0; start < bytes.length; start += longestByteString) {
    const string = bytes.subarray(start, start + longestByteString);
    out[end] = string.length;
    out.set(string, end + 1);
    end += string.length + 1;
  }
  return end;
}
