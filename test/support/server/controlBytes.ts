import type { ReplyAction } from './actions';

/** The wire form of a reply: UTF-8, CR LF after each line. */
export function encodeReply(reply: ReplyAction): Uint8Array {
  return new TextEncoder().encode(reply.lines.map((line) => `${line}\r\n`).join(''));
}

/** What a log shows of raw bytes. */
export function linesIn(bytes: Uint8Array): string[] {
  const lines = new TextDecoder('latin1').decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}
