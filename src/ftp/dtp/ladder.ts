import type { RendezvousFailure, ServerProfile } from '../pi/serverProfile';
import { FtpError } from '../protocol/errors';
import type { RendezvousMethod } from '../trace/wireEvent';
import { active, extendedActive } from './active';
import { defaultPort } from './defaultPort';
import { extendedPassive, passive, type PassiveRendezvous } from './passive';
import { WayFailed, type Rendezvous } from './rendezvous';

export type WayChoice = 'auto' | 'passive' | 'active' | 'default-port';
type Learned = ServerProfile['learned']['rendezvous'];

/**
 * The ways to try, in order: EPSV, PASV, EPRT, PORT without those that failed before. PASV and PORT can only name
 * IPv4 addresses. When every way has failed before, the memory is of no use, and all are tried again.
 */
export function waysFor(choice: WayChoice, family: 4 | 6, learned: Learned): readonly Rendezvous[] {
  const all = ladders[choice].filter((way) => family === 4 || !ipv4Only.has(way.method));
  const untried = all.filter((way) => learned[way.method] === undefined);
  return untried.length > 0 ? untried : all;
}

/** The default port last, while its pair rests: the non-default port of RFC 959 §3.3 goes first. */
export function restingLast(ways: readonly Rendezvous[]): readonly Rendezvous[] {
  const isDefault = ({ method }: Rendezvous): boolean => method === 'default-port';
  return [...ways.filter((way) => !isDefault(way)), ...ways.filter(isDefault)];
}

const ladders: Readonly<Record<WayChoice, readonly Rendezvous[]>> = {
  auto: [extendedPassive, passive, extendedActive, active],
  passive: [extendedPassive, passive],
  active: [extendedActive, active],
  // The second rung is RFC 959 §3.3's own answer to a port pair that cannot be used again yet.
  'default-port': [defaultPort, extendedActive, active],
};

/** The first of `ways`, where it is one in which we dial. */
export function passiveFirst(ways: readonly Rendezvous[]): PassiveRendezvous | undefined {
  return [extendedPassive, passive].find((way) => way === ways[0]);
}

/** We listen, and say where. */
export function isActive({ method }: Rendezvous): boolean {
  return method === 'EPRT' || method === 'PORT';
}

const ipv4Only: ReadonlySet<RendezvousMethod> = new Set(['PASV', 'PORT']);

/**
 * Tries the ways in order until one brings the two ends together. `learn` is told of each that does not. Any other
 * failure than `WayFailed` ends the climb; so does the loss of the control connection, after which `attempt` cannot
 * go on (`canGoOn` says so) and the last `WayFailed` is thrown for the session to reconnect.
 */
export async function climb<T>(
  ways: readonly Rendezvous[],
  attempt: (way: Rendezvous) => Promise<T>,
  learn: (failed: WayFailed) => void,
  canGoOn: () => boolean,
): Promise<T> {
  const failures: WayFailed[] = [];
  for (const way of ways) {
    try {
      return await attempt(way);
    } catch (error) {
      if (!(error instanceof WayFailed)) throw error;
      learn(error);
      failures.push(error);
      if (!canGoOn()) throw error;
    }
  }
  throw noWay(failures);
}

function noWay(failures: readonly WayFailed[]): FtpError {
  const last = failures.at(-1);
  if (!last) return new FtpError('data-no-way', 'No way to a data connection is left.');
  const passiveCause = causeOf(failures, ['EPSV', 'PASV']);
  const activeCause = causeOf(failures, ['EPRT', 'PORT']);
  if (failures[0]?.method === 'default-port') return failures[0].error;
  if (passiveCause === undefined || activeCause === undefined) return last.error;
  return new FtpError('data-no-way', 'No data connection works.', {
    cause: last.error,
    facts: { passive: passiveCause, active: activeCause },
  });
}

function causeOf(failures: readonly WayFailed[], methods: readonly RendezvousMethod[]): string | undefined {
  const failed = failures.filter(({ method }) => methods.includes(method)).at(-1);
  return (
    failed && `${failureWords[failed.failure]}${failed.error.reply ? ` (${failed.error.reply.code})` : ''}`
  );
}

export const failureWords: Readonly<Record<RendezvousFailure, string>> = {
  refused: 'refused by reply',
  unreachable: 'connection refused',
  'timed-out': 'timed out',
};
