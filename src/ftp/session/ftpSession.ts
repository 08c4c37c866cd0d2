import type { Readable, Writable } from 'node:stream';
import type { Entry } from '../listing/entry';
import type { Certificate, CertificateVerdict } from '../protocol/certificate';
import type { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';
import type { TlsDetails, WireEvent } from '../trace/wireEvent';
import type { Kind } from './kindOf';
import type { Dialect } from '../relay/dialects';
import type { ServerProfile } from '../pi/serverProfile';

export type DataConnectionChoice = 'auto' | 'passive' | 'active' | 'default-port';

export interface Timeouts {
  /** Milliseconds for a TCP connection to be made. */
  readonly connect?: number;
  /** Milliseconds for a reply. */
  readonly reply?: number;
  /** Milliseconds without a byte on a data connection. */
  readonly stall?: number;
}

export type Security = 'auto' | 'explicit' | 'implicit' | 'none';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface TlsOptions {
  /** 'auto' must not fall back to clear text: this server has had TLS before. */
  readonly required?: boolean;
  /** Oldest and newest version accepted; default TLSv1.2 and TLSv1.3. */
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Certificates that are trusted beside the system's own, in PEM. */
  readonly authorities?: readonly string[];
  /** What we show when the server asks who we are, in PEM. */
  readonly clientCertificate?: {
    readonly certificate: string;
    readonly key: string;
    readonly passphrase?: string;
  };
  /** 'clear': PROT C, files cross the network readable by others; default 'private', PROT P (RFC 4217 §9). */
  readonly data?: 'private' | 'clear';
  /** CCC once signed in (RFC 4217 §6): commands and names cross the network readable by others. */
  readonly clearCommands?: boolean;
  /**
   * Asked, before USER, about a certificate with problems; default 'untrusted'. Without it, or with any other answer
   * than 'trusted', nothing secret is sent. A certificate once trusted is not asked about again by the same session.
   */
  readonly judge?: (certificate: Certificate) => Promise<CertificateVerdict>;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port?: number;
  /** Absent: anonymous. */
  readonly user?: string;
  readonly password?: string;
  readonly account?: string;
  /**
   * 'explicit': AUTH TLS, or nothing. 'implicit': TLS from the first byte. 'auto', the default: AUTH TLS where the
   * server knows it, 'implicit' on port 990. 'none': clear text.
   */
  readonly security?: Security;
  readonly tls?: TlsOptions;
  readonly dataConnection?: DataConnectionChoice;
  /** Whether the next passive data connection is made ready while nothing waits for it; default true. */
  readonly warm?: boolean;
  /** How this server is told to exchange files with another; default: as RFC 959 §5.2, over IPv6 as RFC 2428. */
  readonly dialect?: Dialect;
  /** Transfer mode (RFC 959 §3.4; 'deflate' is MODE Z); stream where the server has no other. */
  readonly mode?: 'stream' | 'block' | 'compressed' | 'deflate';
  /** zlib's level for MODE Z, 1 to 9. */
  readonly deflateLevel?: number;
  /** Encoding of file names; 'auto' is UTF-8 with a fall-back to windows-1252. */
  readonly encoding?: string;
  /** How events name this server; default: the host. */
  readonly name?: string;
  readonly active?: {
    /** Announced instead of the control connection's own address. */
    readonly address?: string;
    readonly ports?: { readonly first: number; readonly last: number };
  };
  /** Dial the address that 227 names rather than the control connection's peer. */
  readonly trustPassiveAddress?: boolean;
  readonly timeouts?: Timeouts;
  readonly profile?: ServerProfile;
  readonly trace?: (event: WireEvent) => void;
  readonly signal?: AbortSignal;
}

export interface OperationOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends OperationOptions {
  /** What a symbolic link leads to, where the caller knows: the server is not asked. */
  readonly linkKind?: (link: Entry) => Kind | undefined;
}

export interface TransferOptions extends OperationOptions {
  /** `total` is absent when the server does not tell the size. */
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

export interface ReadOptions extends TransferOptions {
  /**
   * `read` hands a file over as soon as it has as many bytes as the server announced. This is told when the server then
   * says that something went wrong all the same: what was handed over is not to be kept.
   */
  readonly onDoubt?: (error: FtpError) => void;
  /** Bytes to leave out at the beginning (REST). */
  readonly offset?: number;
  /** At most so many bytes. */
  readonly length?: number;
  /**
   * 'record': the file is a text of records (RFC 959 §3.1.2), as on a mainframe. What comes is its records, each with a
   * line feed behind it; 'not-supported' where the server has no such structure.
   */
  readonly structure?: 'file' | 'record';
}

export interface WriteOptions extends TransferOptions {
  /** Add to the end (APPE) instead of replacing. */
  readonly append?: boolean;
}

export interface CopyOptions extends TransferOptions {
  readonly route?: 'auto' | 'direct' | 'relay';
}

export type SessionState = 'connecting' | 'ready' | 'disconnected' | 'closed';

/**
 * One server, one control connection at a time, reconnected in silence when it was lost.
 *
 * Paths are absolute, separated by `/`, decoded. Everything rejects with `FtpError`.
 */
export interface FtpSession {
  /** What is in the directory, without `.` and `..`. A missing directory is 'not-found', never empty. */
  list(path: string, options?: ListOptions): Promise<Entry[]>;
  stat(path: string, options?: OperationOptions): Promise<Entry>;
  read(path: string, options?: ReadOptions): Promise<Uint8Array>;
  /** The records of a file as they are (STRU R, TYPE I), without line ends; 'not-supported' where there are none. */
  readRecords(path: string, options?: OperationOptions): Promise<Uint8Array[]>;
  write(path: string, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /** In flat memory. */
  download(path: string, sink: WritableStream<Uint8Array> | Writable, options?: ReadOptions): Promise<void>;
  upload(source: ReadableStream<Uint8Array> | Readable, path: string, options?: WriteOptions): Promise<void>;
  rename(from: string, to: string, options?: OperationOptions): Promise<void>;
  /** A file or a symbolic link. */
  remove(path: string, options?: OperationOptions): Promise<void>;
  makeDirectory(path: string, options?: OperationOptions): Promise<void>;
  /** An empty directory. */
  removeDirectory(path: string, options?: OperationOptions): Promise<void>;
  /** `time` in milliseconds since 1970. */
  setModified(path: string, time: number, options?: OperationOptions): Promise<void>;
  setMode(path: string, mode: number, options?: OperationOptions): Promise<void>;
  /**
   * Copies a file to another session, or within this one. 'relay', the default: through this computer, as a stream.
   * 'direct': the two servers exchange it, and one is told to connect to the other (RFC 959 §5.2); rejects when they
   * will not. 'auto': directly, or else through this computer. Answers which it was; within one session 'direct' means
   * that the server copied by itself. No partial file stays at `targetPath`, unless the server cannot rename.
   */
  copyTo(
    path: string,
    target: FtpSession,
    targetPath: string,
    options?: CopyOptions,
  ): Promise<{ route: 'direct' | 'relay' }>;
  /** A raw command line. Replies of any class are answers, not errors. */
  send(line: string, options?: OperationOptions): Promise<Reply>;
  readonly profile: ServerProfile;
  readonly state: SessionState;
  /** TLS as the control connection has it; absent in clear text, and while there is no connection. */
  readonly security?: TlsDetails | undefined;
  /** Where the control connection leads, an IP address; absent while there is none. */
  readonly address?: string | undefined;
  /** Says QUIT and ends. Waiting operations reject with 'session-closed'. */
  close(): Promise<void>;
  /** For tests: what is open and held. */
  inspect(): SessionInspection;
}

export interface SessionInspection {
  readonly openSlots: number;
  readonly unparsedBytes: number;
  /** Operations that wait for their turn. */
  readonly queued: number;
  /** Data connections that are open for the next transfer: 0 or 1. */
  readonly warm: number;
}
