import type { Clock } from '../../../src/base/clock';
import type { Outside } from '../../../src/base/outside';
import type { Connection, Endpoint, Listener, Network, PortRange } from '../../../src/ftp/net/network';
import type { Files } from './files';
import type { Damage } from './modes/damage';
import type { WireSettings } from './modes/mode';
import type { Persona } from './persona';
import { reference } from './personas/reference';
import { Police, type Violation } from './police';
import type { Script } from './script';
import type { Account, ServerSettings } from './session';
import { SessionDriver, type House } from './sessionDriver';
import type { Encounter } from './tls/encounters';
import { tlsSettings, type TlsOptions } from './tls/tlsSettings';
import { TrafficRecord, type Traffic } from './tls/traffic';
import { Wire } from './tls/wire';

export interface ServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly files: Files;
  readonly persona?: Persona;
  /** Password, or password and account, by user name. Default: `{ web: 'secret' }`. */
  readonly users?: Readonly<Record<string, string | Account>>;
  /** `anonymous` and `ftp` with any password; default true. */
  readonly anonymous?: boolean;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Port L; default: any whose neighbour L-1 is free, too. */
  readonly port?: number;
  /** Ports of passive data connections; default: any. */
  readonly ports?: PortRange;
  readonly script?: Script;
  /** Data connections with hosts that are not the control connection's peer: server-to-server transfers. */
  readonly thirdHosts?: boolean;
  /** Logins to refuse first. */
  readonly refuseLogins?: number;
  /** Asked for each download over a data connection that vsftpd dialled; default: it waits every time. */
  readonly activeRace?: NonNullable<ServerSettings['activeRace']>;
  /** Says 120 before 220. */
  readonly greetingDelay?: boolean;
  /** Milliseconds without a command until 421; default: never. */
  readonly idleLimit?: number;
  /** Bytes of one write on a data connection; default 64 KiB. Small ones make more fault points. */
  readonly chunkSize?: number;

  /** What it chooses in block and compressed mode; default: data connections stay open, no markers. */
  readonly wire?: Partial<WireSettings>;
  /** Lies on data connections; to be changed in `settings` as a test goes on. */
  readonly damage?: Damage;
  /** Knows SITE CPFR and SITE CPTO, and says so in FEAT; default false. */
  readonly siteCopy?: boolean;
  /** Knows SOCK and LSTN (see `historicalCommands`); 'strict': SOCK's port must be the peer's, too. */
  readonly historical?: boolean | 'strict';
  /** TLS as of RFC 4217; over what the persona does. Default: none. */
  readonly tls?: TlsOptions;
  /** Keeps the raw bytes of all connections (see `traffic`); default false: they may be many. */
  readonly record?: boolean;
  /** Told of real work on other threads (MODE Z); default: it is just done. The simulation needs its own. */
  readonly outside?: Outside;

  /** Told what the client did wrong (see `Rule`); default: nobody watches. */
  readonly onViolation?: (violation: Violation) => void;
  /** Milliseconds of a round trip, in simulation: by then the client must have closed its data connection. */
  readonly roundTrip?: number;
}

export interface LogLine {
  /** Monotonic milliseconds of the server's clock. */
  readonly at: number;
  /** Counts the control connections from 1. */
  readonly session: number;
  /** 'C': from the client; 'S': from the server. */
  readonly direction: 'C' | 'S';
  readonly line: string;
}

/** An FTP server to test against: RFC 959 by default, or a persona of a real one. */
export class ReferenceServer {
  readonly log: LogLine[] = [];
  /** Handshakes that were completed, of control and data connections, in order. */
  readonly handshakes: Encounter[] = [];
  /** Control connections so far. */
  sessions = 0;
  readonly settings: ServerSettings;
  private readonly records: TrafficRecord[] = [];
  private readonly live = new Set<SessionDriver>();
  private readonly house: House;
  /** Sessions that died by a script. */
  private readonly leaving: Promise<void>[] = [];
  private listener!: Listener;

  private constructor(private readonly options: ServerOptions) {
    this.settings = settingsOf(options);
    this.house = {
      network: options.network,
      clock: options.clock,
      outside: options.outside ?? { run: (_what, work) => work() },
      files: options.files,
      settings: this.settings,
      script: options.script,
      log: (session, direction, line) => this.log.push({ at: options.clock.now(), session, direction, line }),
      roundTrip: options.roundTrip,
      police: new Police(
        { servesInTurn: this.settings.persona.servesInTurn, thirdHosts: this.settings.thirdHosts },
        (violation) => options.onViolation?.(violation),
      ),
      record: (session, kind, remote) => this.record(session, kind, remote),
      met: (encounter) => this.handshakes.push(encounter),
      ended: (session) => this.live.delete(session),
      die: (forGood) => this.die(forGood),
    };
  }

