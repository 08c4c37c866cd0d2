import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { liveProcesses } from './processGroup';

/** One process of this program serves one control connection, which is its standard input and output. */
export interface Service {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Files the program logs to; they need not exist. */
  readonly logs: readonly string[];
}

export interface Inetd {
  readonly port: number;
  stop(): Promise<void>;
  killSessions(): void;
  processes(): number[];
  log(): string;
}

/**
 * Listens like inetd and starts the service for each connection accepted.
 *
 * The port exists before any server process does, so nothing has to guess or wait for one. Each process leads a
 * process group of its own, and it is the group that gets killed: vsftpd's unprivileged child outlives its parent
 * and would keep the control connection open.
 */
export async function serveInetd(service: Service, host: string): Promise<Inetd> {
  const sessions = new Map<number, ChildProcess>();
  let errors = '';
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => undefined); // the client may be gone already
    const session = startSession(service, socket);
    socket.destroy(); // our copy of the descriptor; the process has its own
    session.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    session.on('error', (error) => (errors += `${error.message}\n`));
    const { pid } = session;
    if (pid === undefined) return;
    sessions.set(pid, session);
    session.on('exit', () => killGroup(pid));
    session.on('close', () => sessions.delete(pid));
  });
  server.listen({ host, port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const killSessions = () => [...sessions.keys()].forEach(killGroup);
  process.once('exit', killSessions);
  return {
    port,
    killSessions,
    processes: () => liveProcesses(new Set(sessions.keys())),
    log: () => [errors, ...service.logs.map(readLog)].filter((text) => text !== '').join('\n'),
    stop: async () => {
      const closed = server.listening ? once(server, 'close') : Promise.resolve();
      server.close();
      const ended = [...sessions.values()].map((session) => once(session, 'close'));
      killSessions();
      await Promise.all([closed, ...ended]);
      process.off('exit', killSessions);
    },
  };
}

function startSession(service: Service, socket: Socket): ChildProcess {
  return spawn(service.command, service.args, {
    stdio: [socket, socket, 'pipe'],
    detached: true, // a process group of its own
    env: service.env,
    cwd: service.cwd,
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // ESRCH: all of the group is gone already
  }
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
