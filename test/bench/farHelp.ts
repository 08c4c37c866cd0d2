import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import type { FarEnd, FarServer } from './farMain';

const echoCount = 9;
const loginCount = 5;

/** Asks the far end what is to be known of the link and of its servers at this very time: machines are not idle. */
export class FarHelp {
  private readonly lines: Interface;

  private constructor(private readonly socket: Socket) {
    this.lines = createInterface({ input: socket });
  }

  static async reach({ helpPort, servers }: FarEnd): Promise<FarHelp> {
    const socket = connect({ host: servers[0]?.host ?? '', port: helpPort, noDelay: true });
    await once(socket, 'connect');
    return new FarHelp(socket);
  }

  /** Milliseconds of a few bytes there and back, several times. */
  echoes(): Promise<number[]> {
    return this.repeat(echoCount, async () => {
      const began = performance.now();
      await this.ask('echo');
      return performance.now() - began;
    });
  }

  /** Milliseconds that a login takes this server itself, several times. */
  ownLogins({ name }: FarServer): Promise<number[]> {
    return this.repeat(loginCount, async () => Number(await this.ask(`login ${name}`)));
  }

  /** Puts a numbered file of `size` bytes where the account arrives; answers its path as seen through FTP. */
  makeLarge({ name }: FarServer, size: number): Promise<string> {
    return this.ask(`make ${name} ${size}`);
  }

  /** Rejects unless the numbered file at this path of FTP is whole; removes it. */
  async checkLarge({ name }: FarServer, path: string, size: number): Promise<void> {
    const answer = await this.ask(`check ${name} ${size} ${path}`);
    if (answer !== 'whole') throw new Error(answer);
  }

  close(): void {
    this.socket.destroy();
  }

  private async repeat(times: number, work: () => Promise<number>): Promise<number[]> {
    const results: number[] = [];
    while (results.length < times) results.push(await work());
    return results;
  }

  private async ask(line: string): Promise<string> {
    const answer = once(this.lines, 'line') as Promise<[string]>;
    this.socket.write(`${line}\n`);
    return (await answer)[0];
  }
}
