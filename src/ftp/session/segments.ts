import type { Command } from '../protocol/command';

/** pyftpdlib reads lines of at most 2048 bytes; a client that reads no reply meanwhile must not fill buffers. */
const maxSegmentBytes = 2048;
/** More replies than that in flight gain nothing: a new connection's congestion window takes ten segments. */
const maxSegmentCommands = 32;

/** Cuts commands into batches that may leave in one segment each; `fenced`: one by one. */
export function segments(commands: readonly Command[], fenced: boolean): Command[][] {
  const cut: Command[][] = [];
  let bytes = 0;
  for (const command of commands) {
    const length = lengthOf(command);
    const last = cut.at(-1);
    const fits = last && !fenced && last.length < maxSegmentCommands && bytes + length <= maxSegmentBytes;
    if (fits) last.push(command);
    else cut.push([command]);
    bytes = fits ? bytes + length : length;
  }
  return cut;
}

/** At most: a character takes up to four bytes in any encoding for names. */
function lengthOf({ verb, argument }: Command): number {
  return verb.length + (argument === undefined ? 0 : 1 + 4 * argument.length) + 2;
}
