/**
 * The algorithm that an X.509 certificate is signed with, as a dotted object identifier; undefined for what is no
 * certificate. Node tells it only since version 24.
 *
 *   Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, … }, … }
 *
 * (RFC 5280 §4.1, in DER, X.690 §8.1.)
 */
export function signatureAlgorithm(certificate: Uint8Array): string | undefined {
  const outer = elementAt(certificate, 0);
  const signed = outer && elementAt(certificate, outer.start);
  const algorithm = signed && elementAt(certificate, signed.end);
  const identifier = algorithm && elementAt(certificate, algorithm.start);
  if (!identifier || certificate[algorithm.start] !== objectIdentifier) return undefined;
  return dotted(certificate.subarray(identifier.start, identifier.end));
}

const objectIdentifier = 0x06;

/** Where the content of an element begins and ends. */
interface Element {
  readonly start: number;
  readonly end: number;
}

function elementAt(bytes: Uint8Array, offset: number): Element | undefined {
  const first = bytes[offset + 1];
  if (first === undefined) return undefined;
  // 0x82 0x03 0x4d: two bytes of length follow.
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4) return undefined;
  let length = count === 0 ? first : 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[offset + 2 + i] ?? 0);
  const start = offset + 2 + count;
  return start + length <= bytes.length ? { start, end: start + length } : undefined;
}

/** Base 128, the first number holding two. */
function dotted(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}
