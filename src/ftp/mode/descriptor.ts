import { RemoteProtocolError } from '../protocol/errors';

/** The descriptor codes of block and compressed mode: bit flags, which may stand together (RFC 959 §3.4.2). */
export const endOfRecordCode = 128;
export const endOfFileCode = 64;
export const suspectCode = 32;
export const restartMarkerCode = 16;

/** Returns a descriptor that has no other flags. Others are not assigned: there bytes are read out of step. */
export function knownDescriptor(descriptor: number): number {
  if (descriptor % restartMarkerCode === 0) return descriptor;
  throw new RemoteProtocolError(`a descriptor with unknown codes: ${descriptor}`);
}
