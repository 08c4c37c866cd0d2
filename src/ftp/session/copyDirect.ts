import { FtpError } from '../protocol/errors';
import { play, type RelayOutcome, type RelayTiming } from '../relay/runner';
import {
  castOf,
  rolesFor,
  transferBetween,
  whyNone,
  type Direct,
  type Listening,
  type Roles,
} from '../relay/transferBetween';
import type { CopyParts } from './copyParts';
import { enterStreamMode, sideOf } from './copySide';
import { explain } from './explain';
import type { Link } from './link';

/** From server to server. `first`: who listened when it worked before. */
export async function copyDirectly(
  parts: CopyParts,
  into: string,
  first: Listening | undefined,
): Promise<Direct> {
  const { ways, none } = await withLinks(parts, (from, to) => Promise.resolve(waysFor(parts, from, to)));
  const rank = ({ listening }: Roles): number => (listening === first ? 0 : 1);
  return transferBetween(
    [...ways].sort((a, b) => rank(a) - rank(b)),
    (roles) => withLinks(parts, (from, to) => attempt(parts, into, roles, from, to)),
    (text) => noteTrouble(parts, text),
    none,
  );
}

/** A line of both logs. */
export function noteTrouble({ source, target }: CopyParts, text: string): void {
  source.note(text);
  target.note(text);
}

async function withLinks<T>(
  { source, target }: CopyParts,
  work: (from: Link, to: Link) => Promise<T>,
): Promise<T> {
  return source.perform((from) => target.perform((to) => work(from, to)));
}

/** The ways to try, and why there is none. */
function waysFor({ source, target }: CopyParts, from: Link, to: Link): { ways: Roles[]; none: string } {
  const [pinned, other] = [source.dialect ?? target.dialect, target.dialect ?? source.dialect];
  if (pinned !== other) return { ways: [], none: 'the two servers are told in different dialects' };
  const sides = { source: sideOf(from), target: sideOf(to) };
  return { ways: rolesFor(sides, pinned), none: whyNone(sides) };
}

async function attempt(
  { source, onProgress }: CopyParts,
  into: string,
  { listening, ...words }: Roles,
  from: Link,
  to: Link,
): Promise<RelayOutcome> {
  await enterStreamMode(from);
  await enterStreamMode(to);
  const sides = { source: sideOf(from), target: sideOf(to) };
  const paths = { from: source.path, to: into, size: source.size };
  const onBytes = onProgress && ((bytes: number) => onProgress(bytes, source.size));
  const outcome = await play({ ...castOf(sides, listening), ...words, ...paths, onBytes }, timingOf(from));
  if (outcome.kind !== 'failed') return outcome;
  const error = await explained(outcome.by === sides.source ? from : to, outcome.error);
  return { ...outcome, error };
}

async function explained(link: Link, error: FtpError): Promise<FtpError> {
  const { path, command } = error.facts;
  if (path === undefined) return error;
  const better = await explain(link, error, path, command === 'RETR' ? 'read' : 'write');
  return better instanceof FtpError ? better : error;
}

function timingOf({ options: { clock, connectTimeout: meet, stallTimeout: stall } }: Link): RelayTiming {
  return { clock, meet, stall };
}
