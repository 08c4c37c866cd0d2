export interface LinkParts {
  readonly rawName: Uint8Array;
  /** Absent when the server shows no target. */
  readonly rawTarget?: Uint8Array;
}

/**
 * Parts `name -> target`. Either side may hold ` -> ` itself; the size of a symbolic link is the length of its
 * target in bytes and tells where to cut. Where it does not fit (servers that give the size of the file behind
 * the link) the first arrow counts.
 */
export function splitLink(text: Uint8Array, size: number | undefined): LinkParts {
  const bySize = size === undefined ? -1 : text.length - size - arrow.length;
  const at = size !== 0 && isArrowAt(text, bySize) ? bySize : firstArrow(text);
  if (at < 0) return { rawName: text };
  return { rawName: text.subarray(0, at), rawTarget: text.subarray(at + arrow.length) };
}

const arrow = [0x20, 0x2d, 0x3e, 0x20];

function firstArrow(text: Uint8Array): number {
  // A link has a name and a target of one byte at least.
  for (let at = 1; at + arrow.length < text.length; at++) if (isArrowAt(text, at)) return at;
  return -1;
}

function isArrowAt(text: Uint8Array, at: number): boolean {
  return at > 0 && arrow.every((byte, i) => text[at + i] === byte);
}
