import { daemonNames } from '../servers/daemon';
import { readCalibration } from './calibration';
import { showProgress } from './benchRoundTrips';
import type { Figure } from './nearMain';
import type { BenchOptions } from './options';
import { measureOverLink } from './roundTrips';
import { median } from './statistics';
import { textTable } from './textTable';

const usualRuns = 7;

/** Measures the daemons anew; answers how many cells of the calibration table have moved. */
export async function calibrate({ quick, markdown }: BenchOptions): Promise<number> {
  const { cells, tolerance } = readCalibration();
  const runs = quick ? 3 : usualRuns;
  const task = { what: 'patterns', runs } as const;
  const { figures, failures, missing } = await measureOverLink(daemonNames, task, showProgress);
  missing.forEach((reason) => console.log(`skipped: ${reason}`));
  failures.forEach(({ daemon, what, why }) => console.log(`failed: ${daemon}, ${what}: ${why}`));
  let moved = 0;
  const body = Object.entries(cells).map(([pattern, cell]) => [
    pattern,
    ...daemonNames.map((daemon) => {
      const figure = figures.find((each) => each.daemon === daemon && each.what === pattern);
      if (!figure) return '–';
      const before = cell[daemon].map(({ roundTrips }) => roundTrips);
      const off = (trips: number): number => Math.min(...before.map((one) => Math.abs(one - trips)));
      const [nearest = NaN] = results(figure).sort((a, b) => off(a) - off(b));
      if (off(nearest) <= tolerance) return nearest.toFixed(2);
      moved++;
      return `✗ ${nearest.toFixed(2)}, was ${before.join(' or ')}`;
    }),
  ]);
  console.log(`Round trips, ${runs} runs; ✗ moved by more than ${tolerance}`);
  console.log(textTable(['', ...daemonNames], body, markdown));
  return moved + failures.length;
}

/**
 * The median; and the fastest run over the fastest echo, since what else the machine does mostly adds. Mostly: a server
 * that had to wait for the processor may have said at once what it else says in many segments.
 */
function results({ spent, echoes }: Figure): number[] {
  return [median(spent) / median(echoes), Math.min(...spent) / Math.min(...echoes)];
}
