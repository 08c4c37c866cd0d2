import type { Command } from './command';
import type { Reply } from './reply';

/** Programs of which it is known, by measurement, in what order they do things. */
export type ServerProgram = 'vsftpd' | 'proftpd' | 'pure-ftpd';

// 220 (vsFTPd 3.0.3)
// 220 ProFTPD Server (Debian) [::ffff:127.0.0.1]
// 220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------
/** By the name that it gives itself in any line of its greeting. */
export function programFrom(greeting: Reply): ServerProgram | undefined {
  const words = greeting.lines.join('\n').toLowerCase();
  return programs.find((program) => words.includes(program));
}

const programs: readonly ServerProgram[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

/** Reads no command while a transfer runs, so that a client may queue the next ones behind it. */
export function answersInTurn(program: ServerProgram | undefined): boolean {
  // Not ProFTPD: before 2026 it answers what is queued behind a transfer with 450, or out of order.
  return program === 'vsftpd' || program === 'pure-ftpd';
}

/**
 * Confirms a download only when our end of the data connection is closed, too (its lingering close). A FIN of ours
 * that is there before its own is as good, and does not disturb it in sending.
 */
export function awaitsOurClose(program: ServerProgram | undefined): boolean {
  return program === 'proftpd';
}

/** What asks for the next data connection behind a reset of the present one, before the reset was answered. */
export interface BehindReset {
  /** Goes first, in the same segment. */
  readonly ahead: readonly Command[];
  /** Milliseconds behind the reset. */
  readonly delay: number;
}

/** Undefined: of this program it is not known that its reply to the reset comes first. */
export function behindReset(program: ServerProgram | undefined): BehindReset | undefined {
  return program && waysBehindReset[program];
}

const waysBehindReset: Readonly<Record<ServerProgram, BehindReset>> = {
  vsftpd: { ahead: [], delay: 0 },
  // It refuses EPSV in a transfer with 450; ABOR is the one command that ends the transfer, if the reset has not.
  proftpd: { ahead: [{ verb: 'ABOR' }], delay: 0 },
  // Whatever it reads in an upload that still has bytes to be stored is 500. On a line slower than its disk none has.
  'pure-ftpd': { ahead: [], delay: 10 },
};

/**
 * Takes a data connection out of the backlog, or dials, when the transfer command comes and not before: PORT may share
 * its segment, and the bytes of an upload may be there first. pyftpdlib would close on them.
 */
export function waitsForCommand(program: ServerProgram | undefined): boolean {
  return program !== undefined;
}

/** Lists by STAT as by LIST, hidden files and all (RFC 959 §4.1.3): the same lines from the same code. */
export function listsByStatus(program: ServerProgram | undefined): boolean {
  // ProFTPD and Pure-FTPd have MLSD, which tells more; inetutils-ftpd and Pure-FTPd leave hidden files out.
  return program === 'vsftpd';
}

/** Answers SIZE for files alone: what has one is no directory. Others may tell how large a directory's own file is. */
export function sizesOnlyFiles(program: ServerProgram | undefined): boolean {
  return program !== undefined;
}

/** What comes while it sends a file waits. Pure-FTPd keeps what it has read before, and answers 500 to the rest. */
export function keepsCommands(program: ServerProgram | undefined): boolean {
  return program === 'vsftpd';
}
