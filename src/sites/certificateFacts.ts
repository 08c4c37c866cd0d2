import { addFacts, type FtpError } from '../ftp/index';
import type { Place, TrustMemory } from './trustMemory';

/** The error with what is remembered of the server, for the sentence that a person reads. */
export function addTrustFacts(error: FtpError, place: Place, memory: TrustMemory): FtpError {
  if (error.code === 'tls-unavailable') return addFacts(error, { hadTls: memory.hadTls(place) });
  const since = error.code === 'tls-certificate-changed' ? memory.pinOf(place)?.trusted : undefined;
  return since === undefined ? error : addFacts(error, { since });
}
