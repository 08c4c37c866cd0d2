import assert from 'node:assert/strict';
import type { FtpSession, WireEvent } from '../../src/ftp';
import { note } from '../support/note';
import type { Persona } from '../support/server/persona';
import { personas } from '../support/server/personas/personas';
import { simulate, type Simulation, type SimulationOptions } from '../support/simSession';
import { simulateTls } from '../support/tlsSimulation';
import { deeds, furnish, type Deed } from '../support/warm/deeds';
import { deadPort, mishaps, type Mishap } from '../support/warm/mishaps';
import { WarmScript } from '../support/warm/warmScript';

type Security = 'plain' | 'tls';

/** What is done, to whom, and what befalls each data connection that is made ready for it. */
interface Case {
  readonly mishap: Mishap;
  readonly deed: Deed;
  readonly persona: Persona;
  readonly security: Security;
}

interface Scene extends Simulation {
  readonly script: WarmScript;
  readonly session: FtpSession;
  /** Does the deed after a pause; round trips that it took. */
  act(): Promise<number>;
}

/** Milliseconds between two operations, in which the next data connection is made ready. */
const pause = 1_000;
/** Longer than the client keeps it. */
const longPause = 25_000;
/** Round trips: for timers of a few milliseconds. */
const tolerance = 0.1;
/** So many in a row, and it is given up. */
const most = 3;

async function play(played: Case, isWarm: boolean, work: (scene: Scene) => Promise<void>): Promise<void> {
  const { mishap, persona, deed, security } = played;
  let now = (): number => 0;
  const script = new WarmScript(mishap, () => now());
  const acceptLimit = persona.accepts === 'at-command' ? mishap.acceptLimit : undefined;
  const served = { ...persona, ...(acceptLimit !== undefined && { acceptLimit }) };
  const events: WireEvent[] = [];
  const trace = (event: WireEvent): void => {
    events.push(event);
    if (event.kind === 'operation') script.busy = event.phase === 'begin';
  };
  const options = { server: { persona: served, script }, client: { warm: isWarm, trace } };
  await begin(options, security, async (simulation) => {
    const { kernel, world, far, files } = simulation;
    now = () => kernel.now;
    far.noDelay = persona.noDelay;
    furnish(files);
    world.rule(({ to }) => (to.port === deadPort ? 'drop' : 'pass'));
    const session = await simulation.connect();
    const act = async (): Promise<number> => {
      script.next = kernel.now + pause;
      await kernel.sleep(pause);
      if (mishap.isPathCut && !script.isHealed) cutPath(simulation);
      return simulation.roundTrips(() => deed.run(session, files));
    };
    await work({ ...simulation, events, script, session, act });
    await end(simulation, session);
  });
}

function begin(
  { server = {}, client = {} }: SimulationOptions,
  security: Security,
  main: (simulation: Simulation) => Promise<void>,
): Promise<void> {
  if (security === 'plain') return simulate({ server, client }, main);
  return simulateTls({ tls: {}, server, client }, main);
}

/** Nothing is left of it: no slot, no connection, no listener, no timer. */
async function end({ kernel, server, client }: Simulation, session: FtpSession): Promise<void> {
  // A read is handed over before its last reply has come.
  await kernel.idle();
  const { openSlots, unparsedBytes, queued } = session.inspect();
  assert.deepEqual([openSlots, unparsedBytes, queued], [0, 0, 0]);
  await session.close();
  await server.stop();
  await kernel.idle();
  assert.deepEqual([client.connections, client.listeners, kernel.pending()], [[], [], []]);
}

/** What is open besides the control connection brings nothing any more, in either direction. */
function cutPath({ client, world, server }: Simulation): void {
  const ports = client.connections.map(({ remote }) => remote.port).filter((port) => port !== server.port);
  world.rule(({ from, to }) => (ports.includes(from.port) || ports.includes(to.port) ? 'drop' : 'pass'));
}

const coldCosts = new Map<string, number>();

/** Round trips of the deed where nothing is made ready. */
async function coldCost(played: Case): Promise<number> {
  const key = `${played.security} ${played.persona.name} ${played.deed.name}`;
  const known = coldCosts.get(key);
  if (known !== undefined) return known;
  let cost = NaN;
  await play({ ...played, mishap: { name: 'none', costs: 0 } }, false, async ({ act }) => {
    await act();
    cost = await act();
  });
  coldCosts.set(key, cost);
  return cost;
}

