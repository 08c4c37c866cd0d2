import { getEventListeners } from 'node:events';
import type { FtpSession } from '../../../src/ftp';
import { FaultScript } from '../server/faultScript';
import { RecordingScript } from '../server/recordingScript';
import { Deadlock, Kernel, Livelock } from '../sim/kernel';
import type { CaseId } from './caseId';
import { deadlines } from './deadlines';
import { faultFor, resetShapeOf, type TurnKind } from './faultsAt';
import { checkFirstPhase, checkWhole, judgeHealed, type Report } from './invariants';
import { outcomeOf, type Outcome } from './outcome';
import type { Plant } from './plant';
import { Stage } from './stage';
import { rootNames, subjects, target } from './subjects';

/** What became of a case. */
export interface CaseResult {
  readonly report: Report;
  /** Of all events: equal for two runs of one case. */
  readonly hash: string;
  readonly stage: Stage | undefined;
  readonly kernel: Kernel;
  readonly outcome: Outcome | undefined;
  /** Virtual milliseconds of the operation. */
  readonly took: number;
}

/** What a clean run offers to go wrong. */
export interface Journal {
  readonly points: readonly string[];
  /** Turns of the client in all, and before there was a session. */
  readonly turns: number;
  readonly turnsBeforeSession: number;
}

export const noPlant: Plant = { name: 'none', breaks: 'fired' };

/** Far above the longest case, of a persistent trickle. */
const limits = { events: 400_000, time: 7 * 86_400_000 };

/** Runs one case in a world of its own. Never rejects: what is wrong is in the report. */
export async function runCase(id: CaseId, plant: Plant = noPlant): Promise<CaseResult> {
  const kernel = new Kernel({ seed: id.seed, limits });
  const report: Report = { failures: [] };
  const run = new CaseRun(kernel, id, plant, report);
  try {
    await kernel.run(() => run.play());
  } catch (error) {
    const hangs = error instanceof Deadlock || error instanceof Livelock;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report.failures.push({ invariant: hangs ? 'I4' : 'I10', text });
  }
  const { stage, outcome, took } = run;
  return { report, hash: kernel.hash.toString(), stage, kernel, outcome, took };
}

/** The operation without a fault; throws when anything at all is wrong with it. */
export async function record(id: CaseId): Promise<Journal> {
  const kernel = new Kernel({ seed: id.seed, limits });
  const report: Report = { failures: [] };
  const run = new CaseRun(kernel, id, noPlant, report);
  const journal = await kernel.run(() => run.record());
  const rules = run.stage?.violations.map(({ rule, text }) => `${rule}: ${text}`) ?? [];
  const wrong = [...report.failures.map(({ text }) => text), ...rules];
  if (wrong.length > 0) throw new Error(`The clean run is not clean: ${wrong.join('; ')}`);
  return journal;
}