  static async start(options: ServerOptions): Promise<ReferenceServer> {
    const server = new ReferenceServer(options);
    await server.listen();
    return server;
  }

  get host(): string {
    return this.listener.local.host;
  }

  get port(): number {
    return this.listener.local.port;
  }

  /** Control connections that are open now. */
  get connected(): number {
    return this.live.size;
  }

  /** Command lines received, of all sessions, in order. */
  commands(): string[] {
    return this.log.filter(({ direction }) => direction === 'C').map(({ line }) => line);
  }

  /** The dialogue as `C: …` and `S: …` lines; of one session, or of all. */
  dialogue(session?: number): string[] {
    const lines = this.log.filter((entry) => session === undefined || entry.session === session);
    return lines.map(({ direction, line }) => `${direction}: ${line}`);
  }

  /** Raw bytes of every TCP connection so far, below TLS, where the options asked for them. */
  get traffic(): Traffic[] {
    return this.records.map((record) => record.read());
  }

  /** Resets all connections; the listener stays: the daemon was killed and started again. */
  async dropSessions(): Promise<void> {
    await Promise.all([...this.live].map((session) => session.stop()));
  }

  /** Ends everything; resolves when files are closed. */
  async stop(): Promise<void> {
    this.listener.dispose();
    await this.dropSessions();
    await Promise.all(this.leaving);
  }

  private async listen(): Promise<void> {
    const { network, host = '127.0.0.1', port } = this.options;
    const accepted = (connection: Connection): void => this.admit(connection);
    for (let attempt = 1; ; attempt++) {
      const ports = { first: port ?? 0, last: port ?? 0 };
      const listener = await network.listen({ host, ports, backlog: BACKLOG }, accepted);
      if (
        port !== undefined ||
        attempt === ATTEMPTS ||
        (await isFree(network, host, listener.local.port - 1))
      ) {
        this.listener = listener;
        this.settings.controlPort = listener.local.port;
        return;
      }
      listener.dispose();
    }
  }

  private admit(connection: Connection): void {
    const record = this.record(++this.sessions, 'control', connection.remote);
    const session = new SessionDriver(this.house, this.sessions, new Wire(connection, record));
    this.live.add(session);
    session.start();
  }

  private record(session: number, kind: 'control' | 'data', remote: Endpoint): TrafficRecord | undefined {
    if (!this.options.record) return undefined;
    const record = new TrafficRecord(session, kind, remote);
    this.records.push(record);
    return record;
  }

  private die(forGood: boolean): void {
    if (forGood) this.listener.dispose();
    for (const session of [...this.live]) this.leaving.push(session.stop());
  }
}

/** As Linux has it for a busy server. */
const BACKLOG = 511;
/** Neighbours of free ports are nearly always free. */
const ATTEMPTS = 20;

/** RFC 959 §3.2: the server's default data port is L-1. */
async function isFree(network: Network, host: string, port: number): Promise<boolean> {
  try {
    const at = { host, ports: { first: port, last: port }, backlog: 1 };
    (await network.listen(at, (connection) => connection.reset())).dispose();
    return true;
  } catch {
    return false;
  }
}

function settingsOf(options: ServerOptions): ServerSettings {
  const { users = { web: 'secret' } } = options;
  const accounts = Object.entries(users).map(
    ([name, user]) => [name, typeof user === 'string' ? { password: user } : user] as const,
  );
  const settings: ServerSettings = {
    persona: options.persona ?? reference,
    users: new Map(accounts),
    anonymous: options.anonymous ?? true,
    controlPort: options.port ?? 0,
    ports: options.ports ?? { first: 0, last: 0 },
    thirdHosts: options.thirdHosts ?? false,
    greetingDelay: options.greetingDelay ?? false,
    chunkSize: options.chunkSize ?? 65_536,
    wire: { keeps: true, blockSize: 32_768, endsApart: false, markerEvery: 0, ...options.wire },
    damage: options.damage,
    siteCopy: options.siteCopy ?? false,
    historical: options.historical ?? false,
    refuseLogins: options.refuseLogins ?? 0,
    ...(options.activeRace && { activeRace: options.activeRace }),
  };
  const tls = options.tls && tlsSettings({ ...settings.persona.tls, ...options.tls });
  const { idleLimit } = options;
  return { ...settings, ...(idleLimit !== undefined && { idleLimit }), ...(tls && { tls }) };
}
