import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/event';
import { FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../ftp/index';
import type { Credentials } from './credentials';
import type { ProfileMemory } from './profileMemory';
import {
  ServerConnection,
  type AskPassword,
  type ServerSettings,
  type ServerStanding,
} from './serverConnection';
import type { TlsServices } from './serverTls';
import type { SessionSource } from './sessionSource';
import { connectionOptions, findSite, type ConnectionDefaults, type Site } from './siteSettings';
import { authorityOf, parseAuthority, type ServerAddress } from './siteUri';
import { WireRing } from './wireRing';

export interface ConnectionsOptions {
  readonly connect: (options: ConnectOptions) => Promise<FtpSession>;
  readonly sites: () => readonly Site[];
  /** General settings, which a folder of this authority may override. */
  readonly defaults: (authority: string) => ConnectionDefaults;
  readonly credentials: Credentials;
  readonly profiles: ProfileMemory;
  readonly tls: TlsServices;
  readonly askPassword: AskPassword;
  /** How many wire events are kept. */
  readonly traceEvents: () => number;
}

/** One session per server and user, made on first use and shared by all that ask. */
export class Connections implements SessionSource, Disposable {
  private readonly servers = new Map<string, ServerConnection>();
  private readonly names = new Map<string, string>();
  /** The spellings under which each server is known; what VS Code hands over is not always ours. */
  private readonly spellings = new Map<ServerConnection, Set<string>>();
  private readonly ring: WireRing;
  private readonly store = new DisposableStore();
  private readonly traced = this.store.add(new Emitter<WireEvent>());
  private readonly changed = this.store.add(new Emitter<ServerStanding>());
  readonly onDidTrace: Event<WireEvent> = this.traced.event;
  readonly onDidChange: Event<ServerStanding> = this.changed.event;
  private readonly reconnected = this.store.add(new Emitter<string>());
  /** A control connection took the place of another; told once for each spelling of the authority. */
  readonly onDidReconnect: Event<string> = this.reconnected.event;

  constructor(private readonly options: ConnectionsOptions) {
    this.ring = new WireRing(options.traceEvents);
  }

  /** The session of a server, signed in. Rejects with `FtpError`; asks for a password at most once. */
  async session(authority: string): Promise<FtpSession> {
    return this.server(authority).session();
  }

  /** As `session`, by a person: a question that was dismissed may be asked again. */
  async sessionForPerson(authority: string): Promise<FtpSession> {
    const server = this.server(authority);
    server.allowQuestions();
    return server.session();
  }

  /** How people call this server: the name of its site, else its host. */
  serverName(authority: string): string {
    const address = parseAuthority(authority);
    return address ? this.nameOf(address) : authority;
  }

  standings(): readonly ServerStanding[] {
    return [...this.servers.values()].map((server) => server.standing);
  }

  /** What was opened so far; undefined when nothing was, or it has ended. */
  openSession(authority: string): FtpSession | undefined {
    const address = parseAuthority(authority);
    return address && this.servers.get(authorityOf(address))?.openSession;
  }

  /** Whether files and listings of this server cross the network encrypted; false while it is not connected. */
  encryptsData(authority: string): boolean {
    const address = parseAuthority(authority);
    const isSecured = this.openSession(authority)?.security !== undefined;
    return address !== undefined && isSecured && this.siteOf(address)?.tls?.data !== 'clear';
  }

  /** Ends the session; the next use opens another. */
  async disconnect(authority: string): Promise<void> {
    await this.server(authority).disconnect();
  }

  wireLog(): WireEvent[] {
    return this.ring.toArray();
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.disconnect()));
  }

  dispose(): void {
    this.store.dispose();
  }

  private server(authority: string): ServerConnection {
    const address = parseAuthority(authority);
    if (!address) {
      throw new FtpError('host-not-found', 'No server is named', { facts: { host: authority } });
    }
    const key = authorityOf(address);
    const server = this.servers.get(key) ?? this.makeServer(key, address);
    this.servers.set(key, server);
    const spellings = this.spellings.get(server) ?? new Set();
    this.spellings.set(server, spellings.add(authority));
    return server;
  }

  private makeServer(authority: string, address: ServerAddress): ServerConnection {
    const { credentials, profiles, tls, askPassword, connect } = this.options;
    const server: ServerConnection = new ServerConnection({
      authority,
      address,
      name: this.nameOf(address),
      settings: () => this.settings(authority, address),
      connect,
      credentials,
      profiles,
      tls,
      askPassword,
      trace: (event) => this.trace(event),
      changed: (standing) => this.changed.fire(standing),
      reconnected: () => this.spellings.get(server)?.forEach((spelling) => this.reconnected.fire(spelling)),
    });
    return server;
  }

  private settings(authority: string, address: ServerAddress): ServerSettings {
    const { memory } = this.options.tls.judge;
    const site = this.siteOf(address);
    const defaults = this.options.defaults(authority);
    const known = { hadTls: memory.hadTls(address), wanted: memory.wanted(address) };
    const { clientCertificate, authorities = [] } = site?.tls ?? {};
    return {
      options: connectionOptions(address, site, defaults, known),
      files: {
        authorities: [...defaults.authorities, ...authorities],
        ...(clientCertificate ? { clientCertificate } : {}),
      },
    };
  }

  private trace(event: WireEvent): void {
    this.ring.push(event);
    this.traced.fire(event);
  }

  private siteOf(address: ServerAddress): Site | undefined {
    return findSite(this.options.sites(), address);
  }

  /** Events carry the name alone, so two servers must not share one; the first to ask keeps it. */
  private nameOf(address: ServerAddress): string {
    const authority = authorityOf(address);
    const name = this.servers.get(authority)?.standing.name ?? this.siteOf(address)?.name ?? address.host;
    const owner = this.names.get(name) ?? authority;
    this.names.set(name, owner);
    return owner === authority ? name : authority;
  }
}