class CaseRun {
  stage: Stage | undefined;
  outcome: Outcome | undefined;
  took = 0;
  private session: FtpSession | undefined;
  private readonly controller = new AbortController();
  /** What the client began besides the operation. */
  private readonly besides: Promise<unknown>[] = [];
  private turns = 0;
  private turnFired = 0;
  private turnsBeforeSession = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly id: CaseId,
    private readonly plant: Plant,
    private readonly report: Report,
  ) {}

  async play(): Promise<void> {
    const stage = await this.setUp();
    const fault = faultFor(this.id, () => subjects[this.id.scenario.operation].interfere(stage.files));
    const script = fault && new FaultScript(fault);
    stage.script.script = script;
    stage.client.resetShape = resetShapeOf(this.id.kind);
    await this.operate(stage);
    const firstEvents = stage.events.length;
    await this.rest(stage, 'after the fault');
    checkFirstPhase(this.report, this.id, stage, this.outcome, this.took, firstEvents);
    if ((script?.fired ?? this.turnFired) === 0) this.fail('fired', 'the planned fault never fired');
    await this.heal(stage, script);
    await this.afterHealing(stage);
    await this.end(stage);
    checkWhole(this.report, this.id, stage, this.outcome);
  }

  async record(): Promise<Journal> {
    const stage = await this.setUp();
    const script = new RecordingScript();
    stage.script.script = script;
    await this.operate(stage);
    // With what follows the outcome: the reply to a read that was handed over early, the next data connection.
    await this.rest(stage, 'after the clean run');
    const points = [...script.points];
    checkFirstPhase(this.report, this.id, stage, this.outcome, this.took, stage.events.length);
    if (!this.outcome?.resolved) this.fail('I1', 'it failed');
    await this.afterHealing(stage);
    await this.end(stage);
    checkWhole(this.report, this.id, stage, this.outcome);
    const { turns, turnsBeforeSession } = this;
    return { points, turns, turnsBeforeSession };
  }

  private async setUp(): Promise<Stage> {
    const stage = await Stage.set(this.kernel, this.id, this.plant);
    this.stage = stage;
    if (this.id.scenario.state === 'warm') this.session = await stage.connect(undefined);
    await this.kernel.idle();
    return stage;
  }

  /** The first phase: the operation, with sign-in where it is cold. */
  private async operate(stage: Stage): Promise<void> {
    const began = this.kernel.now;
    stage.watch.begin((turn) => this.onTurn(turn));
    this.outcome = await outcomeOf(this.work(stage));
    this.took = this.kernel.now - began;
    this.turns = stage.watch.turns;
    stage.watch.begin(() => undefined);
    const others = await Promise.all(this.besides.map(outcomeOf));
    for (const other of others) {
      if (!other.resolved) this.fail('I1', `what ran besides: ${String(other.error)}`);
    }
  }

  private async work(stage: Stage): Promise<unknown> {
    const { signal } = this.controller;
    this.session ??= await stage.connect(signal);
    this.turnsBeforeSession = this.id.scenario.state === 'cold' ? stage.watch.turns : 0;
    return subjects[this.id.scenario.operation].run(this.session, signal);
  }

  private onTurn(turn: number): void {
    if (this.id.point !== `turn(${turn})`) return;
    this.turnFired++;
    const kind = this.id.kind as TurnKind;
    if (kind === 'abort') return this.controller.abort();
    if (!this.session) return this.fail('fired', 'there is no session at this turn');
    if (kind === 'close') this.besides.push(this.session.close());
    else this.besides.push(this.session.list('/').then((entries) => judgeHealed(entries, rootNames)));
  }

  /** All that was under way has come to a stand. */
  private async rest(stage: Stage, when: string): Promise<void> {
    await this.kernel.idle();
    const { connections, listeners } = stage.client;
    const { warm = 0, ...held } = this.session?.inspect() ?? {};
    const open = this.session && this.session.state !== 'closed' ? 1 + warm : 0;
    if (connections.length > open || warm > 1) this.fail('I6', `${connections.join(', ')} are open ${when}`);
    if (listeners.length > 0) this.fail('I6', `${listeners.length} listeners are open ${when}`);
    const left = getEventListeners(this.controller.signal, 'abort').length;
    if (left > 0) this.fail('I6', `${left} listeners on the signal ${when}`);
    for (const [what, count] of Object.entries(held)) {
      if (count !== 0) this.fail('I7', `${what} is ${String(count)} ${when}`);
    }
  }

  private async heal(stage: Stage, script: FaultScript | undefined): Promise<void> {
    script?.heal();
    stage.client.resetShape = 'error';
    if (this.id.kind === 'killed-for-good') await stage.startServer();
  }

  /** The second phase: nothing is wrong any more, and nobody helps. */
  private async afterHealing(stage: Stage): Promise<void> {
    if (this.session?.state === 'closed') {
      const late = await outcomeOf(this.session.list('/'));
      if (late.resolved) this.fail('I5', 'a closed session lists');
      this.session = undefined;
    }
    await this.expect('sign-in', async () => {
      this.session ??= await stage.connect(undefined);
    });
    const { session } = this;
    if (!session) return;
    await this.expect('list', async () => judgeHealed(await session.list('/'), rootNames));
    await this.expect('read', async () => judgeHealed(await session.read(target), stage.files.at(target)));
    await this.expect('write', () => session.write('/note.txt', new TextEncoder().encode('another note')));
    if (stage.files.text('/note.txt') !== 'another note') this.fail('I5', 'the small write is not there');
    await this.rest(stage, 'after healing');
  }

  private async expect(what: string, work: () => Promise<void>): Promise<void> {
    const began = this.kernel.now;
    const outcome = await outcomeOf(work());
    if (!outcome.resolved) this.fail('I5', `after healing, ${what}: ${String(outcome.error)}`);
    const took = this.kernel.now - began;
    if (took > deadlines.read.cold) this.fail('I4', `after healing, ${what} took ${took} ms`);
  }

  private async end(stage: Stage): Promise<void> {
    await this.session?.close();
    await this.kernel.idle();
    const { connections, listeners } = stage.client;
    if (connections.length + listeners.length > 0) this.fail('I6', 'sockets are left after close()');
    const pending = this.kernel.pending();
    if (pending.length > 0) this.fail('I6', `queued after close(): ${pending.join(', ')}`);
    await stage.stopServers();
  }

  private fail(invariant: Report['failures'][number]['invariant'], text: string): void {
    this.report.failures.push({ invariant, text });
  }
}
