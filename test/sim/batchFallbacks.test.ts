import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../../src/ftp';
import { DisorderScript, type Disorder } from '../support/batch/disorderScript';
import { furnishLooks, looks } from '../support/batch/looks';
import { note } from '../support/note';
import type { Persona } from '../support/server/persona';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { vsftpd } from '../support/server/personas/vsftpd';
import { simulate, type Simulation } from '../support/simSession';
import { deeds, furnish, type Deed } from '../support/warm/deeds';

/** What is done over which ways, and which of its replies comes at the wrong moment. */
interface Case {
  readonly persona: Persona;
  readonly way: keyof typeof ways;
  readonly deed: Deed;
  readonly disorder: Disorder;
  readonly number: number;
}

const ways = {
  warm: { warm: true },
  cold: { warm: false },
  active: { warm: false, dataConnection: 'active' },
} as const satisfies Record<string, Partial<ConnectOptions>>;

const all = [...deeds, ...looks];
const afterwards = all.filter(({ name }) => ['list', 'read', 'write', 'look at some'].includes(name));
/** Milliseconds in which the next data connection is made ready. */
const pause = 1_000;
/** Longer than the client keeps it. */
const longPause = 25_000;
/** More than any deed has. */
const mostReplies = 50;
/** Bytes that cannot be had twice: what has become of them is not known. */
const onceOnly = ['append', 'upload'];

/** False: there is no such reply. */
async function judge(played: Case): Promise<boolean> {
  const { persona, way, deed, disorder, number } = played;
  const script = new DisorderScript(disorder, number);
  const client = { ...ways[way], timeouts: { reply: 5_000 } };
  await simulate({ server: { persona, script }, client }, async (simulation) => {
    const { kernel, files, far, events } = simulation;
    far.noDelay = persona.noDelay;
    furnish(files);
    furnishLooks(files);
    const session = await simulation.connect();
    await kernel.sleep(pause);
    script.arm();
    const error = await deed.run(session, files).catch((caught: unknown) => caught);
    await kernel.idle();
    script.disarm();
    judgeOutcome(played, script, error);
    judgeFence(script, session, events);
    await judgeAfterwards(simulation, session, script);
  });
  return script.hasFired;
}

/** What came is right. What is lost is so for a reason, and what became of the file is told. */
function judgeOutcome({ deed: { name } }: Case, script: DisorderScript, error: unknown): void {
  if (error === undefined) return;
  const words = `${inspect(error)}, ${script.swapped.join(' <> ')}`;
  assert.ok(error instanceof FtpError, words);
  assert.ok(error.facts.effect !== undefined, words);
  // One that waited for the next, which waited for it, never came.
  const isMissing = script.swapped.length === 0 && error.code === 'reply-timed-out';
  assert.ok(isMissing || onceOnly.includes(name), words);
}

/** Whoever answers out of order is not asked for two things at a time again, and the log says so. */
function judgeFence({ swapped }: DisorderScript, session: FtpSession, events: readonly WireEvent[]): void {
  const { fenced } = session.profile.learned;
  const said = events.some((event) => event.kind === 'state' && /out of order|that answers/.test(event.text));
  assert.ok(said || !fenced, 'the log');
  const codes = swapped.map((line) => line.slice(0, 3));
  const isPlain = codes[0] !== codes[1] && !codes.some((code) => ambiguous.includes(code));
  if (isPlain) assert.ok(fenced, `fenced after ${swapped.join(' <> ')}`);
}

/** Any command may be answered so. */
const ambiguous = ['200', '550'];

/** All works, on a server that is fenced one by one; and nothing is left. */
async function judgeAfterwards(
  { kernel, client, server, files }: Simulation,
  session: FtpSession,
  script: DisorderScript,
): Promise<void> {
  script.queued = [];
  for (const deed of afterwards) {
    await kernel.sleep(pause);
    await deed.run(session, files);
  }
  await kernel.sleep(longPause);
  if (session.profile.learned.fenced) assert.deepEqual(script.queued, []);
  const { openSlots, unparsedBytes, queued } = session.inspect();
  assert.deepEqual([openSlots, unparsedBytes, queued, server.connected], [0, 0, 0, 1]);
  await session.close();
  await server.stop();
  await kernel.idle();
  assert.deepEqual([client.connections, client.listeners, kernel.pending()], [[], [], []]);
}

/** What is wrong with all of a deed's replies that have others behind them, one after the other; and how many those are. */
async function judgeEach(played: Omit<Case, 'number'>): Promise<{ wrong: string[]; count: number }> {
  const wrong: string[] = [];
  for (let number = 0; number < mostReplies; number++) {
    try {
      if (!(await judge({ ...played, number }))) return { wrong, count: number };
    } catch (error) {
      wrong.push(`${played.way}, ${played.deed.name}, ${number}: ${String(error)}`);
    }
  }
  return { wrong, count: mostReplies };
}

describe('batches that are answered out of order', () => {
  let cases = 0;
  after(() => note(`${cases} cases of batches that were answered out of order`));

  for (const disorder of ['overtaken', 'never', 'twice', 'extra 200', 'extra 250'] as const) {
    for (const persona of [vsftpd, pureftpd, proftpd]) {
      it(`${disorder}: ${persona.name}`, async () => {
        for (const way of ['warm', 'cold', 'active'] as const) {
          for (const deed of all) {
            const { wrong, count } = await judgeEach({ persona, way, deed, disorder });
            cases += count;
            assert.equal(wrong.length, 0, wrong.join('\n'));
          }
        }
      });
    }
  }
});
