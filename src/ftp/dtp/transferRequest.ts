import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import type { DataConnection } from './dataConnection';
import type { LineParameters, TransferMode } from './dataLine';
import type { Flow, FlowEnd } from './flow';

export interface TransferRequest {
  /** RETR, STOR, APPE, LIST, MLSD with its argument. */
  readonly command: Command;
  /** For errors and the log. */
  readonly path: string;
  readonly direction: 'down' | 'up';
  /** Default: file structure, TYPE I. */
  readonly structure?: LineParameters['structure'];
  readonly type?: LineParameters['type'];
  /** Sent before the rendezvous, or with the command, in the same segment. */
  readonly prelude: readonly Command[];
  /** Looks at the prelude's replies before the command goes out, and refuses the transfer by throwing. */
  readonly check?: (prelude: readonly Reply[]) => void;
  /** Questions that go before `restart` and the command, in the same segment: what the file is at that moment. */
  readonly questions?: (prelude: readonly Reply[]) => readonly Command[];
  /** Asked before the command goes out: whether others come first. Then the transfer rejects with `NotBegun`. */
  readonly isWanted?: () => boolean;
  /** Looks at them when the command may be out already, and ends the transfer by throwing. */
  readonly review?: (prelude: readonly Reply[]) => void;
  /** Sent behind the command, in the same segment; only to servers that answer in turn. */
  readonly behind?: readonly Command[];
  /** Told at once: the replies to `behind`; they reject when the control connection is lost before. */
  readonly sentBehind?: (replies: Promise<readonly Reply[]>) => void;
  /** The server announced that there is nothing to move. */
  readonly isEmpty?: () => boolean;
  /** Told in the moment in which the data connection was reset, so that others come first; and of the reply that is owed. */
  readonly stopped?: (final: Promise<Reply>) => void;
  /** Over soon: the next data connection may be asked for behind it. */
  readonly isShort?: boolean;
  /** The bytes can be had twice: they may be on their way before the server says that it takes them. */
  readonly isEager?: boolean;
  /**
   * REST, where there is to be one: goes right before the command, in the same segment (RFC 959 §4.1.3). Asked once the
   * mode is known, which says what its argument is (§3.5).
   */
  readonly restart?: (mode: TransferMode) => Command | undefined;
  /** Told the first reply as soon as it comes: after 150 the file is open, whether or not the two ends meet. */
  readonly answered?: (opening: Reply) => void;
  /** Puts the bytes to work once the two ends have met, and the reply to `restart`, if any, is there. */
  readonly start: (begun: Begun) => Flow;
}

export interface Begun {
  readonly connection: DataConnection;
  readonly parameters: LineParameters;
  readonly prelude: readonly Reply[];
  readonly answers: readonly Reply[];
  readonly restarted: Reply | undefined;
}

/** The command was not sent, since somebody more urgent waits: nothing has happened. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

export interface TransferResult {
  readonly bytes: number;
  /** 'ended', 'truncated', 'broken' (a reset, though the server says that all went well), 'enough' or 'stopped'. */
  readonly end: FlowEnd['kind'];
  /** The end of the file was in the data, so that nothing can be missing (RFC 959 §3.3). */
  readonly endIsMarked: boolean;
  /** The last word on it; absent where we stopped early. */
  readonly reply?: Reply | undefined;
}

/** The same request, and whether its two ends have met. */
export function watchStart(request: TransferRequest): {
  readonly watched: TransferRequest;
  readonly hasBegun: () => boolean;
} {
  let begun = false;
  const start: TransferRequest['start'] = (how) => {
    begun = true;
    return request.start(how);
  };
  return { watched: { ...request, start }, hasBegun: () => begun };
}
