import assert from 'node:assert/strict';
import type { Connection } from '../../src/ftp/net/network';
import type { Persona } from '../support/server/persona';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { vsftpd } from '../support/server/personas/vsftpd';
import type { Violation } from '../support/server/police';
import { ReferenceServer } from '../support/server/referenceServer';
import { neverAborted as signal, pair, roundTrip, type Pair } from '../support/sim/pair';
import { simClock } from '../support/sim/simClock';
import { sampleFiles } from './dialogue';

/** A warm read of a small file on the simulated network: round trips to its final reply, and what the police saw. */
async function warmRead(persona: Persona, closeAfter: number): Promise<{ trips: number; seen: Violation[] }> {
  const made = pair();
  const seen: Violation[] = [];
  return made.kernel.run(async () => {
    const server = await ReferenceServer.start({
      network: made.server.network,
      clock: simClock(made.kernel, 'server'),
      files: sampleFiles(),
      host: '10.0.0.2',
      persona,
      roundTrip: 1.5 * roundTrip,
      onViolation: (violation) => seen.push(violation),
    });
    const control = await dial(made, server.port);
    let said = '';
    let at = 0;
    control.receive({
      data: (bytes) => {
        said += Buffer.from(bytes).toString();
        at = made.kernel.now;
      },
      end: () => undefined,
      fault: () => undefined,
    });
    control.write(Buffer.from('USER web\r\nPASS secret\r\nTYPE I\r\nEPSV\r\n'));
    await made.kernel.idle();
    const data = await dial(made, Number(/\|(\d+)\|/.exec(said)?.[1]));
    await made.kernel.idle();
    const clock = simClock(made.kernel, 'client');
    data.receive({
      data: () => undefined,
      end: () => {
        if (closeAfter === 0) data.close();
        else clock.setTimer(closeAfter, () => data.close(), 'test: late close');
      },
      fault: () => undefined,
    });
    const start = made.kernel.now;
    control.write(Buffer.from('RETR a.txt\r\n'));
    await made.kernel.idle();
    assert.match(said, /\r\n226 [^\r]*\r\n$/);
    const trips = (at - start) / roundTrip;
    control.close();
    await server.stop();
    return { trips, seen };
  });
}

function dial({ client }: Pair, port: number): Promise<Connection> {
  return client.network.connect({ host: '10.0.0.2', port }, { noDelay: true, signal });
}

describe('reference server on the simulated network', () => {
  /** TESTING.md §2.2, measured: 2.06, 2.09, 1.04. */
  const reads: [Persona, number][] = [
    [vsftpd, 2],
    [proftpd, 2],
    [pureftpd, 1],
  ];
  for (const [persona, trips] of reads) {
    it(`${persona.name}: a warm read takes ${trips} round trips`, async () => {
      assert.deepEqual(await warmRead(persona, 0), { trips, seen: [] });
    });
  }

  it('sees a data connection that the client leaves open', async () => {
    const { seen } = await warmRead(pureftpd, 10 * roundTrip);
    assert.deepEqual(
      seen.map(({ rule }) => rule),
      ['data-left-open'],
    );
  });
});
