interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** How fast a transfer is: bytes a second over the last few seconds. */
export class TransferRate {
  private samples: Sample[] = [];

  /** `bytes` counts from the start of the transfer; `at` in milliseconds. */
  add(at: number, bytes: number): void {
    const last = this.samples.at(-1);
    // A transfer that was interrupted and goes on may count from its start again.
    if (last && bytes < last.bytes) this.samples = [];
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - (this.samples[1]?.at ?? at) >= window) this.samples.shift();
  }

  /** Undefined before the second sample. */
  get bytesPerSecond(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at <= first.at) return undefined;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }

  /** When the number of bytes grew last. */
  get movedAt(): number {
    const last = this.samples.at(-1);
    const still = this.samples.find((sample) => sample.bytes === last?.bytes);
    return still?.at ?? 0;
  }
}

/** Milliseconds: long enough to be calm, short enough to follow a change. */
const window = 3000;
