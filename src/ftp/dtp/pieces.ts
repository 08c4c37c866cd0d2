/** Undefined: there are no more. */
export type Piece = Uint8Array | undefined;

/** A file's bytes on their way out. Whoever waits for the next has it before asking again. */
export interface Pieces {
  /** What is there already: to wait for each piece takes longer than to send it. Undefined: `next` knows more. */
  take(): Uint8Array | undefined;
  next(): Promise<Piece>;
  /** Nobody wants the rest. */
  release(): void;
}

/** What comes from elsewhere, with a promise for each piece. */
export function piecesFrom(source: AsyncIterable<Uint8Array>): Pieces {
  const iterator: AsyncIterator<Uint8Array, unknown> = source[Symbol.asyncIterator]();
  return {
    take: () => undefined,
    next: async () => {
      const next = await iterator.next();
      return next.done ? undefined : next.value;
    },
    release: () => {
      iterator.return?.().catch(() => undefined);
    },
  };
}

/** Bytes in memory. */
export function piecesOf(bytes: Uint8Array): Pieces {
  const pieces = split(bytes);
  return {
    take: () => pieces.shift(),
    next: () => Promise.resolve(pieces.shift()),
    release: () => (pieces.length = 0),
  };
}

/** Tells of each piece before it is handed out, and of the end. */
export function watched(source: Pieces, tell: (piece: Piece) => void): Pieces {
  const told = (piece: Piece): Piece => {
    tell(piece);
    return piece;
  };
  return {
    take: () => {
      const piece = source.take();
      return piece && told(piece);
    },
    next: () => source.next().then(told),
    release: () => source.release(),
  };
}

/** Nothing is copied. */
export function split(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length <= pieceBytes) return bytes.length > 0 ? [bytes] : [];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return pieces;
}

/** Small enough to stop soon on a slow line and for progress to move, large enough to cost nothing on a fast one. */
const pieceBytes = 64 * 1024;
