import type { TLSSocket } from 'node:tls';
import { Dialogue } from './dialogue';
import type { Account } from './dialogues';

interface Manner {
  /** Takes up the newest session; default. */
  readonly resume?: boolean;
  /** What to send; absent: we receive. */
  readonly text?: string;
  /** What follows the text: close_notify (RFC 8446 §6.1), by default, or the bare end of the TCP stream. */
  readonly end?: 'close_notify' | 'FIN';
}

/** A conversation in TLS; `X: TLS …` says what became of handshakes. */
export class SecureDialogue extends Dialogue {
  /** AUTH TLS, and the handshake. */
  async secure(command = 'AUTH TLS'): Promise<void> {
    this.say(command);
    const [reply] = await this.hear();
    if (!reply?.startsWith('234')) return;
    const control = await this.client.secure();
    this.lines.push(`X: TLS on the control connection: ${String(control.getProtocol())}`);
  }

  /** Greeted, in TLS, signed in, and PROT P. */
  async arrive({ user, password }: Account): Promise<void> {
    await this.hear();
    await this.secure();
    await this.ask(`USER ${user}`, `PASS ${password}`, 'PBSZ 0', 'PROT P', 'TYPE I');
  }

  /** A transfer over a passive data connection in TLS, to its final reply. */
  async transfer(command: string, { resume = true, text, end = 'close_notify' }: Manner = {}): Promise<void> {
    this.say('EPSV');
    const offer = await this.hear();
    if (offer.length === 0) return; // vsftpd hangs up on who did not resume
    const socket = await this.dial(offer);
    this.say(command);
    const data = this.client.secureData(socket, resume);
    const handshake = handshakeOf(data);
    const ended = endOf(data);
    const [first] = await this.hear();
    if (!first?.startsWith('1')) return void data.destroy();
    const outcome = await handshake;
    if (text !== undefined && end === 'FIN') data.write(text, () => socket.end());
    else if (text !== undefined) data.end(text);
    const bytes = await ended;
    await this.hearFinal();
    this.lines.push(`X: TLS on the data connection: ${outcome}`);
    if (text === undefined) this.arrived(bytes);
  }
}

function handshakeOf(data: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    data.once('secureConnect', () => resolve(data.isSessionReused() ? 'resumed' : 'not resumed'));
    data.once('close', () => resolve('no handshake'));
  });
}

/** What came until the connection was closed, in order or not. */
function endOf(data: TLSSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  data.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => data.once('close', () => resolve(Buffer.concat(chunks))));
}
