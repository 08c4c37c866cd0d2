import { showProgress } from './benchRoundTrips';
import type { Figure } from './nearMain';
import type { BenchOptions } from './options';
import { ourName, printLines, type Line } from './report';
import { measureOverLink } from './roundTrips';
import { median } from './statistics';
import { mebibyte } from './transfers';

const usualSize = 1024 * mebibyte;
const usualTimes = 50;

/** Round trips of a list or of a small read, while a large file moves. */
const most = 4;

/**
 * Lists and reads small files while a large one moves over the same control connection, each time after the large one
 * has come back and moves again; answers the misses.
 */
export async function benchInterruptions({ daemons, quick, markdown }: BenchOptions): Promise<number> {
  const [size, runs] = quick ? [usualSize / 8, usualTimes / 5] : [usualSize, usualTimes];
  const task = { what: 'interruptions', runs, size } as const;
  const { figures, failures, missing } = await measureOverLink(daemons, task, showProgress);
  missing.forEach((reason) => console.log(`\nskipped: ${reason}`));
  failures.forEach(({ daemon, what, why }) => console.log(`\nfailed: ${what}, on ${daemon}: ${why}`));
  let missed = failures.length;
  for (const daemon of daemons) {
    const own = figures.filter((figure) => figure.daemon === daemon);
    if (own.length === 0) continue;
    const lines = (['download', 'upload'] as const).flatMap((direction) => linesOf(direction, own, runs));
    const heading = `${daemon}: round trips while ${size / mebibyte} MiB move, ${runs} times in a row each, the transfer stopped anew`;
    missed += printLines(heading, lines, markdown);
  }
  return missed;
}

function linesOf(direction: string, figures: readonly Figure[], times: number): Line[] {
  const of = (what: string): Figure | undefined =>
    figures.find((each) => each.what === `${direction}: ${what}`);
  const during = of('during')?.spent[0] ?? NaN;
  const whole = of('whole')?.spent[0] ?? NaN;
  return [
    ...(['list', 'read'] as const).flatMap((what) => {
      const { spent = [], echoes = [] } = of(what) ?? {};
      const trips = spent.map((milliseconds) => milliseconds / median(echoes));
      const title = `${what === 'list' ? 'list a directory' : 'read a small file'} during ${direction}`;
      return [
        { title, figures: { [ourName]: median(trips) }, bar: { atMost: most } },
        { title: `${title}, slowest`, figures: { [ourName]: Math.max(...trips) }, bar: { atMost: most } },
      ];
    }),
    {
      title: `of ${2 * times}, done before the ${direction} was`,
      figures: { [ourName]: during },
      bar: { atLeast: 2 * times },
      digits: 0,
    },
    { title: `${direction}, bytes compared, seconds`, figures: { [ourName]: whole / 1000 } },
  ];
}
