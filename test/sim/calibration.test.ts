import assert from 'node:assert/strict';
import { readCalibration, type Measured } from '../bench/calibration';
import { patternFile, patterns } from '../bench/patterns';
import { ScriptedClient, type Stage } from '../bench/scriptedClient';
import type { DaemonName } from '../servers/daemon';
import { MemoryFiles } from '../support/server/memoryFiles';
import type { Persona } from '../support/server/persona';
import { inetutils } from '../support/server/personas/inetutils';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { pyftpdlib } from '../support/server/personas/pyftpdlib';
import { vsftpd } from '../support/server/personas/vsftpd';
import { ReferenceServer } from '../support/server/referenceServer';
import { causeOf } from '../support/sim/cause';
import type { SimEvent } from '../support/sim/eventQueue';
import { Kernel } from '../support/sim/kernel';
import { skew } from '../support/sim/rules';
import { SimWorld } from '../support/sim/simWorld';

const personas: Readonly<Record<DaemonName, Persona>> = {
  vsftpd,
  proftpd,
  'pure-ftpd': pureftpd,
  pyftpdlib,
  'inetutils-ftpd': inetutils,
};

/** Milliseconds there and back. */
const roundTrip = 50;

describe('calibration: the simulated network gives what was measured on the daemons, for the same cause', () => {
  const { cells, daemons, tolerance } = readCalibration();

  it('has a cell for every pattern and daemon, of the versions that the personas play', () => {
    assert.deepEqual(Object.keys(cells), Object.keys(patterns));
    for (const cell of Object.values(cells)) assert.deepEqual(Object.keys(cell), Object.keys(personas));
    const versions = Object.entries(personas).map(([name, { version }]) => [name, version]);
    assert.deepEqual(daemons, Object.fromEntries(versions));
  });

  for (const [name, cell] of Object.entries(cells)) {
    for (const daemon of Object.keys(personas) as DaemonName[]) {
      for (const measured of cell[daemon]) {
        it(`${daemon}: ${name}: ${measured.roundTrips}, ${measured.cause}`, async () => {
          const simulated = await play(personas[daemon], name, measured.cause);
          const off = Math.abs(simulated.roundTrips - measured.roundTrips);
          assert.ok(off <= tolerance, `simulated ${simulated.roundTrips}, measured ${measured.roundTrips}`);
          assert.equal(simulated.cause, measured.cause);
        });
      }
    }
  }
});

/** @param race who shall win where a race in the server decides */
async function play(persona: Persona, pattern: string, race: Measured['cause']): Promise<Measured> {
  const kernel = new Kernel({ seed: 1, causes: true });
  return kernel.run(async () => {
    const { world, near, far, host, files } = longLink(kernel, persona);
    const activeRace = () => (race === 'none' ? 'at-once' : 'fin-acknowledged');
    const clock = kernel.clock('server');
    const server = await ReferenceServer.start({
      network: far.network,
      host,
      clock,
      files,
      persona,
      activeRace,
    });
    // A link keeps the order, and servers speak on the control connection before they dial; chance would mix that.
    world.rule(skew((from, to) => from.port !== server.port && to.port !== server.port, 0.1));
    let last: SimEvent | undefined;
    const stage: Stage = {
      network: near.network,
      now: () => kernel.now,
      pause: (milliseconds) => kernel.sleep(milliseconds),
      heard: () => (last = kernel.current),
    };
    const client = await ScriptedClient.open(stage, { host, port: server.port, ...account });
    const milliseconds = await patterns[pattern]?.(client);
    const cause = causeOf(last);
    client.close();
    await server.stop();
    return { roundTrips: (milliseconds ?? Infinity) / roundTrip, cause };
  });
}

const account = { user: 'web', password: 'secret' };

function longLink(kernel: Kernel, persona: Persona) {
  const world = new SimWorld(kernel);
  const [near, far] = [world.host('near', ['10.0.0.1']), world.host('far', ['10.0.0.2'])];
  world.link('near', 'far', { delay: roundTrip / 2 });
  near.delayedAcknowledgement = 'when-answering';
  far.noDelay = persona.noDelay;
  const files = new MemoryFiles();
  files.put(`/${patternFile}`, 'small\n');
  return { world, near, far, host: '10.0.0.2', files };
}
