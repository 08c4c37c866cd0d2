import type { Reply } from '../protocol/reply';

// 213 12944
/** Bytes, as the reply to SIZE tells them (RFC 3659 §4). */
export function sizeFrom(reply: Reply | undefined): number | undefined {
  if (reply?.code !== 213) return undefined;
  const text = (reply.lines.at(-1) ?? '').slice(4).trim();
  const size = Number(text);
  return text !== '' && Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}
