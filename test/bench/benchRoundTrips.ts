import type { Failure, Figure } from './nearMain';
import type { BenchOptions } from './options';
import { printLines, type Line } from './report';
import { linkRoundTrip, measureOverLink } from './roundTrips';
import { rowNames, rows, type Counted } from './rows';
import { median } from './statistics';

const usualRuns = 3;

/** Counts the round trips of each row over a link of 50 ms; answers how many of Portside's are too many. */
export async function benchRoundTrips(options: BenchOptions): Promise<number> {
  let missed = 0;
  for (const daemon of options.daemons) missed += await benchOn(daemon, options);
  return missed;
}

async function benchOn(daemon: Counted, { rows: only, quick, markdown }: BenchOptions): Promise<number> {
  const runs = quick ? 1 : usualRuns;
  const task = { what: 'rows', runs, only } as const;
  const { figures, failures, missing } = await measureOverLink([daemon], task, showProgress);
  missing.forEach((reason) => console.log(`\nskipped: ${reason}`));
  failures.forEach(({ who, what, why }) => console.log(`\nfailed: ${who}, ${what}, on ${daemon}: ${why}`));
  if (figures.length === 0) return failures.length;
  const link = median(figures.flatMap(({ echoes }) => echoes));
  const heading = `${daemon}: round trips over ${linkRoundTrip} ms (measured ${link.toFixed(1)}), median of ${runs}`;
  return printLines(heading, linesOf(daemon, figures, only), markdown);
}

function linesOf(daemon: Counted, figures: readonly Figure[], only: readonly string[]): Line[] {
  return rowNames
    .filter((row) => only.includes(row))
    .map((row) => ({
      title: rows[row].title,
      bar: { atMost: rows[row].bar[daemon] },
      figures: Object.fromEntries(
        figures.filter(({ what }) => what === row).map((each) => [each.who, trips(each)]),
      ),
    }));
}

/** What a login takes the server itself varies with all that the machine does: of both, the fastest counts. */
function trips({ spent, echoes, ownLogins }: Figure): number {
  const net = ownLogins ? Math.min(...spent) - Math.min(...ownLogins) : median(spent);
  return net / median(echoes);
}

/** On a terminal only: the tables come at the end. */
export function showProgress({ daemon, who, what }: Figure | Failure): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${daemon}: ${who}: ${what}`);
}
