/** pyftpdlib reads lines of at most 2048 bytes; a client that reads no reply meanwhile must not fill buffers. */
const mostBytes = 2048;
/** More replies than that in flight gain nothing: a new connection's congestion window takes ten segments. */
export const mostCommands = 32;

/** Commands of a batch in their order: how far it has got. */
export interface BatchProgress {
  /** Bytes of each command, with its line end. */
  readonly lengths: readonly number[];
  readonly sent: number;
  readonly answered: number;
}

/**
 * How many more commands may leave now, in one segment; 0: none before a further reply. What is out and not answered is
 * bounded; half of it is awaited before more follows, or every reply would draw a segment of its own. `fenced`: one by
 * one.
 */
export function leaving({ lengths, sent, answered }: BatchProgress, fenced: boolean): number {
  const waiting = sent - answered;
  if (waiting > 0 && fenced) return 0;
  let bytes = total(lengths.slice(answered, sent));
  const isHalfFree = 2 * waiting <= mostCommands && 2 * bytes <= mostBytes;
  let end = sent;
  for (const length of lengths.slice(sent, answered + (fenced ? 1 : mostCommands))) {
    bytes += length;
    // Longer than the bound, it goes alone.
    if (bytes > mostBytes && end > answered) break;
    end += 1;
  }
  return end === lengths.length || isHalfFree ? end - sent : 0;
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}
