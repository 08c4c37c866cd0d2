import { HEADER } from './traffic';

/** A ClientHello (RFC 8446 §4.1.2) as it stands at the beginning of a connection. */
export interface ClientHello {
  /** The first ticket offered (pre_shared_key, RFC 8446 §4.2.11), in hexadecimal; of TLS 1.3 alone. */
  readonly ticket: string | undefined;
}

/** Reads it; 'more' when bytes are missing, undefined when it is something else. */
export function readClientHello(bytes: Uint8Array): ClientHello | 'more' | undefined {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return undefined;
  const view = Buffer.from(bytes);
  if (view.length < HEADER || view.length < HEADER + view.readUInt16BE(3)) return 'more';
  return { ticket: ticketIn(view) };
}

function ticketIn(view: Buffer): string | undefined {
  // Behind the record's header: type and length of the message, version, random; then three lists.
  let at = HEADER + 4 + 2 + 32;
  at += 1 + (view[at] ?? 0);
  at += 2 + view.readUInt16BE(at);
  at += 1 + (view[at] ?? 0);
  for (at += 2; at + 4 <= view.length; at += 4 + view.readUInt16BE(at + 2)) {
    if (view.readUInt16BE(at) !== PRE_SHARED_KEY) continue;
    const length = view.readUInt16BE(at + 6);
    return view.toString('hex', at + 8, at + 8 + length);
  }
  return undefined;
}

const HANDSHAKE = 22;
const PRE_SHARED_KEY = 41;
