import type { Random } from '../../../src/base/random';

/** Chance that a 32-bit seed repeats. Not for secrets. */
export class SeededRandom implements Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Independent of what was drawn here before: a new draw in one place does not shift the others. */
  fork(label: string): SeededRandom {
    return new SeededRandom(mixText(this.seed, label));
  }

  below(bound: number): number {
    return Math.floor((this.next() / 2 ** 32) * bound);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  private next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    return mix(this.state, this.seed);
  }
}

/** Two numbers become one of 32 bits in which every bit of both has a say (the finish of MurmurHash3). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 15), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

function mixText(seed: number, text: string): number {
  let h = mix(seed, text.length);
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}
