import type { Connection, Network } from '../../src/ftp/net/network';

/** What goes out for a command: reply lines without line end, or bytes as they are. */
export type Answer =
  string | Uint8Array | ((argument: string, server: ScriptedServer) => string | Uint8Array | undefined);

export interface Part {
  /** Sent on connecting; undefined: silence. */
  readonly greeting?: string | Uint8Array;
  /** By verb; what is missing gets a friendly default. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** What a data connection brings before it is closed. */
  readonly data?: Uint8Array;
  /** Closes the control connection as soon as it is open. */
  readonly hangUp?: boolean;
}

/** A server without sense, on any network: it says what it is told to say. For what no real server would do. */
export class ScriptedServer {
  readonly commands: string[] = [];
  connections = 0;
  dataPort = 0;
  private control: Connection | undefined;

  constructor(
    readonly network: Network,
    readonly host: string,
    public part: Part,
  ) {}

  /** Resolves with the port. */
  async start(): Promise<number> {
    const any = { first: 0, last: 0 };
    const data = await this.network.listen({ host: this.host, ports: any, backlog: 5 }, (c) =>
      this.serveData(c),
    );
    this.dataPort = data.local.port;
    const control = await this.network.listen({ host: this.host, ports: any, backlog: 5 }, (c) =>
      this.serve(c),
    );
    return control.local.port;
  }

  say(words: string | Uint8Array): void {
    const bytes = typeof words === 'string' ? new TextEncoder().encode(`${words}\r\n`) : words;
    this.control?.write(bytes);
  }

  /** The port that 227 names. */
  passivePort(): string {
    return `${this.dataPort >> 8},${this.dataPort & 255}`;
  }

  private serve(connection: Connection): void {
    this.connections++;
    this.control = connection;
    let pending = '';
    connection.receive({
      data: (bytes) => {
        pending += new TextDecoder().decode(bytes);
        for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
          this.answer(pending.slice(0, end));
          pending = pending.slice(end + 2);
        }
      },
      end: () => connection.close(),
      fault: () => undefined,
    });
    if (this.part.greeting !== undefined) this.say(this.part.greeting);
    if (this.part.hangUp) connection.close();
  }

  private answer(line: string): void {
    this.commands.push(line);
    const [verb = '', ...rest] = line.split(' ');
    const answer = this.part.answers?.[verb] ?? friendly[verb] ?? '502 Not here.';
    const words = typeof answer === 'function' ? answer(rest.join(' '), this) : answer;
    if (words !== undefined) this.say(words);
  }

  private serveData(connection: Connection): void {
    connection.receive({ data: () => undefined, end: () => connection.close(), fault: () => undefined });
    if (this.part.data) connection.write(this.part.data);
    connection.end();
  }
}

const friendly: Readonly<Record<string, Answer>> = {
  USER: '331 Password?',
  PASS: '230 Welcome.',
  TYPE: '200 OK',
  PWD: '257 "/"',
  SYST: '215 UNIX',
  FEAT: '211-Features\r\n EPSV\r\n211 End',
  CWD: '250 OK',
  EPSV: (_argument, server) => `229 OK (|||${server.dataPort}|)`,
  LIST: '150 Here it comes.\r\n226 Done.',
  RETR: '150 Here it comes.\r\n226 Done.',
  SIZE: '550 No.',
  QUIT: '221 Bye.',
};
