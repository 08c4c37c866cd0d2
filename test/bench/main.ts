// npm run bench: Portside beside basic-ftp, curl and lftp, in one run.
import { stopAll, stopOnSignals } from '../../scripts/processes.mjs';
import { benchInterruptions } from './benchInterruptions';
import { benchListings } from './benchListings';
import { benchThroughput } from './benchThroughput';
import { calibrate } from './calibrate';
import { benchRoundTrips } from './benchRoundTrips';
import { whyNoLongLink } from './longLink';
import { parseArguments, usage, type BenchOptions } from './options';
import { quoteInReadme } from './readme';
import { printed } from './report';

/** Answers how many figures miss their bar. */
type Part = (options: BenchOptions) => Promise<number>;

const parts: Readonly<Record<string, Part>> = {
  trips: overLongLink(benchRoundTrips),
  throughput: benchThroughput,
  listings: benchListings,
  interruptions: overLongLink(benchInterruptions),
};

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2), Object.keys(parts));
  if (!options) {
    console.error(usage(Object.keys(parts)));
    process.exitCode = 2;
    return;
  }
  if (options.calibrate) {
    process.exitCode = (await overLongLink(calibrate)(options)) > 0 ? 1 : 0;
    return;
  }
  let missed = 0;
  for (const part of options.parts) {
    const before = printed.length;
    missed += (await parts[part]?.(options)) ?? 0;
    if (options.readme) quoteInReadme(part, printed.slice(before));
  }
  console.log(
    missed > 0
      ? `\n✗ marks ${missed} figures that miss what they must reach.`
      : '\nAll that must be reached is.',
  );
}

function overLongLink(part: Part): Part {
  return (options) => {
    const reason = whyNoLongLink();
    if (reason === undefined) return part(options);
    console.log(`\nRound trips over a long link: skipped, ${reason}`);
    return Promise.resolve(0);
  };
}

stopOnSignals();
main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(stopAll)
  .then(
    () => process.exit(),
    () => process.exit(1),
  );
