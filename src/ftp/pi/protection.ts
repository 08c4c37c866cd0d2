import type { Connection } from '../net/network';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import type { ControlConnection } from './controlConnection';

/** What the user-PI is to do about TLS. */
export interface Protection {
  /** 'implicit': in force already. 'auto': if the server will. */
  readonly security: 'auto' | 'explicit' | 'implicit' | 'none';
  /** A state, and not a wish: without TLS no USER is sent, whatever the server says. */
  readonly isRequired: boolean;
  /** RFC 4217 §9: PROT P or PROT C. */
  readonly data: 'private' | 'clear';
  /** RFC 4217 §6: CCC once signed in. */
  readonly clearCommands: boolean;
  /** Shakes hands, and has the certificate judged. */
  secure(wire: Connection): Promise<Connection>;
  /** Ends TLS; answers what was beneath. */
  unwrap(wire: Connection): Promise<Connection>;
  /** A line of the log. */
  note(text: string): void;
}

// AUTH TLS   234 AUTH TLS OK.
/** After the greeting, before USER (RFC 4217 §4). Answers whether TLS is in force. */
export async function beginProtection(
  control: ControlConnection,
  greeting: Reply,
  protection: Protection,
  operation: number,
): Promise<boolean> {
  if (protection.security === 'implicit') return true;
  if (protection.security === 'none') return false;
  // 230 User logged in. Whoever is pre-authenticated in clear text would stay in clear text (CVE-2021-22946).
  if (protection.isRequired && greeting.code === 230) throw unavailable(greeting);
  const reply = await control.exchange({ verb: 'AUTH', argument: 'TLS' }, operation);
  if (accepted.has(reply.code)) {
    await control.exchangeWire((wire) => protection.secure(wire));
    return true;
  }
  if (protection.isRequired || !isRefusal(reply)) throw unavailable(reply);
  protection.note(`AUTH TLS refused by reply ${reply.code}; going on in clear text`);
  return false;
}

/** RFC 4217 §4: 234; 334 and 200 are of servers from before it. Any other, such as a second 220, answers something else. */
const accepted: ReadonlySet<number> = new Set([200, 234, 334]);

/**
 * 500, 502, 504: not known. 530, 503: not before login, from servers that know nothing else then (vsftpd without TLS,
 * inetutils). 534: the server's policy. 431 and other 4xx: the server has TLS, but something is wrong with it today.
 */
function isRefusal(reply: Reply): boolean {
  return severityOf(reply) === 'permanent';
}

function unavailable(reply: Reply): FtpError {
  const said = replyText(reply);
  return new FtpError('tls-unavailable', `The server does not begin TLS: ${said}`, {
    reply,
    facts: { said },
  });
}

// PBSZ 0    200 PBSZ 0 successful
// PROT P    200 Protection set to Private
/** To be sent with the first commands after login; the reply to PROT goes to `expectProtection`. */
export function protectionCommands({ data }: Protection): readonly Command[] {
  return [
    { verb: 'PBSZ', argument: '0' },
    { verb: 'PROT', argument: data === 'private' ? 'P' : 'C' },
  ];
}

// 534 Unwilling to accept security arguments (ProFTPD to PROT C)
/** 534, 536 …: data connections would go another way than the site wants them to. */
export function expectProtection(reply: Reply | undefined, { data }: Protection): void {
  if (reply && severityOf(reply) === 'completed') return;
  const said = reply ? replyText(reply) : '';
  const code = data === 'private' ? 'tls-data-refused' : 'tls-data-required';
  throw new FtpError(code, `PROT refused: ${said}`, { reply, facts: { said, command: 'PROT' } });
}

// CCC   200 CCC command successful.    533, 534: the server's policy; then commands stay protected.
export async function clearCommands(
  control: ControlConnection,
  protection: Protection,
  operation: number,
): Promise<void> {
  const reply = await control.exchange({ verb: 'CCC' }, operation);
  if (severityOf(reply) === 'completed') await control.exchangeWire((wire) => protection.unwrap(wire));
  else protection.note(`CCC refused by reply ${reply.code}; commands stay in TLS`);
}
