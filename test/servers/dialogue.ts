import type { Socket } from 'node:net';
import { type ActiveEnd, type WireClient, openActive, receiveAll, sendAll } from './wireClient';

/**
 * A conversation that writes itself down: `C:` commands, `S:` reply lines, `D:` what a data connection brought
 * (after the replies to its transfer, since the two connections have no order), `X:` what became of connections.
 */
export class Dialogue {
  readonly lines: string[] = [];
  private readonly ends: (() => void)[] = [];

  constructor(protected readonly client: WireClient) {}

  /** Sends these commands in one segment. */
  say(...commands: string[]): void {
    this.lines.push(...commands.map((command) => `C: ${command}`));
    this.client.send(...commands);
  }

  /** Waits for so many replies, preliminary or final. */
  async hear(replies = 1): Promise<string[]> {
    const heard: string[] = [];
    for (let count = 0; count < replies; count++) heard.push(...this.heard(await this.client.reply()));
    return heard;
  }

  /** Waits for so many final replies. */
  async hearFinal(replies = 1): Promise<void> {
    for (let count = 0; count < replies; count++) this.heard(await this.client.finalReply());
  }

  /** Sends these commands one after the other, each when the one before has its final reply. */
  async ask(...commands: string[]): Promise<void> {
    for (const command of commands) {
      this.say(command);
      await this.hearFinal();
    }
  }

  /** Waits for replies until the one to a command that only this code can answer. */
  async hearUntil(code: string): Promise<void> {
    for (;;) {
      const reply = this.heard(await this.client.reply());
      if (reply.length === 0 || reply[0]?.startsWith(code)) return;
    }
  }

  /**
   * Negotiates a passive data connection and opens it. The NOOP gives an asynchronous server the time to accept it:
   * pyftpdlib says 125 or 150 to the command that follows, as the race falls.
   */
  async openPassive(command: 'EPSV' | 'PASV' = 'EPSV'): Promise<Socket> {
    this.say(command);
    const data = await this.dial(await this.hear());
    await this.ask('NOOP');
    return data;
  }

  async dial(offer: readonly string[]): Promise<Socket> {
    const data = await this.client.dial(offer);
    this.ends.push(() => data.destroy());
    return data;
  }

  /** A port of ours for the server to dial; `command` announces it. */
  async listen(): Promise<ActiveEnd & { readonly command: string }> {
    const active = await openActive(this.client.host);
    this.ends.push(active.close);
    return { ...active, command: `EPRT |1|${this.client.host}|${active.port}|` };
  }

  /** A transfer to us over an open data connection, to its final reply; a refusal ends the data connection. */
  async fetch(command: string, data: Socket): Promise<void> {
    this.say(command);
    const [first] = await this.hear();
    if (!first?.startsWith('1')) return void data.destroy();
    const bytes = await receiveAll(data);
    await this.hearFinal();
    this.arrived(bytes, listings.test(command));
  }

  /** A transfer from us over an open data connection, to its final reply. */
  async store(command: string, data: Socket, text: string): Promise<void> {
    this.say(command);
    const [first] = await this.hear();
    if (!first?.startsWith('1')) return void data.destroy();
    await sendAll(data, Buffer.from(text, 'latin1'));
    await this.hearFinal();
  }

  /** Writes down what a data connection brought; a listing sorted by name, as its order is the disk's. */
  arrived(bytes: Buffer, listing = false): void {
    const lines = bytes.toString('latin1').split(/(?<=\n)/);
    if (listing) lines.sort((one, other) => (nameIn(one) < nameIn(other) ? -1 : 1));
    const shown = lines.map((line) => `D: ${line.replaceAll('\r', '<CR>').replace('\n', '<LF>')}`);
    this.lines.push(...(bytes.length === 0 ? ['X: data connection ended, no bytes'] : shown));
  }

  end(): void {
    for (const end of this.ends) end();
    this.client.close();
  }

  private heard(lines: string[]): string[] {
    this.lines.push(
      ...(lines.length === 0 ? ['X: control connection closed'] : lines.map((line) => `S: ${line}`)),
    );
    return lines;
  }
}

const listings = /^(LIST|NLST|MLSD)/;

/** The names in the probe folder have no blanks. */
function nameIn(line: string): string {
  return line.trimEnd().split(' ').at(-1) ?? '';
}
