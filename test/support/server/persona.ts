import type { Mode, Structure } from './modes/mode';
import type { TlsOptions } from './tls/tlsSettings';
import type { ReplyTexts } from './replies';

/** What makes one server program different from another, as data. */
export interface Persona {
  readonly name: string;
  /** The version that was looked at. */
  readonly version: string;
  readonly replies: ReplyTexts;
  /** Lines of FEAT without their leading blank, between its first and last line. */
  readonly features: { readonly first: string; readonly lines: readonly string[]; readonly last: string };
  /** Commands it answers with a refusal of its own: `{ MLSD: '500 Unknown command.' }`. */
  readonly refuses: Readonly<Record<string, string>>;
  readonly site: readonly string[];
  /** Nagle's algorithm is off on the control connection; a simulated host must be told so (`SimHost.noDelay`). */
  readonly noDelay: boolean;
  /** MODE (RFC 959 §3.4) and STRU (§3.1.2): what it does not have is refused. */
  readonly modes: readonly Mode[];
  readonly structures: readonly Structure[];
  /** Bytes of a command line. */
  readonly lineLimit: number;
  /** What the final reply of a download waits for. */
  readonly finalReply: 'nothing' | 'fin-acknowledged' | 'peer-closed';
  /** When a passive data connection is taken out of the backlog. */
  readonly accepts: 'at-command' | 'at-once';
  /** Milliseconds it waits for a passive data connection: after the command, or after 227 when `accepts` is 'at-once'. */
  readonly acceptLimit: number;
  /** A passive data connection after the transfer command was refused with 550. */
  readonly warmAfterRefusal: 'kept' | 'closed';
  /**
   * Commands that come during a transfer. 'thrown-away': those in the segment of the transfer command wait, what comes
   * later while a file is sent is read into nowhere, and answered 500 once.
   */
  readonly duringTransfer: 'wait' | 'answered-at-once' | 'thrown-away';
  /** True when a client may queue a command behind a transfer: this server is known to answer in turn. */
  readonly servesInTurn: boolean;
  /** 'at-port': dials when PORT comes, and answers it once connected: a RETR behind it is answered first. */
  readonly dials: 'at-transfer' | 'at-port';
  /** Neither PORT nor PASV (RFC 959 §3.2): whom it dials. */
  readonly defaultPort: 'U' | 'U-1' | 'refused' | 'nothing';
  /** Own port when it dials. */
  readonly dialsFrom: 'L-1' | 'any';
  readonly statPath: StatPath;
  /** What it wants and does with TLS where a test turns TLS on. */
  readonly tls: TlsOptions;
  /** `LIST` of what is not there: an empty list and 226, or a refusal. */
  readonly listAbsent: 'empty' | 'refused';
  readonly sizeInAscii: 'refused' | 'bytes';
  /** Understands `LIST -a`. */
  readonly listOptions: boolean;
  readonly evidence: { readonly [cell in Exclude<keyof Persona, 'evidence' | 'name' | 'version'>]: Evidence };
}

/** `STAT path`: the listing over the control connection. */
export interface StatPath {
  readonly folderCode: number;
  readonly fileCode: number;
  readonly first: string;
  readonly last: string;
  readonly lead: '' | ' ';
  readonly dots: boolean;
  readonly hidden: boolean;
  readonly total: boolean;
  readonly fileName: 'bare' | 'path';
  /** What is not there: an empty list, an error text inside the list, or the reply `statAbsent`. */
  readonly absent: 'empty' | 'text' | 'refused';
}

/** Where a cell comes from: seen on the program (FACTS.md), read in its source, told by others, or our own choice. */
export type Evidence = 'measured' | 'source' | 'report' | 'choice';
