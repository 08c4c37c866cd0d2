import { NetError, type NetFault } from './network';

type During = NetError['during'];

/** Node's error codes (those of the system, and of its resolver) as faults. */
const faultOfCode: ReadonlyMap<string, NetFault> = new Map<string, NetFault>([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EPROTO', 'unreachable'],
  ['ENOTFOUND', 'host-not-found'],
  ['EAI_AGAIN', 'host-not-found'],
  ['EAI_FAIL', 'host-not-found'],
  ['EAI_NODATA', 'host-not-found'],
  ['EAI_NONAME', 'host-not-found'],
  ['ETIMEDOUT', 'timed-out'],
  ['ECONNRESET', 'reset'],
  ['ENETRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'broken-pipe'],
  ['ENOTCONN', 'broken-pipe'],
  ['ESHUTDOWN', 'broken-pipe'],
  ['EADDRINUSE', 'address-in-use'],
  ['EADDRNOTAVAIL', 'address-not-available'],
  ['EAFNOSUPPORT', 'address-not-available'],
  // A local address of the other family.
  ['EINVAL', 'address-not-available'],
]);

/** Codes without an entry, EACCES and EPERM (a firewall, or a port below 1024) among them. */
const faultOfStep: Readonly<Record<During, NetFault>> = {
  connect: 'unreachable',
  listen: 'address-not-available',
  read: 'reset',
  write: 'broken-pipe',
  handshake: 'handshake-failed',
};

/** Total: every error of node:net and node:dns has a fault. The original stays as the cause. */
export function nodeFault(error: Error, during: During): NetError {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const step = during === 'read' && syscall === 'write' ? 'write' : during;
  const fault = faultOfCode.get(code ?? '') ?? faultOfStep[step];
  return new NetError(fault, step, error.message, { cause: error });
}
