import type { Fault, FaultKind } from '../server/faultKinds';
import type { ResetShape } from '../sim/rules';
import type { CaseId, Scenario } from './caseId';

/** What the client does to itself; all other kinds happen to it. */
export const turnKinds = ['abort', 'close', 'second'] as const;
export type TurnKind = (typeof turnKinds)[number];

/** Where strangers and dials "from another address" come from: the far host's second address. */
export const otherAddress = '10.0.0.9';

const resets = ['reset-error', 'reset-error-losing-data', 'reset-as-end'];

/** By the part of a point before its bracket; `out` differs between the two connections. */
const kindsByPlace: Readonly<Record<string, readonly string[]>> = {
  reply: [
    ...['silence', 'late', 'close', ...resets, 'goodbye', 'code-450', 'code-500', 'code-550'],
    ...['garbage', 'nul', 'iac', 'cr-nul', 'megabyte', 'doubled', 'swapped', 'extra', 'look-alike'],
    ...['cut', 'cut-1', 'cut-3', 'merged', 'early-final'],
  ],
  in: ['cut-226', 'cut-426', 'cut-451', ...resets, 'stall', 'trickle', 'more'],
  fin: ['late', 'silence', ...resets],
  'out(data': ['close', ...resets, 'silence', 'fin', 'early-final', 'run'],
  'out(control': ['close', ...resets, 'silence'],
  connect: ['refused', 'ignored', 'fin', ...resets, 'code'],
  accept: ['refused', 'never', 'fin', ...resets, 'stranger', 'other-address'],
  file: ['full', 'denied', 'failed', 'killed', 'killed-for-good', 'run'],
  turn: turnKinds,
};

/** Every kind at every place, as `labelOf` names them. */
export const allKinds: readonly string[] = Object.entries(kindsByPlace).flatMap(([place, kinds]) =>
  kinds.map((kind) => `${place} ${kind}`),
);

/** `reply close`, `out(data reset-error`: what a case is an example of. */
export function labelOf(point: string, kind: string): string {
  const place = point.slice(0, point.indexOf('('));
  return `${place === 'out' ? point.slice(0, point.indexOf(',')) : place} ${kind}`;
}

/** The kinds that fit a point of a scenario. */
export function kindsAt(point: string, scenario: Scenario): readonly string[] {
  const place = point.slice(0, point.indexOf('('));
  const kinds = kindsByPlace[place] ?? kindsByPlace[point.slice(0, point.indexOf(','))] ?? [];
  return kinds.filter((kind) => fits(kind, place, point, scenario));
}

/** Whether a fault that goes on is another case than the one that happens once. */
export function canPersist(point: string, kind: string): boolean {
  return !point.startsWith('turn') && !['run', 'killed-for-good', 'swapped', 'merged'].includes(kind);
}

/** The fault of a case, for the server's script; undefined where the client does it to itself. */
export function faultFor({ point, kind, persistence }: CaseId, run: () => void): Fault | undefined {
  if (point.startsWith('turn')) return undefined;
  const [name = '', detail] = splitKind(kind);
  const number = detail === undefined || name === 'reset' ? undefined : Number(detail);
  const ofReply = point.startsWith('reply');
  return {
    point,
    kind: name as FaultKind,
    once: persistence === 'once',
    host: otherAddress,
    run,
    ...(number !== undefined && (name === 'cut' && ofReply ? { bytes: number } : { code: number })),
  };
}

/** How a reset looks to the client in this case. */
export function resetShapeOf(kind: string): ResetShape {
  const [name, shape] = splitKind(kind);
  return name === 'reset' && shape !== undefined ? (shape as ResetShape) : 'error';
}

function fits(kind: string, place: string, point: string, { operation }: Scenario): boolean {
  // A listing announces no size: what is added to it cannot be told from what belongs there.
  if (kind === 'more') return operation !== 'list';
  if (kind === 'early-final') {
    return place === 'out' ? operation === 'write' : /^reply\((RETR|STOR|MLSD|LIST),1\)$/.test(point);
  }
  if (place !== 'file') return true;
  if (kind === 'full') return /^file\((openWrite|write),/.test(point);
  return kind.startsWith('killed') || kind === 'run' || !point.startsWith('file(close');
}

/** `code-450` is `code` with 450; `early-final` has no detail. */
function splitKind(kind: string): readonly [string, string | undefined] {
  const match = /^(code|cut|reset)-(.+)$/.exec(kind);
  return match ? [match[1] ?? '', match[2]] : [kind, undefined];
}
