import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  FtpError,
  type ConnectOptions,
  type FtpSession,
  type ServerProfile,
  type WireEvent,
} from '../../src/ftp';
import { DisorderScript, type Disorder } from '../support/batch/disorderScript';
import { furnishLooks, looks, readOn } from '../support/batch/looks';
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

const all = [...deeds, ...looks, readOn];
const afterwards = all.filter(({ name }) =>
  ['list', 'read', 'write', 'look at some', 'read from the middle'].includes(name),
);
/** Milliseconds in which the next data connection is made ready. */
const pause = 1_000;
/** Longer than the client keeps it. */
const longPause = 25_000;
/** More than any deed has. */
const mostReplies = 50;
/** Bytes that cannot be had twice: what has become of them is not known. */
const onceOnly = ['append', 'upload'];

/** `hasFired`: there is such a reply. `isFenced`: in the end. */
async function judge(played: Case): Promise<{ readonly hasFired: boolean; readonly isFenced: boolean }> {
  const { persona, way, deed, disorder, number } = played;
  const script = new DisorderScript(disorder, number);
  const client = { ...ways[way], timeouts: { reply: 5_000 } };
  let isFenced = false;
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
    judgeFence(played, script, session, events);
    await judgeAfterwards(simulation, session, script);
    isFenced = session.profile.learned.fenced;
  });
  return { hasFired: script.hasFired, isFenced };
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
function judgeFence(
  { deed }: Case,
  { swapped }: DisorderScript,
  session: FtpSession,
  events: readonly WireEvent[],
): void {
  const { fenced } = session.profile.learned;
  const said = events.some((event) => event.kind === 'state' && /out of order|that answers/.test(event.text));
  assert.ok(said || !fenced, 'the log');
  const codes = swapped.map((line) => line.slice(0, 3));
  const isPlain = codes[0] !== codes[1] && !codes.some((code) => ambiguous.includes(code));
  // What is cut before its first byte ends on Pure-FTPd with 150 alone.
  if (isPlain && !deed.name.includes('empty')) assert.ok(fenced, `fenced after ${swapped.join(' <> ')}`);
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
      if (!(await judge({ ...played, number })).hasFired) return { wrong, count: number };
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

describe('a server that is taken for one that answers in turn, and answers at once', () => {
  for (const persona of [vsftpd, pureftpd]) {
    for (const deed of [...deeds, readOn].filter(({ name }) => !name.includes('empty'))) {
      it(`${deed.name} on ${persona.name}`, async () => {
        const played = { persona, way: 'warm', deed, disorder: 'last words last', number: 0 } as const;
        const { hasFired, isFenced } = await judge(played);
        assert.equal(isFenced, hasFired);
        assert.ok(hasFired || !['read', 'write'].includes(deed.name));
      });
    }
  }
});

/** Whether the server is known, and what befalls which of the replies of a sign-in. */
interface SignIn {
  readonly persona: Persona;
  readonly isKnown: boolean;
  readonly disorder: Disorder;
  readonly number: number;
}

/** The code of the error, or what was learned; undefined: there is no such reply. */
async function signIn({ persona, isKnown, disorder, number }: SignIn): Promise<string | undefined> {
  const profile = isKnown ? await profileOf(persona) : undefined;
  const script = new DisorderScript(disorder, number, disorder === 'overtaken' ? 1 : 0);
  const client = { timeouts: { reply: 5_000 }, warm: true, ...(profile && { profile }) };
  let outcome: string | undefined;
  await simulate({ server: { persona, script }, client }, async (simulation) => {
    const { kernel, files, far } = simulation;
    far.noDelay = persona.noDelay;
    furnish(files);
    furnishLooks(files);
    script.arm();
    const session = await simulation.connect().catch((error: unknown) => {
      outcome = error instanceof FtpError ? error.code : assert.fail(inspect(error));
      return undefined;
    });
    await kernel.idle();
    script.disarm();
    if (!session) return kernel.idle();
    const { fenced, spoiltWarm = 0 } = session.profile.learned;
    outcome = fenced ? 'fenced' : spoiltWarm > 0 ? 'spoilt' : 'well';
    await judgeAfterwards(simulation, session, script);
  });
  return script.hasFired ? outcome : undefined;
}

async function profileOf(persona: Persona): Promise<ServerProfile> {
  return simulate({ server: { persona } }, async ({ connect, kernel, server }) => {
    const session = await connect();
    const { profile } = session;
    await session.close();
    await server.stop();
    await kernel.idle();
    return structuredClone(profile);
  });
}

/** For each reply of a sign-in, in their order, what comes of it: an error, or what was learned. */
const signIns: readonly { disorder: Disorder; unknown: string; known: string }[] = [
  {
    disorder: 'overtaken',
    unknown: 'well fenced fenced well',
    known: 'well well fenced',
  },
  {
    disorder: 'never',
    unknown: 'reply-timed-out reply-timed-out fenced fenced fenced well well spoilt',
    known: 'reply-timed-out fenced fenced fenced spoilt',
  },
  {
    disorder: 'twice',
    unknown: 'login-refused fenced fenced fenced fenced spoilt spoilt spoilt',
    known: 'login-refused spoilt spoilt spoilt spoilt',
  },
  {
    disorder: 'extra 200',
    unknown: 'fenced fenced fenced fenced fenced spoilt spoilt spoilt',
    known: 'fenced spoilt spoilt spoilt spoilt',
  },
  {
    disorder: 'goodbye',
    unknown: 'service-closing service-closing well well well well well spoilt',
    known: 'service-closing service-closing well well spoilt',
  },
  {
    disorder: 'refused 500',
    unknown: 'login-refused login-refused not-supported well well well well spoilt',
    known: 'login-refused login-refused not-supported well spoilt',
  },
  {
    disorder: 'refused 522',
    unknown: 'login-refused login-refused not-supported well well well well spoilt',
    known: 'login-refused login-refused not-supported well spoilt',
  },
  {
    disorder: 'refused 530',
    unknown: 'login-refused login-refused not-supported well well well well spoilt',
    known: 'login-refused login-refused not-supported well spoilt',
  },
];

describe('a sign-in of which the replies come at the wrong moment', () => {
  let cases = 0;
  after(() => note(`${cases} cases of sign-ins of which a reply came at the wrong moment`));

  for (const { disorder, ...expected } of signIns) {
    for (const which of ['unknown', 'known'] as const) {
      it(`${disorder}: ${which} server`, async () => {
        for (const persona of [vsftpd, pureftpd, proftpd]) {
          const outcomes: string[] = [];
          for (let number = 0; number < mostReplies; number++) {
            const outcome = await signIn({ persona, isKnown: which === 'known', disorder, number });
            if (outcome === undefined) break;
            outcomes.push(outcome);
          }
          cases += outcomes.length;
          assert.equal(outcomes.join(' '), expected[which], persona.name);
        }
      });
    }
  }

  it('is not tried again with a wrong password', async () => {
    const profile = await profileOf(vsftpd);
    await simulate({ client: { profile, password: 'wrong' } }, async ({ connect, server }) => {
      await assert.rejects(connect(), (error) => FtpError.is(error, 'login-refused'));
      assert.equal(server.commands().filter((line) => line.startsWith('PASS')).length, 1);
    });
  });
});
