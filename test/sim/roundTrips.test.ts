import assert from 'node:assert/strict';
import type { Place } from '../bench/contestants/contestant';
import { portside } from '../bench/contestants/portside';
import {
  benchContent,
  benchFiles,
  benchFolder,
  counted,
  rowNames,
  type Counted,
  type Row,
} from '../bench/rows';
import { note } from '../support/note';
import { MemoryFiles } from '../support/server/memoryFiles';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { vsftpd } from '../support/server/personas/vsftpd';
import { ReferenceServer } from '../support/server/referenceServer';
import { Kernel } from '../support/sim/kernel';
import { SimWorld } from '../support/sim/simWorld';

const personas = { vsftpd, proftpd, 'pure-ftpd': pureftpd };

/**
 * What each operation costs over a simulated link, on vsftpd, ProFTPD and Pure-FTPd: what `npm run bench` measures on
 * the daemons themselves. No change may make one of them dearer; one that makes it cheaper says so here, and the run
 * lists what has become so.
 */
const reached: Readonly<Record<Row, readonly [vsftpd: number, proftpd: number, pureftpd: number]>> = {
  'first folder': [6, 8, 8],
  'known server': [5, 6, 6],
  list: [1, 1, 1],
  read: [1, 1, 1],
  write: [2, 2, 1],
  'twenty stats': [2, 1, 1],
  'known stat': [0, 0, 0],
  'absent stat': [0, 0, 0],
  rename: [1, 1, 1],
  delete: [1, 1, 1],
  'make directory': [1, 1, 1],
  'twenty in turn': [58, 59, 39],
  'twenty at once': [58, 59, 39],
  // On vsftpd a race decides, here by the seed: it may cost nothing, or a round trip for each file.
  'twenty active': [34, 59, 23],
};

/** As long as the daemons' is where they are measured: how many commands go out at once depends on it. */
const home = '/tmp/portside-simulated-x8GbT1/files';
/** Milliseconds there and back. */
const roundTrip = 50;
/** In round trips: for timers of a few milliseconds. */
const tolerance = 0.05;

describe('round trips of the operations, on a simulated link', () => {
  const cheaper: string[] = [];
  after(() => {
    if (cheaper.length > 0) note(`cheaper than test/sim/roundTrips.test.ts says: ${cheaper.join(', ')}`);
  });

  for (const row of rowNames) {
    counted.forEach((daemon, index) => {
      const most = reached[row][index] ?? NaN;
      it(`${daemon}: ${row}: at most ${most}`, async () => {
        const trips = await measure(daemon, row);
        assert.ok(trips <= most + tolerance, `${trips} round trips`);
        if (trips < most - tolerance) cheaper.push(`${daemon}: ${row}: ${trips}`);
      });
    });
  }
});

/** The second of two runs in one session: the first may learn what this server is like. */
async function measure(daemon: Counted, row: Row): Promise<number> {
  const kernel = new Kernel({ seed: 1 });
  return kernel.run(async () => {
    const { server, place } = await longLink(kernel, daemon);
    const [, spent = NaN] = await portside.measure(row, place, 2);
    await server.stop();
    return spent / roundTrip;
  });
}

async function longLink(kernel: Kernel, daemon: Counted): Promise<{ server: ReferenceServer; place: Place }> {
  const world = new SimWorld(kernel);
  const [near, far] = [world.host('near', ['10.0.0.1']), world.host('far', ['10.0.0.2'])];
  world.link('near', 'far', { delay: roundTrip / 2 });
  near.delayedAcknowledgement = 'when-answering';
  const persona = personas[daemon];
  far.noDelay = persona.noDelay;
  const files = new MemoryFiles();
  for (const name of benchFiles) files.put(`${home}/${benchFolder}/${name}`, benchContent);
  const race = kernel.random.fork('race');
  const server = await ReferenceServer.start({
    network: far.network,
    host: '10.0.0.2',
    clock: kernel.clock('server'),
    files,
    persona,
    activeRace: () => (race.below(2) === 0 ? 'at-once' : 'fin-acknowledged'),
  });
  const place: Place = {
    server: { host: server.host, port: server.port, user: 'web', password: 'secret', home },
    environment: kernel.environment(near),
    now: () => kernel.now,
    pause: (milliseconds) => kernel.sleep(milliseconds),
  };
  return { server, place };
}
