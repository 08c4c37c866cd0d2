import assert from 'node:assert/strict';
import type { FtpSession } from '../../src/ftp';
import { inSession, simulate, type Simulation } from '../support/simSession';

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255);

/** Port pairs cannot be used again before TIME-WAIT is over, as on the systems that RFC 959 §3.3 knew. */
function onOldSystems(
  mode: 'stream' | 'block',
  family: 4 | 6,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
): Promise<void> {
  return simulate({ client: { mode, dataConnection: 'default-port' }, family }, async (simulation) => {
    simulation.client.reuse = 'never';
    simulation.far.reuse = 'never';
    simulation.files.put('/one', bytes);
    await inSession(simulation, work);
  });
}

type Way = (session: FtpSession, simulation: Simulation) => Promise<void>;

const ways: Readonly<Record<'down' | 'up', Way>> = {
  down: async (session) => assert.deepEqual(await session.read('/one'), bytes),
  up: async (session, { files }) => {
    files.put('/new', 'old');
    await session.write('/new', bytes);
    assert.deepEqual(files.at('/new'), bytes);
  },
};

const methods = ({ events }: Simulation): string[] =>
  events.flatMap((event) => (event.kind === 'data' && event.phase === 'open' ? [event.method ?? ''] : []));

describe('the default data port and TIME-WAIT (RFC 959 §3.3)', () => {
  for (const family of [4, 6] as const) {
    for (const [first, second] of [
      ['down', 'down'],
      ['down', 'up'],
      ['up', 'down'],
      ['up', 'up'],
    ] as const) {
      it(`goes to a non-default port in stream mode when the pair is not free again: ${first}, ${second}, IPv${family}`, () =>
        onOldSystems('stream', family, async (session, simulation) => {
          const began = simulation.kernel.now;
          await ways[first](session, simulation);
          await ways[second](session, simulation);
          assert.deepEqual(methods(simulation), ['default-port', 'EPRT']);
          assert.ok(simulation.kernel.now - began < 30_000, `${simulation.kernel.now - began} ms`);
        }));
    }
  }

  for (const close of ['down', 'up'] as const) {
    it(`uses the default port again when TIME-WAIT is over: nothing is remembered, ${close}`, () =>
      onOldSystems('stream', 4, async (session, simulation) => {
        await ways[close](session, simulation);
        await ways.down(session, simulation);
        await simulation.kernel.sleep(5 * 60_000);
        await ways[close](session, simulation);
        assert.deepEqual(methods(simulation), ['default-port', 'EPRT', 'default-port']);
      }));
  }

  it('is tried last, not never, where the server knows neither EPRT nor PORT', () =>
    onOldSystems('stream', 4, async (session, simulation) => {
      const { persona } = simulation.server.settings;
      const refuses = { EPRT: '502 Not implemented.', PORT: '502 Not implemented.' };
      Object.assign(simulation.server.settings, { persona: { ...persona, refuses } });
      await ways.up(session, simulation);
      simulation.client.reuse = 'timestamps';
      await ways.up(session, simulation);
      await ways.down(session, simulation);
      assert.deepEqual(methods(simulation), ['default-port', 'default-port', 'default-port']);
    }));

  it('has no such problem in block mode: one data connection on the default port serves all', () =>
    onOldSystems('block', 4, async (session, simulation) => {
      for (const way of ['down', 'up', 'down'] as const) await ways[way](session, simulation);
      assert.ok(!simulation.commandsSince().some((line) => /^(EPRT|PORT|EPSV|PASV)/.test(line)));
    }));
});
