import { FtpError } from '../protocol/errors';
import { replyText, type Reply } from '../protocol/reply';
import type { TlsDetails } from '../trace/wireEvent';
import type { RendezvousContext } from './rendezvous';

/**
 * Whether a negative reply to a transfer is about the TLS session of the data connection. `tls`: its handshake, where it
 * came about; then there was a connection, and 425 can be about nothing else.
 *
 *   522 SSL connection failed; session reuse required: see require_ssl_reuse option in vsftpd.conf man page
 *   425 Unable to build data connection: Operation not permitted (ProFTPD: not resumed, or older than 300 s)
 *   425 Unable to build data connection: TLS session of data connection not resumed. (FileZilla Server)
 */
export function isSessionRefusal(reply: Reply, tls: TlsDetails | undefined): boolean {
  if (reply.code !== 425 && reply.code !== 450 && reply.code !== 522) return false;
  const said = replyText(reply).toLowerCase();
  if (['session', 'reuse', 'resum'].some((word) => said.includes(word))) return true;
  return tls !== undefined && reply.code !== 450;
}

/**
 * Whether a way to a data connection was refused only because the connection would be in clear text: no other way would
 * do, and this one is not to be left out next time.
 *
 *   521 (RFC 4217 §3)
 *   550 SSL/TLS required on the data channel. (pyftpdlib)
 */
export function isClearRefusal(reply: Reply | undefined): reply is Reply {
  if (!reply || reply.code < 400) return false;
  return reply.code === 521 || replyText(reply).toLowerCase().includes('tls');
}

export function clearRefused(reply: Reply, command: string): FtpError {
  const said = replyText(reply);
  // Without the reply itself: its 550 would be taken for one about the path (explain.ts).
  return new FtpError('tls-data-required', `${command} refused: ${said}`, { facts: { said, command } });
}

/**
 * Drops the control connection: on a new one, with a fresh TLS session, the operation is tried once more (operations.ts).
 * It says nothing about the way to the data connection, which is not to be left out next time.
 */
export function sessionRefused(reply: Reply, { control }: RendezvousContext): FtpError {
  const said = replyText(reply);
  const message = `The server rejected the TLS session of the data connection: ${said}`;
  const error = new FtpError('tls-session-not-resumed', message, { reply, facts: { said } });
  control.lose(error);
  return error;
}
