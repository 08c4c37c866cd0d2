import { NetError } from '../net/network';
import { clientCertificateRefused } from '../pi/controlConnection';
import { FtpError } from '../protocol/errors';

/** A handshake that failed, as a person is told it. `silence`: seconds after which it was given up. */
export function handshakeError(error: unknown, silence: number | undefined): Error {
  if (silence !== undefined) return failed(`no answer within ${silence} s`, error, { seconds: silence });
  if (!(error instanceof NetError)) return error instanceof Error ? error : new Error(String(error));
  if (error.fault === 'aborted') return new FtpError('aborted', 'The TLS handshake was cancelled.');
  if (error.fault === 'certificate-refused') return clientCertificateRefused(error);
  // What broke beneath is no reason that a person could use.
  const said = error.fault === 'handshake-failed' ? error.message : 'the server closed the connection';
  return failed(said, error, {});
}

function failed(said: string, cause: unknown, facts: { seconds?: number }): FtpError {
  const message = `TLS did not come about: ${said}.`;
  return new FtpError('tls-handshake-failed', message, { cause, facts: { ...facts, said } });
}
