import type { TLSSocket } from 'node:tls';
import { NetError } from './network';

/** Why a handshake failed, in few words: for `facts.said`, where a sentence goes on with them. */
export function handshakeFault(error: Error, socket: TLSSocket): NetError {
  if (error instanceof NetError) return error;
  const trouble = troubleOf(error);
  const refused =
    clientCertificateAlerts.has(trouble) || (trouble === handshakeFailure && sawCertificate(socket));
  if (refused) return new NetError('certificate-refused', 'handshake', reasonOf(error), { cause: error });
  return new NetError('handshake-failed', 'handshake', reasons.get(trouble) ?? reasonOf(error), {
    cause: error,
  });
}

/** Trouble after the handshake. TLS 1.3 refuses a client certificate only then (RFC 8446 §4.4.2.4). */
export function recordFault(error: Error): NetError {
  if (error instanceof NetError) return error;
  const fault = clientCertificateAlerts.has(troubleOf(error)) ? 'certificate-refused' : 'reset';
  return new NetError(fault, 'read', reasonOf(error), { cause: error });
}

/** Alerts that answer our certificate, or the want of one. */
const clientCertificateAlerts: ReadonlySet<string> = new Set([
  'CERTIFICATE_REQUIRED',
  'BAD_CERTIFICATE',
  'UNSUPPORTED_CERTIFICATE',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_UNKNOWN',
  'UNKNOWN_CA',
]);

/** Up to TLS 1.2 also the answer to a missing client certificate; else it comes before the server's own. */
const handshakeFailure = 'HANDSHAKE_FAILURE';

// ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE (Node 20)   ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE (Node 24)
/** The alert that came, or else OpenSSL's own reason. */
function troubleOf(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const alert = code.lastIndexOf('ALERT_');
  return alert >= 0 ? code.slice(alert + 'ALERT_'.length) : code;
}

function sawCertificate(socket: TLSSocket): boolean {
  return socket.getPeerX509Certificate() !== undefined;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the answer is not TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'the answer is not TLS'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'no common version of TLS'],
  ['PROTOCOL_VERSION', 'no common version of TLS'],
  [handshakeFailure, 'no common cipher'],
  ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'no version of TLS is left'],
  ['ERR_SSL_DH_KEY_TOO_SMALL', 'the Diffie-Hellman key of the server is too small'],
]);

/** OpenSSL's reason without its file and line. */
function reasonOf(error: Error): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : error.message;
}
