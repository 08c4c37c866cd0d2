// Theory of operation
//
// Under PROT P (RFC 4217 §9) a server takes the server's part in TLS on every data connection, whoever dials. Between
// two servers one of them has to take the client's part, and must be told so. No RFC says how; two commands are in use:
//
//   P: CPSV      227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)    as PASV, but the listening server is TLS's client
//   X: SSCN ON   200                                              until SSCN OFF this server is TLS's client
//
// What is left when neither has either is to relay the bytes through this computer, in TLS on both legs.
import type { Role, Step } from './dialects';
import type { Side } from './side';

/** Who takes the client's part, and in which words it is told. */
export type Handshake = 'CPSV' | { readonly SSCN: Role };

/** `none`: both servers are in clear. `impossible`: one is, or neither can take the client's part. */
export function handshakeFor(
  { passive, active }: Readonly<Record<Role, Side>>,
  steps: readonly Step[],
): Handshake | 'none' | 'impossible' {
  if (passive.isPrivate !== active.isPrivate) return 'impossible';
  if (!passive.isPrivate) return 'none';
  if (passive.can('CPSV') && steps.some(isPasv)) return 'CPSV';
  if (passive.can('SSCN')) return { SSCN: 'passive' };
  return active.can('SSCN') ? { SSCN: 'active' } : 'impossible';
}

/** The steps of a dialect, and in them who takes the client's part. */
export function withHandshake(steps: readonly Step[], handshake: Handshake): readonly Step[] {
  if (handshake !== 'CPSV') return [{ to: handshake.SSCN, verb: 'SSCN', argument: () => 'ON' }, ...steps];
  return steps.map((step) => (isPasv(step) ? { ...step, verb: 'CPSV' } : step));
}

/** SSCN holds until it is taken back: with us, the server takes its usual part again. */
export async function endHandshake(
  sides: Readonly<Record<Role, Side>>,
  handshake: Handshake | undefined,
): Promise<void> {
  if (handshake === undefined || handshake === 'CPSV') return;
  const side = sides[handshake.SSCN];
  try {
    await side.send({ verb: 'SSCN', argument: 'OFF' }).final;
  } catch {
    // The control connection is gone, and with it what was told.
  }
}

function isPasv({ verb, to }: Step): boolean {
  return verb === 'PASV' && to === 'passive';
}
