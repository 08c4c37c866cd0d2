import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { errorCodes, FtpError, type Entry, type WireEvent } from '../../../src/ftp';
import type { CaseId } from './caseId';
import { deadlines } from './deadlines';
import { showOutcome, type Outcome } from './outcome';
import type { Invariant } from './plant';
import type { Stage } from './stage';
import { leftOvers, subjects } from './subjects';
import { wrongTrace } from './traceCheck';

export interface Failure {
  readonly invariant: Invariant;
  readonly text: string;
}

export interface Report {
  readonly failures: Failure[];
}

/** What must hold when the operation is over: I1 to I4, I11, I12. */
export function checkFirstPhase(
  report: Report,
  id: CaseId,
  stage: Stage,
  outcome: Outcome | undefined,
  took: number,
  events: number,
): void {
  const fail = (invariant: Invariant, text: string | undefined): void => {
    if (text !== undefined) report.failures.push({ invariant, text });
  };
  if (!outcome) return fail('I1', 'no outcome');
  const subject = subjects[id.scenario.operation];
  fail('I1', wrongOutcome(id, outcome));
  fail('I2', subject.wrongTree(stage.files, outcome.resolved));
  fail('I3', leftOvers(stage.files).join(', ') || undefined);
  fail('I4', tooLate(id, took));
  const sent = stage.events.slice(0, events);
  fail('I11', wrongReplay(sent));
  if (!outcome.resolved) fail('I12', wrongEffect(id, stage, outcome.error, sent));
}

/** What must hold at the very end: I8, I9, I13, and the rules that the server watches over. */
export function checkWhole(report: Report, id: CaseId, stage: Stage, outcome: Outcome | undefined): void {
  if (stage.watch.mostHeld > 1) {
    report.failures.push({ invariant: 'I8', text: `${stage.watch.mostHeld} control connections at once` });
  }
  for (const { rule, text } of stage.violations) {
    if (alwaysForbidden.has(rule)) report.failures.push({ invariant: 'I8', text: `${rule}: ${text}` });
  }
  const leak = leakIn(stage, outcome);
  if (leak) report.failures.push({ invariant: 'I9', text: `the password is in ${leak}` });
  const trace = wrongTrace(id, stage);
  if (trace) report.failures.push({ invariant: 'I13', text: trace });
}

/** Throws when a value of the second phase is not what the server has. */
export function judgeHealed(value: Entry[] | Uint8Array, expected: unknown): void {
  const found = value instanceof Uint8Array ? value : value.map(({ name }) => name);
  assert.deepEqual(found, expected);
}

/** What a client must not do even to a server that lies. */
const alwaysForbidden: ReadonlySet<string> = new Set([
  'batch-too-large',
  'control-character',
  'third-host',
  'command-after-quit',
]);

function wrongOutcome(id: CaseId, outcome: Outcome): string | undefined {
  if (outcome.resolved) return subjects[id.scenario.operation].wrongValue(outcome.value, id);
  const { error } = outcome;
  if (!(error instanceof FtpError)) return `rejected with ${inspect(error)}`;
  if (!errorCodes.includes(error.code)) return `unknown code ${String(error.code)}`;
  if (isHarmless(id)) return `a harmless fault: ${showOutcome(outcome)}`;
  const expected = expectedCodes[id.kind];
  const wanted = id.point.startsWith('turn') && expected !== undefined && error.code !== expected;
  return wanted ? `${error.code} where ${expected} is due` : undefined;
}

/** By the kinds of `turn(k)`. */
const expectedCodes: Readonly<Record<string, string>> = { abort: 'aborted', close: 'session-closed' };

