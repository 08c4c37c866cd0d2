/** TYPE A to the wire: a lone LF becomes CR LF (RFC 959 §3.1.1.1). One object per file: a CR may end a chunk. */
export class ToNetworkLines {
  private afterCr = false;

  translate(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) {
      if (byte === LF && !this.afterCr) out.push(CR);
      out.push(byte);
      this.afterCr = byte === CR;
    }
    return Uint8Array.from(out);
  }
}

/** TYPE A from the wire: CR LF becomes LF; a CR before anything else stays. */
export class FromNetworkLines {
  private heldCr = false;

  translate(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) {
      if (this.heldCr && byte !== LF) out.push(CR);
      this.heldCr = byte === CR;
      if (!this.heldCr) out.push(byte);
    }
    return Uint8Array.from(out);
  }

  /** What was held back. */
  finish(): Uint8Array {
    return Uint8Array.from(this.heldCr ? [CR] : []);
  }
}

const CR = 13;
const LF = 10;
