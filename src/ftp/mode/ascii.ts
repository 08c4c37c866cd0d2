/**
 * TYPE A from the wire (RFC 959 §3.1.1.1): CR LF becomes LF. A bare LF stays, for servers that forget the CR; so
 * does a CR before anything else (also CR NUL: FTP does not escape it as Telnet does). One object per file.
 */
export class AsciiDecoder {
  /** A CR at the end of what came, which may be half a line end. */
  private heldCr = false;

  /** `bytes` itself where there is no CR. */
  push(bytes: Uint8Array): Uint8Array {
    if (!this.heldCr && !bytes.includes(cr)) return bytes;
    const out = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (const byte of bytes) {
      if (this.heldCr && byte !== lf) out[length++] = cr;
      this.heldCr = byte === cr;
      if (!this.heldCr) out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  /** At the end of the file: a CR that nothing followed, or nothing. */
  end(): Uint8Array {
    const rest = this.heldCr ? Uint8Array.of(cr) : new Uint8Array(0);
    this.heldCr = false;
    return rest;
  }
}

/**
 * TYPE A to the wire: LF becomes CR LF. A CR LF stays what it is, for texts that have it already: doubled, servers
 * on Windows would keep CR CR LF. Hence such a text comes back with LF alone; a bare CR comes back.
 */
export class AsciiEncoder {
  private afterCr = false;

  /** `bytes` itself where there is no LF. */
  push(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    const out = bytes.includes(lf) ? this.withCrs(bytes) : bytes;
    this.afterCr = bytes.at(-1) === cr;
    return out;
  }

  private withCrs(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length * 2);
    let length = 0;
    let afterCr = this.afterCr;
    for (const byte of bytes) {
      if (byte === lf && !afterCr) out[length++] = cr;
      out[length++] = byte;
      afterCr = byte === cr;
    }
    return out.subarray(0, length);
  }
}

const cr = 13;
const lf = 10;
