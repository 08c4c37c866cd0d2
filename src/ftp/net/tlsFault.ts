import type { TLSSocket } from 'node:tls';
import { NetError } from './network';

/** Why a handshake failed, in few words: for `facts.said`, where a sentence goes on with them. */
export function handshakeFault(error: Error, socket: TLSSocket): NetError {
  if (error instanceof NetError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const refused = clientCertificateAlerts.has(code) || (code === handshakeFailure && sawCertificate(socket));
  if (refused) return new NetError('certificate-refused', 'handshake', reasonOf(error), { cause: error });
  return new NetError('handshake-failed', 'handshake', reasons.get(code) ?? reasonOf(error), {
    cause: error,
  });
}

/** Trouble after the handshake. TLS 1.3 refuses a client certificate only then (RFC 8446 §4.4.2.4). */
export function recordFault(error: Error): NetError {
  if (error instanceof NetError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const fault = clientCertificateAlerts.has(code) ? 'certificate-refused' : 'reset';
  return new NetError(fault, 'read', reasonOf(error), { cause: error });
}

/** Alerts that answer our certificate, or the want of one. */
const clientCertificateAlerts: ReadonlySet<string> = new Set([
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
]);

/** Up to TLS 1.2 also the answer to a missing client certificate; else it comes before the server's own. */
const handshakeFailure = 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE';

function sawCertificate(socket: TLSSocket): boolean {
  return socket.getPeerX509Certificate() !== undefined;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the answer is not TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'the answer is not TLS'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'no common version of TLS'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no common version of TLS'],
  [handshakeFailure, 'no common cipher'],
  ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'no version of TLS is left'],
  ['ERR_SSL_DH_KEY_TOO_SMALL', 'the Diffie-Hellman key of the server is too small'],
]);

/** OpenSSL's reason without its file and line. */
function reasonOf(error: Error): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : error.message;
}
