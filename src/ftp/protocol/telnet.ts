/**
 * Takes the Telnet commands out of the server's half of a control connection (RFC 959 §2.3). A byte 255 (IAC)
 * begins a command of two or three bytes, or a subnegotiation. Servers rarely send any, but one that offers an
 * option waits for its refusal.
 */
export class TelnetFilter {
  private state: State = { kind: 'text' };

  /**
   * Splits what came into text for the reply parser and bytes to send back at once. `text` is `bytes` itself
   * where there is nothing of Telnet in it, which is nearly always.
   */
  push(bytes: Uint8Array): { text: Uint8Array; answer: Uint8Array } {
    if (this.state.kind === 'text' && !bytes.includes(iac)) return { text: bytes, answer: nothing };
    const text: number[] = [];
    const answer: number[] = [];
    for (const byte of bytes) this.state = take(this.state, byte, text, answer);
    return { text: Uint8Array.from(text), answer: Uint8Array.from(answer) };
  }
}

type State =
  | { readonly kind: 'text' | 'command' }
  | { readonly kind: 'option'; readonly verb: number }
  | { readonly kind: 'subnegotiation'; readonly length: number; readonly afterIac: boolean };

const iac = 255;
const dont = 254;
const doOption = 253;
const wont = 252;
const will = 251;
const subnegotiationBegin = 250;
const subnegotiationEnd = 240;

// No option that a server of files could need says more; what follows is no Telnet.
const longestSubnegotiation = 1024;

const nothing = new Uint8Array(0);
const inText: State = { kind: 'text' };

function take(state: State, byte: number, text: number[], answer: number[]): State {
  switch (state.kind) {
    case 'text':
      if (byte === iac) return { kind: 'command' };
      text.push(byte);
      return state;
    case 'command':
      // IAC IAC is the byte 255 as text: the last letter of the alphabet in windows-1251.
      if (byte === iac) text.push(iac);
      return stateAfterCommand(byte);
    case 'option':
      answer.push(...refusalOf(state.verb, byte));
      return inText;
    case 'subnegotiation':
      return stateInSubnegotiation(state.length + 1, byte, state.afterIac);
  }
}

function stateAfterCommand(byte: number): State {
  if (byte >= will && byte <= dont) return { kind: 'option', verb: byte };
  if (byte === subnegotiationBegin) return { kind: 'subnegotiation', length: 0, afterIac: false };
  return inText;
}

/** It ends at IAC SE; IAC IAC is a byte of it. */
function stateInSubnegotiation(length: number, byte: number, afterIac: boolean): State {
  if ((afterIac && byte === subnegotiationEnd) || length > longestSubnegotiation) return inText;
  return { kind: 'subnegotiation', length, afterIac: byte === iac && !afterIac };
}

/**
 * Every option is refused (RFC 1123 §4.1.2.12). WONT and DONT say what already holds and are not answered, or
 * the two sides would answer one another for ever (RFC 854).
 */
function refusalOf(verb: number, option: number): number[] {
  if (verb === will) return [iac, dont, option];
  return verb === doOption ? [iac, wont, option] : [];
}
