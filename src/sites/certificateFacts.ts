import { addFacts, type FtpError } from '../ftp/index';
import type { TrustMemory } from './trustMemory';

/** The error with what is remembered of the server, for the sentence that a person reads. */
export function addTrustFacts(error: FtpError, memory: TrustMemory): FtpError {
  const { certificate, host, port } = error.facts;
  if (error.code === 'tls-certificate-changed' && certificate) {
    const since = memory.pinOf(certificate)?.trusted;
    return since === undefined ? error : addFacts(error, { since });
  }
  const isKnown = host !== undefined && port !== undefined;
  return error.code === 'tls-unavailable' && isKnown
    ? addFacts(error, { hadTls: memory.hadTls({ host, port }) })
    : error;
}
