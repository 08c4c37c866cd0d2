import type { Endpoint, PortRange } from '../../../src/ftp/net/network';
import type { Action, FileOperations, ZlibAction } from './actions';
import { plainHost, type Address } from './addresses';
import { DataLink } from './dataLink';
import type { FileOutcome } from './facts';
import { nameOf, resolvePath, type FileFault } from './files';
import type { Damage } from './modes/damage';
import type { Mode, Structure, WireSettings } from './modes/mode';
import type { Persona } from './persona';
import type { TlsSettings } from './tls/tlsSettings';
import { replyLines, type ReplyKey } from './replies';
import type { Task } from './task';

export interface Account {
  readonly password: string;
  /** Demanded with 332 after the password. */
  readonly account?: string;
}

/** One for all sessions of a server. */
export interface ServerSettings {
  readonly persona: Persona;
  readonly users: ReadonlyMap<string, Account>;
  readonly anonymous: boolean;
  /** Port L, on which the server listens for control connections. */
  controlPort: number;
  /** Ports of passive data connections. */
  readonly ports: PortRange;
  /** Data connections with others than the control connection's peer: server-to-server transfers. */
  readonly thirdHosts: boolean;
  /** Milliseconds without a command until 421; absent: never. */
  readonly idleLimit?: number;
  readonly greetingDelay: boolean;
  /** Bytes of one send on a data connection. */
  readonly chunkSize: number;
  readonly wire: WireSettings;
  /** How it lies on data connections. */
  damage: Damage | undefined;
  /** Knows SITE CPFR and SITE CPTO. */
  readonly siteCopy: boolean;
  /** Knows SOCK, LSTN and PASV after SOCK (RFC 438, RFC 478); 'strict': SOCK's port must be the peer's, too. */
  readonly historical: boolean | 'strict';
  /** Absent: it knows nothing of TLS. */
  readonly tls?: TlsSettings;
  /** Logins that are still to be refused, whatever the password. */
  refuseLogins: number;
  /** Asked for each download over a data connection that vsftpd dialled; absent: it waits every time. */
  readonly activeRace?: () => 'at-once' | 'fin-acknowledged';
}

/** How the next data connection comes about. */
export type Rendezvous = { readonly kind: 'default' } | { readonly kind: 'spoiled' } | Passive | Active;

export interface Passive {
  readonly kind: 'passive';
  readonly listener: string;
  readonly arrived: DataLink[];
  /** Of LSTN: it will receive, or send. */
  readonly direction?: 'R' | 'S';
  /** Of CPSV: the server is the TLS client. */
  readonly speaksFirst?: true;
  /** Of SOCK: nobody else may come. */
  admits?: Address;
  local?: Endpoint;
  failed?: true;
}

export interface Active extends Address {
  readonly kind: 'active';
  readonly dialled?: DataLink;
  /** Named by SOCK: a PASV behind it means that this peer will dial (RFC 478). */
  readonly bySocket?: true;
}

export interface Transfer {
  readonly command: string;
  aborted: boolean;
  link?: DataLink;
}

/** The state of one control connection, and the words in which commands are written. */
export class Session {
  actions: Action[] = [];
  now = 0;
  user = '';
  login: 'none' | 'password' | 'account' | 'done' = 'none';
  directory = '/';
  type: 'A' | 'I' = 'A';
  mode: Mode = 'S';
  structure: Structure = 'F';
  deflateLevel = DEFLATE_LEVEL;
  restart = 0;
  renameFrom: string | undefined;
  copyFrom: string | undefined;
  onlyExtended = false;
  rendezvous: Rendezvous = { kind: 'default' };
  transfer: Transfer | undefined;
  /** Open since the last file, for the next one (RFC 959 §3.3). */
  kept: DataLink | undefined;
  closing = false;
  /** Of the control connection; 'cleared': CCC ended it. */
  security: 'clear' | 'shaking' | 'private' | 'cleared' = 'clear';
  /** PBSZ was sent. */
  bufferSized = false;
  /** PROT. */
  protection: 'C' | 'P' = 'C';
  /** SSCN ON. */
  speaksFirst = false;
  /** The command whose turn it is; others wait. */
  foreground: object | undefined;
  readonly links = new Map<string, DataLink>();
  readonly outcomes = new Map<number, FileOutcome<unknown>>();
  readonly fired = new Set<string>();
  private serial = 0;

  constructor(
    readonly settings: ServerSettings,
    readonly local: Endpoint,
    readonly remote: Endpoint,
  ) {}

  get persona(): Persona {
    return this.settings.persona;
  }

  emit(action: Action): void {
    this.actions.push(action);
  }

  /** A name that was not used before: `dialled-3`. */
  name(kind: string): string {
    return `${kind}-${++this.serial}`;
  }

  path(argument: string): string {
    return resolvePath(this.directory, argument);
  }

  /** pyftpdlib goes on with other commands while one waits for a data connection. */
  giveTurn(): void {
    if (this.persona.duringTransfer === 'answered-at-once') this.foreground = undefined;
  }

