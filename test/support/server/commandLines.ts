/** A command line as it came: the text, and what the police wants to know about its bytes. */
export interface CommandLine {
  readonly text: string;
  readonly tooLong: boolean;
  /** A CR, LF or NUL inside the line: an injection that got through a client's encoder. */
  readonly control: boolean;
}

/** Cuts the control connection's bytes into command lines; takes the Telnet layer off (RFC 959 §2.2, RFC 854). */
export class CommandLines {
  private line: number[] = [];
  private telnet: 'text' | 'iac' | 'option' = 'text';
  private length = 0;

  constructor(private readonly limit: number) {}

  push(bytes: Uint8Array): CommandLine[] {
    const lines: CommandLine[] = [];
    for (const byte of bytes) {
      if (!this.takesTelnet(byte)) continue;
      if (byte === LF && this.telnet === 'text') lines.push(this.finish());
      else this.add(byte);
    }
    return lines;
  }

  /** True when the byte is text. `IAC IAC` is one byte 255; `IAC WILL x` and `IAC IP` say nothing here. */
  private takesTelnet(byte: number): boolean {
    if (this.telnet === 'option') {
      this.telnet = 'text';
      return false;
    }
    if (this.telnet === 'iac') {
      this.telnet = byte >= WILL && byte <= DONT ? 'option' : 'text';
      return byte === IAC;
    }
    if (byte !== IAC) return true;
    this.telnet = 'iac';
    return false;
  }

  private add(byte: number): void {
    this.length++;
    if (this.length <= this.limit) this.line.push(byte);
  }

  private finish(): CommandLine {
    const tooLong = this.length > this.limit;
    const bytes = this.line;
    if (bytes.at(-1) === CR) bytes.pop();
    this.line = [];
    this.length = 0;
    const control = bytes.includes(CR) || bytes.includes(NUL);
    return { text: decode(Uint8Array.from(bytes)), tooLong, control };
  }
}

const IAC = 255;
const WILL = 251;
const DONT = 254;
const CR = 13;
const LF = 10;
const NUL = 0;

/** UTF-8 (RFC 2640 §2.2), else Latin-1: an old client's bytes are not lost. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return String.fromCharCode(...bytes);
  }
}
