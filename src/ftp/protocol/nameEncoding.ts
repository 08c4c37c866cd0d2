import { decode as decodeAs, encode as encodeAs, encodingExists } from 'iconv-lite';
import { concatBytes, equalBytes } from '../../base/bytes';
import { LocalProtocolError } from './errors';

/** How the names of one server are written as bytes. Whole paths are taken, too. */
export interface NameEncoding {
  /** As it was asked for. */
  readonly label: string;
  /** Throws `LocalProtocolError`, without quoting the text, where a character cannot be written. */
  encode(text: string): Uint8Array;
  /** Never fails. What cannot be decoded is shown somehow, and encodes to the same bytes again. */
  decode(bytes: Uint8Array): string;
}

/**
 * `label` names any encoding that leaves ASCII as it is, or is 'auto': UTF-8, and windows-1252 for a name that is
 * no UTF-8. Throws `LocalProtocolError` for another one.
 */
export function createNameEncoding(label: string): NameEncoding {
  if (label === 'auto') return new RememberingEncoding(label, 'utf-8', decodeAuto);
  if (!encodingExists(label) || !leavesAsciiAlone(label)) {
    throw new LocalProtocolError('There is no such encoding for names.', { facts: { encoding: label } });
  }
  return new RememberingEncoding(label, label, (bytes) => decodeAs(bytes, label, keepMark));
}

/** Names that were decoded, but would be encoded differently: as many as a big directory has. */
const mostRemembered = 20_000;

const slash = 47;
const slashByte = Uint8Array.of(slash);
const replacement = '\ufffd';
const keepMark = { stripBOM: false };
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class RememberingEncoding implements NameEncoding {
  private readonly remembered = new Map<string, Uint8Array>();

  constructor(
    readonly label: string,
    private readonly target: string,
    private readonly decodeName: (bytes: Uint8Array) => string,
  ) {}

  encode(text: string): Uint8Array {
    if (this.remembered.size === 0) return this.encodeName(text);
    const parts = text
      .split('/')
      .flatMap((name) => [slashByte, this.remembered.get(name) ?? this.encodeName(name)]);
    return concatBytes(parts.slice(1));
  }

  decode(bytes: Uint8Array): string {
    if (bytes.every((byte) => byte < 128)) return strictUtf8.decode(bytes);
    return [...splitAtSlashes(bytes)].map((name) => this.decodeAndRemember(name)).join('/');
  }

  private decodeAndRemember(bytes: Uint8Array): string {
    const text = this.decodeName(bytes);
    // The latest wins: two names that look the same are told apart by nothing else.
    this.remembered.delete(text);
    if (!equalBytes(encodeAs(text, this.target), bytes)) this.remember(text, bytes.slice());
    return text;
  }

  private remember(text: string, bytes: Uint8Array): void {
    this.remembered.set(text, bytes);
    if (this.remembered.size <= mostRemembered) return;
    for (const [oldest] of this.remembered) {
      this.remembered.delete(oldest);
      return;
    }
  }

  private encodeName(text: string): Uint8Array {
    const bytes = new Uint8Array(encodeAs(text, this.target));
    // An encoder puts `?` or worse for what it lacks (Node's latin1 makes CR of č): read it back and see.
    if (decodeAs(bytes, this.target, keepMark) === text) return bytes;
    throw new LocalProtocolError(`A name cannot be written in ${this.target}.`, {
      facts: { encoding: this.target },
    });
  }
}

/** Commands are ASCII, and a path is cut at its slashes. */
function leavesAsciiAlone(label: string): boolean {
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => code);
  return equalBytes(encodeAs(strictUtf8.decode(ascii), label), ascii);
}

function decodeAuto(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    const text = decodeAs(bytes, 'windows-1252');
    // Five bytes mean nothing in windows-1252; as latin1 different names still look different.
    return text.includes(replacement) ? decodeAs(bytes, 'latin1') : text;
  }
}

function* splitAtSlashes(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let end = bytes.indexOf(slash); end >= 0; end = bytes.indexOf(slash, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  yield bytes.subarray(start);
}
