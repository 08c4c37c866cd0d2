import type { CommandLine } from './commandLines';
import type { PortRange } from '../../../src/ftp/net/network';
import type { HandshakeFault } from './tls/wireDuplex';
import type { FileEntry, FileFault, WriteStart } from './files';

/** What concerns data connections. */
export type DataAction = Extract<
  Action,
  { kind: 'listen' | 'unlisten' | 'spoil' } | { data: string } | { kind: 'stranger' }
>;

/** What the core asks of the driver. */
export type Action =
  | ReceivedAction
  | ReplyAction
  | { readonly kind: 'control-close' }
  | SecureControlAction
  /** CCC: after what was said before, in clear. */
  | { readonly kind: 'clear-control' }
  | SecureDataAction
  | { readonly kind: 'listen'; readonly listener: string; readonly ports: PortRange }
  | { readonly kind: 'unlisten'; readonly listener: string }
  | DialAction
  /** Starts reading; until then what the peer sends stays in the kernel's buffer. */
  | { readonly kind: 'accept'; readonly data: string }
  | SendAction
  | { readonly kind: 'more'; readonly data: string }
  /** FIN; reading goes on. */
  | EndAction
  /** Asks for `data-fin-acknowledged`; comes after `end`. */
  | { readonly kind: 'linger'; readonly data: string }
  | { readonly kind: 'reset'; readonly data: string }
  | { readonly kind: 'close'; readonly data: string }
  | FileAction
  | ZlibAction
  /** The file is over, and its data connection stays open for the next (RFC 959 §3.3): a place for faults. */
  | KeepAction
  | { readonly kind: 'timer'; readonly timer: string; readonly milliseconds: number }
  | { readonly kind: 'timer-off'; readonly timer: string }
  | ScriptAction;

/** A command line came in: for the log and the police. */
export interface ReceivedAction {
  readonly kind: 'received';
  readonly line: CommandLine;
  /** Commands before it that have no final reply yet, oldest first. */
  readonly unanswered: readonly string[];
  /** Bytes of command lines that wait, this one included. */
  readonly waitingBytes: number;
}

export interface ReplyAction {
  readonly kind: 'reply';
  /** The command it answers; 'greeting' or 'idle' when there is none. */
  readonly command: string;
  /** Whole reply lines without line ends: the first begins with the code. */
  readonly lines: readonly string[];
}

/** TLS, after what was said before: `control-secured` answers, or the end of the connection. */
export interface SecureControlAction {
  readonly kind: 'secure-control';
  /** Of a script. */
  readonly fault?: HandshakeFault;
}

/** TLS on a data connection: `data-secured` or `data-fault` answers. */
export interface SecureDataAction {
  readonly kind: 'secure-data';
  readonly data: string;
  readonly role: 'server' | 'client';
  /** Of a script. */
  readonly fault?: HandshakeFault;
}

export interface SendAction {
  readonly kind: 'send';
  readonly data: string;
  readonly bytes: Uint8Array;
}

export interface EndAction {
  readonly kind: 'end';
  readonly data: string;
}

export interface DialAction {
  readonly kind: 'dial';
  readonly data: string;
  readonly host: string;
  readonly port: number;
  /** Our own port; absent: any. */
  readonly from?: number;
  /** Our own address; absent: the one of the control connection. */
  readonly fromHost?: string;
}

export interface FileAction {
  readonly kind: 'file';
  readonly id: number;
  readonly operation: keyof FileOperations;
  readonly arguments: readonly unknown[];
}

/** MODE Z: real work, which the simulation must be told of. */
export interface ZlibAction {
  readonly kind: 'zlib';
  readonly id: number;
  /** Bytes of one file make one stream, known by name. */
  readonly stream: string;
  readonly direction: 'deflate' | 'inflate';
  /** 0 to 9; of deflate. */
  readonly level: number;
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

export interface KeepAction {
  readonly kind: 'keep';
  readonly data: string;
}

/** What only a script asks for: the core never does. */
export type ScriptAction =
  | { readonly kind: 'control-bytes'; readonly bytes: Uint8Array }
  /** Everything that follows on the control connection waits as well. */
  | { readonly kind: 'control-wait'; readonly milliseconds: number }
  | { readonly kind: 'control-reset' }
  /** No TLS after all: the reply that announced it was never said. */
  | { readonly kind: 'stay-clear' }
  | { readonly kind: 'later'; readonly milliseconds: number; readonly actions: readonly Action[] }
  /** Sends, and tells the core nothing. */
  | { readonly kind: 'send-quietly'; readonly data: string; readonly bytes: Uint8Array }
  /** Tells the core that bytes have left which never did. */
  | { readonly kind: 'pretend-sent'; readonly data: string }
  /** FIN without close_notify. */
  | { readonly kind: 'end-bare'; readonly data: string }
  /** RST, and the core is told that the connection is lost. */
  | { readonly kind: 'break'; readonly data: string }
  /** FIN, and the core is told that the connection has ended. */
  | { readonly kind: 'hang-up'; readonly data: string }
  | { readonly kind: 'file-fault'; readonly id: number; readonly fault: FileFault }
  | { readonly kind: 'dial-fault'; readonly data: string }
  /** Somebody else, from `from`, dials and says something; when he is done, we dial. */
  | {
      readonly kind: 'stranger';
      readonly from: string;
      readonly host: string;
      readonly port: number;
      readonly then: DialAction;
    }
  /** What happens to a listener (by name) or to a connection dialled, as soon as it is there. */
  | { readonly kind: 'spoil'; readonly name: string; readonly how: Spoiling }
  /** The server process dies: all its connections are reset, what was written stays. */
  | { readonly kind: 'die'; readonly forGood: boolean };

/** 'fail': cannot listen; 'shut': closes at once, so that dialling is refused; 'ignore': nobody ever accepts. */
export type Spoiling = 'fail' | 'shut' | 'ignore' | 'end' | 'reset';

/** The file store seen through handles that are numbers, so that a request is plain data. */
export interface FileOperations {
  stat(path: string): FileEntry;
  follow(path: string): FileEntry;
  list(path: string): readonly FileEntry[];
  openRead(path: string): number;
  read(handle: number, position: number, length: number): Uint8Array;
  openWrite(path: string, start: WriteStart): number;
  write(handle: number, bytes: Uint8Array): void;
  close(handle: number): void;
  remove(path: string): void;
  makeDirectory(path: string): void;
  removeDirectory(path: string): void;
  rename(from: string, to: string): void;
  setModified(path: string, time: number): void;
  setMode(path: string, mode: number): void;
}
