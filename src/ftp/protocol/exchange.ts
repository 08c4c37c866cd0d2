/*
 * Theory of operation
 *
 * An exchange is one command and the replies to it. RFC 959 §5.4 lists them for each command, and §6 draws the
 * same as state diagrams: from which reply a command may go where. This file is that drawing as a table, and the
 * only place that knows it. The reply ledger (pi/) keeps a slot for each command sent, in order, and asks
 * `stepAfter` what a reply means for the oldest slot:
 *
 *   wait       preliminary: the slot stays, one more reply is due;
 *   done       completed: the slot is free;
 *   more       completed so far: the slot is free, the caller sends the next command of the sequence;
 *   failed     refused: the slot is free;
 *   violation  this command cannot be answered so. What the server answers is not what we think it answers, and
 *              the control connection is dropped rather than guessed at.
 *
 * A file is stored like this:
 *
 *   C: RNFR /a          350  more       the slot is free; RNTO may be sent
 *   C: STOR /a          150  wait       data connection opens; the slot stays through the transfer
 *                       226  done       or 250; 426, 451, 552 …: failed, whatever the number of bytes
 *
 * Only the first digit counts. Servers mix 125 and 150, 226 and 250, 200 and 250 freely, and RFC 959 §4.2 tells a
 * user-process to be content with the first digit. So each row is one word of five: what 1xx to 5xx mean.
 *
 * What this table cannot say, the ledger knows: 421 may come at any moment and closes the connection; the second
 * final reply after ABOR (426 and 226) belongs to ABOR's slot; and Pure-FTPd answers a RETR whose data connection
 * the client has cut with one last `150 0.041 seconds (measured here)…` and nothing after it, so that a cancelled
 * transfer's slot ends with a preliminary reply.
 *
 * 2xx where 3xx is due (REST, RNFR) is `done` and not `more`: the exchange is over, but nothing says that the next
 * command of the sequence would be understood as meant. The caller must not go on.
 */

/** What a reply means for the command it answers. */
export type Step = 'wait' | 'more' | 'done' | 'failed' | 'violation';

/** What 1xx, 2xx, 3xx, 4xx and 5xx mean. */
export type Steps = readonly [Step, Step, Step, Step, Step];

export type Pattern = 'simple' | 'sequence' | 'transfer' | 'delayed' | 'unknown';

/**
 * `none`: changes nothing that outlives the connection, and may be sent again after a reconnect. `session`: is
 * part of login or ends something; repeating it alone has no meaning. `files`: changes what is on the server.
 */
export type Effect = 'none' | 'session' | 'files';

/** Stands for the command that nobody sends: the greeting answers it. */
export const greeting = 'GREETING';

export const stepsOf: Readonly<Record<Pattern, Steps>> = {
  simple: ['violation', 'done', 'violation', 'failed', 'failed'],
  sequence: ['violation', 'done', 'more', 'failed', 'failed'],
  transfer: ['wait', 'done', 'violation', 'failed', 'failed'],
  delayed: ['wait', 'done', 'violation', 'failed', 'failed'],
  // A raw command that is none of ours: the digits mean what RFC 959 §4.2 says.
  unknown: ['wait', 'done', 'more', 'failed', 'failed'],
};

const rows: readonly [Pattern, Effect, string][] = [
  // 120 Ready in nnn minutes, then 220.
  ['delayed', 'session', `${greeting} REIN`],
  // 331, 332; RFC 2228 §3: AUTH 334, ADAT 335.
  ['sequence', 'session', 'USER PASS AUTH ADAT'],
  ['simple', 'session', 'ACCT QUIT ABOR PBSZ PROT CCC HOST SSCN'],
  ['transfer', 'none', 'RETR LIST NLST MLSD'],
  ['transfer', 'files', 'STOR STOU APPE'],
  // 350; RNFR alone changes nothing.
  ['sequence', 'none', 'REST RNFR'],
  // nodeftpd and others answer `STAT path` with 150 as if it were LIST.
  ['delayed', 'none', 'STAT'],
  ['simple', 'none', 'CWD XCWD CDUP XCUP PWD XPWD SMNT ALLO SYST HELP NOOP'],
  ['simple', 'none', 'TYPE STRU MODE PORT PASV'],
  // RFC 2428, RFC 1639, and the ways of server-to-server transfer: RFC 438, RFC 478, CPSV.
  ['simple', 'none', 'EPRT EPSV LPRT LPSV CPSV LSTN SOCK'],
  // RFC 2389, RFC 3659, RFC 2640 and drafts.
  ['simple', 'none', 'FEAT OPTS SIZE MDTM MLST LANG CLNT CSID AVBL'],
  ['simple', 'none', 'HASH XCRC XMD5 XSHA XSHA1 XSHA256 XSHA512'],
  ['simple', 'files', 'RNTO DELE MKD XMKD RMD XRMD'],
  // draft-somers-ftp-mfxx
  ['simple', 'files', 'MFMT MFCT MFF'],
  // SITE CPFR answers 350, and SITE CPTO follows.
  ['sequence', 'files', 'SITE'],
];

export interface VerbRow {
  readonly pattern: Pattern;
  readonly effect: Effect;
}

/** Every verb that the engine knows, upper case. */
export const verbTable: ReadonlyMap<string, VerbRow> = new Map(
  rows.flatMap(([pattern, effect, verbs]) => verbs.split(' ').map((verb) => [verb, { pattern, effect }])),
);

// A verb that is not known may do anything.
const unknownRow: VerbRow = { pattern: 'unknown', effect: 'files' };

/** What a reply with `code` (100 to 599) means for a command. `verb` in upper case. */
export function stepAfter(verb: string, code: number): Step {
  return stepsOf[rowOf(verb).pattern][Math.floor(code / 100) - 1] ?? 'violation';
}

/** Whether the command moves data over a data connection. */
export function isTransfer(verb: string): boolean {
  return rowOf(verb).pattern === 'transfer';
}

/** Whether the command may be sent again after a reconnect when its fate is unknown. */
export function isIdempotent(verb: string): boolean {
  return rowOf(verb).effect === 'none';
}

function rowOf(verb: string): VerbRow {
  return verbTable.get(verb) ?? unknownRow;
}
