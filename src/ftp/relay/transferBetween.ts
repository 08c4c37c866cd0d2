import type { RelayOutcome, RelayPlan } from './runner';
import { dialects, type Dialect, type Role } from './dialects';
import { handshakeFor, type Handshake } from './handshake';
import type { Side } from './side';

/** The side of a copy that listens. */
export type Listening = 'target' | 'source';

/** A way for two servers to meet: who listens, and in which words they are told. */
export interface Roles {
  readonly listening: Listening;
  readonly dialect: Dialect;
  /** Between servers whose data connections are in TLS. */
  readonly handshake?: Handshake;
}

export interface Sides {
  readonly source: Side;
  readonly target: Side;
}

export type Direct =
  | { readonly kind: 'copied'; readonly roles: Roles }
  /** Both ways were refused, or none is left: the bytes have to pass through this computer. */
  | { readonly kind: 'relay'; readonly reason: string }
  | Extract<RelayOutcome, { kind: 'failed' }>;

/** Plays one attempt on sides that are signed in; made anew for each, since a refusal may cost a control connection. */
export type Attempt = (roles: Roles) => Promise<RelayOutcome>;

/**
 * The ways to try, at most two: the target listens, as in RFC 959 figure 3, or else the source. A way is left out when
 * a server is known not to have a command of it, or cannot name the other. `pinned`: the dialect that a site asks for.
 */
export function rolesFor(sides: Sides, pinned: Dialect | undefined): Roles[] {
  const choices = (listening: Listening): Roles[] =>
    (pinned ? [pinned] : modern)
      .filter((dialect) => isPossible(sides, listening, dialect))
      .flatMap((dialect) => secured(sides, listening, dialect));
  return (['target', 'source'] as const).flatMap((listening) => choices(listening).slice(0, 1));
}

/** The way in TLS where the servers are in TLS; none when it cannot be. */
function secured(sides: Sides, listening: Listening, dialect: Dialect): Roles[] {
  const handshake = handshakeFor(castOf(sides, listening), dialects[dialect].steps);
  if (handshake === 'impossible') return [];
  return [{ listening, dialect, ...(handshake !== 'none' && { handshake }) }];
}

/** PASV and PORT first: more servers admit a third host there. Over IPv6 they cannot name one. */
const modern: readonly Dialect[] = ['rfc959', 'rfc2428'];

function isPossible(sides: Sides, listening: Listening, dialect: Dialect): boolean {
  const { steps, families } = dialects[dialect];
  const { passive, active } = castOf(sides, listening);
  if (!families.includes(passive.peer.family)) return false;
  // A server on this computer, reached over the loopback, is somewhere else to everybody else.
  if (isLoopback(passive) && !isLoopback(active)) return false;
  return steps.every(({ to, verb }) => !(to === 'passive' ? passive : active).refuses(verb));
}

function isLoopback({ peer: { host } }: Side): boolean {
  return host === '::1' || host.startsWith('127.');
}

/** Why `rolesFor` found none, for the log. */
export function whyNone({ source, target }: Sides): string {
  if (source.isPrivate !== target.isPrivate) return 'one of the two servers is in TLS, the other in clear';
  if (source.isPrivate) return 'neither server takes the client’s part in TLS (CPSV, SSCN)';
  return 'there is no way for the two servers to meet';
}

/**
 * Tries one way and, refused, the other; decides that the bytes are relayed when that is refused, too, or, for
 * `whyNone`, when there is no way at all.
 */
export async function transferBetween(
  ways: readonly Roles[],
  attempt: Attempt,
  note: (text: string) => void,
  none: string,
): Promise<Direct> {
  let reason = none;
  for (const [index, roles] of ways.entries()) {
    const outcome = await attempt(roles);
    if (outcome.kind === 'copied') return { kind: 'copied', roles };
    if (outcome.kind === 'failed') return outcome;
    reason = `${outcome.by.name} ${outcome.reason}`;
    if (index + 1 < ways.length) note(`${reason}; the other way round`);
  }
  return { kind: 'relay', reason };
}

/** Who plays what, for the runner. */
export function castOf(
  { source, target }: Sides,
  listening: Listening,
): Pick<RelayPlan, 'passive' | 'active' | 'sender'> {
  const sender: Role = listening === 'source' ? 'passive' : 'active';
  return listening === 'source'
    ? { passive: source, active: target, sender }
    : { passive: target, active: source, sender };
}
