import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer, type Server } from 'node:net';
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
  const port = await listenAboveFreePort(server, host);
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

/** Even ports below the range the kernel gives away: nobody is handed L-1, and no other daemon listens on it. */
const portChoice = { first: 20_000, last: 32_766 };
const portAttempts = 100;

/** Listens on a port L such that L-1 is free: a server's own end of the default data connection is L-1. */
async function listenAboveFreePort(server: Server, host: string): Promise<number> {
  for (let attempt = 0; attempt < portAttempts; attempt++) {
    const choices = (portChoice.last - portChoice.first) / 2 + 1;
    const port = portChoice.first + 2 * Math.floor(Math.random() * choices);
    if (!(await listens(server, host, port))) continue;
    if (await isFree(host, port - 1)) return port;
    await closed(server);
  }
  throw new Error(`no two free ports between ${portChoice.first} and ${portChoice.last}`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  const free = await listens(probe, host, port);
  if (free) await closed(probe);
  return free;
}

function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', succeeded);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const succeeded = () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port === port);
    };
    server.once('error', failed).once('listening', succeeded);
    server.listen({ host, port, exclusive: true });
  });
}

async function closed(server: Server): Promise<void> {
  const event = once(server, 'close');
  server.close();
  await event;
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
