/** What happened in a run, in 64 bits: two runs of one seed must be equal. */
export class EventHash {
  private high = 0xdeadbeef;
  private low = 0x41c6ce57;
  private readonly number = new Float64Array(1);
  private readonly halves = new Uint32Array(this.number.buffer);

  addNumber(value: number): void {
    this.number[0] = value;
    this.add(this.halves[0] ?? 0);
    this.add(this.halves[1] ?? 0);
  }

  addBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.add(byte);
  }

  toString(): string {
    return hex(this.high) + hex(this.low);
  }

  private add(word: number): void {
    this.high = Math.imul(this.high ^ word, 0x9e3779b1);
    this.low = Math.imul(this.low ^ word, 0x5f356495);
    this.high ^= this.low >>> 15;
    this.low ^= this.high >>> 13;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