  reply(command: string, key: ReplyKey, values: Readonly<Record<string, string | number>> = {}): void {
    this.say(command, replyLines(this.persona.replies[key], { user: this.user, command, ...values }));
  }

  /** Says no to a path: `550 a.txt: No such file or directory.` */
  refuse(command: string, key: ReplyKey, argument: string, fault: FileFault): void {
    const path = this.path(argument);
    this.reply(command, key, { name: argument, base: nameOf(path), path, reason: reasons[fault] });
  }

  say(command: string, lines: readonly string[]): void {
    this.emit({ kind: 'reply', command, lines });
  }

  *file<K extends keyof FileOperations>(
    operation: K,
    ...parameters: Parameters<FileOperations[K]>
  ): Task<FileOutcome<ReturnType<FileOperations[K]>>> {
    const id = ++this.serial;
    this.emit({ kind: 'file', id, operation, arguments: parameters });
    yield () => this.outcomes.has(id);
    const outcome = this.outcomes.get(id) as FileOutcome<ReturnType<FileOperations[K]>>;
    this.outcomes.delete(id);
    return outcome;
  }

  *zlib(work: Pick<ZlibAction, 'stream' | 'direction' | 'bytes' | 'last'>): Task<FileOutcome<Uint8Array>> {
    const id = ++this.serial;
    this.emit({ kind: 'zlib', id, level: this.deflateLevel, ...work });
    yield () => this.outcomes.has(id);
    const outcome = this.outcomes.get(id) as FileOutcome<Uint8Array>;
    this.outcomes.delete(id);
    return outcome;
  }

  /** Waits until `ready`, at most `milliseconds`; false when time ran out. */
  *within(milliseconds: number, ready: () => boolean): Task<boolean> {
    if (ready()) return true;
    const timer = this.name('timer');
    this.emit({ kind: 'timer', timer, milliseconds });
    yield () => ready() || this.fired.has(timer);
    if (!this.fired.delete(timer)) this.emit({ kind: 'timer-off', timer });
    return ready();
  }

  dial(host: string, port: number, from: number | undefined): DataLink {
    const link = this.link(this.name('dialled'));
    const action = { kind: 'dial', data: link.name, host, port } as const;
    this.emit(from === undefined ? action : { ...action, from });
    return link;
  }

  link(name: string): DataLink {
    const link = new DataLink(name);
    if (this.speaksFirst) link.role = 'client';
    this.links.set(name, link);
    return link;
  }

  /** TLS on the control connection; returns when it is there. */
  *secure(): Task {
    this.security = 'shaking';
    this.emit({ kind: 'secure-control' });
    yield () => this.security !== 'shaking';
  }

  secureData(link: DataLink): void {
    link.security = 'shaking';
    this.emit({ kind: 'secure-data', data: link.name, role: link.role });
  }

  /** A data connection that is there: TLS at once where the settings say so. */
  secureEarly(link: DataLink): void {
    if (this.protection === 'P' && this.settings.tls?.handshakeOnAccept) this.secureData(link);
  }

  /** RFC 959 §3.2: the server closes the data connection when the port specification changes. */
  setRendezvous(next: Rendezvous): void {
    const old = this.rendezvous;
    if (this.kept) this.drop(this.kept);
    if (old.kind === 'passive') {
      this.emit({ kind: 'unlisten', listener: old.listener });
      for (const link of old.arrived) this.drop(link);
    }
    if (old.kind === 'active' && old.dialled) this.drop(old.dialled);
    this.rendezvous = next;
  }

  /** Who may open the data connection: the control connection's peer, or whom SOCK named. */
  admits({ host, port }: Endpoint): boolean {
    const { rendezvous, settings } = this;
    const named = rendezvous.kind === 'passive' ? rendezvous.admits : undefined;
    if (!named) return settings.thirdHosts || plainHost(host) === plainHost(this.remote.host);
    const samePort = settings.historical !== 'strict' || named.port === port;
    return samePort && plainHost(named.host) === plainHost(host);
  }

  drop(link: DataLink): void {
    if (this.kept === link) this.kept = undefined;
    if (this.links.delete(link.name)) this.emit({ kind: 'close', data: link.name });
  }

  resetAccess(): void {
    this.user = '';
    this.login = 'none';
    this.directory = '/';
    this.type = 'A';
    this.mode = 'S';
    this.structure = 'F';
    this.deflateLevel = DEFLATE_LEVEL;
    this.restart = 0;
    this.renameFrom = undefined;
    this.copyFrom = undefined;
    this.onlyExtended = false;
    this.bufferSized = false;
    this.protection = 'C';
    this.speaksFirst = false;
    this.setRendezvous({ kind: 'default' });
  }
}

/** zlib's own default. */
const DEFLATE_LEVEL = 6;

export const reasons: Readonly<Record<FileFault, string>> = {
  absent: 'No such file or directory',
  denied: 'Permission denied',
  full: 'No space left on device',
  exists: 'File exists',
  'not-empty': 'Directory not empty',
  'is-directory': 'Is a directory',
  'not-directory': 'Not a directory',
  failed: 'Input/output error',
};
