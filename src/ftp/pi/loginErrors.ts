import { FtpError, type FtpErrorCode } from '../protocol/errors';
import { replyText, type Reply } from '../protocol/reply';

/**
 * Why a server did not let us in. The code says little (530 stands for everything), so its words are looked
 * at, as a hint for the sentence that a person reads; nothing else depends on them.
 */
export function loginError(reply: Reply): FtpError {
  const said = replyText(reply);
  return new FtpError(loginErrorCode(reply.code, said.toLowerCase()), `Login refused: ${said}`, {
    reply,
    facts: { said },
  });
}

function loginErrorCode(code: number, said: string): FtpErrorCode {
  if (code === 332 || code === 532) return 'login-account';
  if (tellsOfLimit(said)) return 'too-many-connections';
  if (tellsOfEncryption(said)) return 'login-needs-tls';
  if (said.includes('expired')) return 'password-expired';
  return code === 421 ? 'service-closing' : 'login-refused';
}

// 421 There are too many connections from your internet address. (vsftpd)
// 421 50 users (the maximum) are already logged in, sorry (Pure-FTPd)
// 530 Sorry, the maximum number of clients (10) for this user are already connected. (ProFTPD)
function tellsOfLimit(said: string): boolean {
  return said.includes('too many') || said.includes('maximum number') || said.includes('the maximum)');
}

// 530 Non-anonymous sessions must use encryption. (vsftpd)   550 SSL/TLS required on the control channel (ProFTPD)
// 421 Sorry, cleartext sessions and weak ciphers are not accepted on this server. (Pure-FTPd)
function tellsOfEncryption(said: string): boolean {
  return ['encryption', 'ssl', 'tls', 'cleartext'].some((word) => said.includes(word));
}