const disuse = 'the data connection that was made ready was of no use';
const lasting = `${disuse}; none is made ready on this server any more`;

/** Three times with the mishap: nobody notices. Then it has been given up, and all is as without it. */
async function judge(played: Case): Promise<void> {
  const { mishap, deed } = played;
  const cold = await coldCost(played);
  await play(played, true, async ({ act, kernel, events, session, script, server }) => {
    for (let times = 0; times < most; times++) {
      const trips = await act();
      assert.ok(trips <= cold + mostFor(played) + tolerance, `${trips} round trips, ${cold} without it`);
    }
    await kernel.sleep(longPause);
    const { learned } = session.profile;
    const { spoiltWarm = 0, fenced } = learned;
    assert.ok(script.met > 0, 'none was made ready');
    assert.deepEqual(failures(events, deed), [], 'what the user saw');
    assert.deepEqual(learned.rendezvous, {}, 'no way is to blame');
    if (!isBlind(played)) assert.equal(spoiltWarm, mishap.name === 'none' ? 0 : most, 'given up');
    const told = troubles(events);
    assert.equal(told.includes(lasting), spoiltWarm === most, told.join('\n'));
    script.heal();
    await act();
    await kernel.idle();
    const healed = await act();
    // Fenced, each command waits for the one before.
    assert.ok(healed <= cold + tolerance + (fenced ? 4 : 0), `${healed} round trips afterwards`);
    await kernel.sleep(pause);
    const isOff = spoiltWarm === most || fenced;
    assert.equal(session.inspect().warm, isOff ? 0 : 1);
    assert.equal(server.connected, 1);
  });
}

/** Whether it may never notice what befell the data connection. Of vsftpd STAT lists directories, without any. */
function isBlind({ deed, persona }: Case): boolean {
  return deed.isBlind === true || (persona.name === 'vsftpd' && deed.name.startsWith('list'));
}

/** In TLS a dead one is found out by its handshake, which may wait as long as a reply, and a new session has AUTH, too. */
function mostFor({ mishap: { costs }, security }: Case): number {
  return security === 'tls' ? 2 * costs + 10 : costs;
}

function failures(events: readonly WireEvent[], { fails }: Deed): string[] {
  return events.flatMap((event) =>
    event.kind === 'operation' && event.failed && event.failed !== fails ? [event.failed] : [],
  );
}

function troubles(events: readonly WireEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'trouble' ? [event.text] : []));
}

function casesOf(mishap: Mishap, security: Security): Case[] {
  const names = security === 'tls' ? privately : Object.keys(personas);
  return names.flatMap((name) => {
    const persona = personas[name] ?? assert.fail(name);
    return deeds
      .filter((deed) => security === 'plain' || inTls.includes(deed.name))
      .map((deed) => ({ mishap, deed, persona, security }))
      .filter((played) => !isOdd(played));
  });
}

/** A handshake takes real time: what differs in TLS is when the death of a data connection is noticed. */
const privately = ['vsftpd'];
const inTls = ['download', 'read', 'write'];

/** The data connection of pyftpdlib ends with 421 by itself; with no middlebox on earth would Pure-FTPd say what is simulated. */
function isOdd({ mishap, deed, persona }: Case): boolean {
  if (persona.name === 'pyftpdlib') return mishap.name.startsWith('never accepted');
  const isHalfClosed =
    mishap.name === 'closed, crossing the command' || mishap.name === 'closed at the command';
  return persona.name === 'pureftpd' && deed.name === 'download' && isHalfClosed;
}

describe('a data connection that was made ready', () => {
  let count = 0;
  after(() => note(`${count} cases of data connections that were made ready in vain`));

  for (const security of ['plain', 'tls'] as const) {
    for (const mishap of mishaps) {
      it(`${security}: ${mishap.name}`, async () => {
        const wrong: string[] = [];
        for (const played of casesOf(mishap, security)) {
          count++;
          await judge(played).catch((error: unknown) =>
            wrong.push(`${played.deed.name} on ${played.persona.name}: ${String(error)}`),
          );
        }
        assert.equal(wrong.length, 0, wrong.join('\n'));
      });
    }
  }
});