/** RFC 959 and RFC 854 allow it; or a lost connection of which nobody needs to know (DESIGN §3, Reconnect). */
function isHarmless({ scenario, point, kind, persistence }: CaseId): boolean {
  const { operation, state } = scenario;
  if (kind === 'second' || (point.startsWith('reply') && alwaysFine.has(kind))) return true;
  const repeatable = (operation === 'list' || operation === 'read') && state === 'warm';
  const lost = kind === 'close' || kind === 'goodbye' || kind.startsWith('reset');
  const onControl = point.startsWith('reply') || point.startsWith('out(control');
  return repeatable && lost && onControl && persistence === 'once';
}

const alwaysFine: ReadonlySet<string> = new Set(['look-alike', 'iac', 'cut', 'cut-1', 'cut-3']);

function tooLate({ scenario, kind }: CaseId, took: number): string | undefined {
  // A byte a second is slow, not silent: two runs over the largest content at most.
  const slowness = kind === 'trickle' ? 2 * 5_000_000 : 0;
  const bound = deadlines[scenario.operation][scenario.state] + slowness;
  return took > bound ? `it took ${took} ms, and may take ${bound}` : undefined;
}

/** Commands that must not be repeated blindly. */
const once = ['RNTO', 'DELE', 'MKD', 'RMD', 'APPE'];
const questions = ['SIZE', 'MLST', 'MDTM', 'STAT', 'CWD', 'MLSD', 'LIST'];

function wrongReplay(events: readonly WireEvent[]): string | undefined {
  const verbs = events.flatMap((event) => (event.kind === 'sent' ? [event.line.split(' ')[0] ?? ''] : []));
  for (const verb of once) {
    const first = verbs.indexOf(verb);
    const second = verbs.indexOf(verb, first + 1);
    if (first < 0 || second < 0) continue;
    if (!verbs.slice(first, second).some((between) => questions.includes(between))) return `${verb} twice`;
  }
  return undefined;
}

function wrongEffect(
  id: CaseId,
  stage: Stage,
  error: unknown,
  events: readonly WireEvent[],
): string | undefined {
  const effect = error instanceof FtpError ? error.facts.effect : undefined;
  // Another client's doing is not this one's to tell.
  if (effect === undefined || id.kind === 'run' || isLie(id)) return undefined;
  const untouched = subjects[id.scenario.operation].untouched(stage.files);
  // What came was another command's reply (200 before the 150 of a STOR), so that STOR itself was not answered.
  if (effect === 'unknown' && FtpError.is(error, 'protocol-violation')) return undefined;
  if (effect === 'unknown') return answered(events) ? "'unknown', though STOR was answered" : undefined;
  return untouched === (effect === 'unchanged') ? undefined : `'${effect}' is not what is on the server`;
}

/** RFC 959 §4.2: 4yz and 5yz say that the action did not take place; here it did. */
function isLie({ point, kind }: CaseId): boolean {
  return point === 'reply(STOR,1)' && kind.startsWith('code');
}

/** Whether the last STOR got a final reply, in its turn; 421 and 425 say nothing about the file. */
function answered(events: readonly WireEvent[]): boolean {
  const last = events.findLast((event) => event.kind === 'sent' && event.line.startsWith('STOR'));
  const waiting: WireEvent[] = [];
  for (const event of events) {
    if (event.session !== last?.session || event.connection !== last.connection) continue;
    if (event.kind === 'sent') waiting.push(event);
    if (event.kind !== 'received' || !/^[2-5]\d\d /.test(event.line)) continue;
    if (waiting.shift() === last) return !/^42[15]/.test(event.line);
  }
  return false;
}

function leakIn(stage: Stage, outcome: Outcome | undefined): string | undefined {
  const { password } = stage;
  const error = outcome?.resolved === false ? inspect(outcome.error, { depth: null }) : '';
  const places = {
    'an event': JSON.stringify(stage.events),
    'the error': error,
    'the profile': stage.profile(),
  };
  const forms = [password, encodeURIComponent(password), Buffer.from(password).toString('base64')];
  const found = Object.entries(places).find(([, text]) => forms.some((form) => text.includes(form)));
  return found?.[0];
}
