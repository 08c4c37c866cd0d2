import { parseArgs } from 'node:util';
import { counted, rowNames, type Counted } from './rows';

export interface BenchOptions {
  readonly parts: readonly string[];
  readonly calibrate: boolean;
  readonly markdown: boolean;
  /** Write the tables into README.md as well. */
  readonly readme: boolean;
  /** Fewer runs and smaller files: to see that it works, not to be quoted. */
  readonly quick: boolean;
  readonly daemons: readonly Counted[];
  /** Rows of the round trips. */
  readonly rows: readonly string[];
}

export function usage(parts: readonly string[]): string {
  return [
    'Usage: npm run bench [-- options]',
    `  --only ${parts.join('|')}   one part; may be repeated`,
    '  --daemon vsftpd|proftpd|pure-ftpd   round trips on this one; may be repeated',
    `  --row '${rowNames[2]}'   one row of the round trips; may be repeated`,
    '  --quick       fewer runs, smaller files',
    '  --markdown    tables in Markdown',
    '  --readme      the same, and puts them into README.md in place of those of the same part',
    '  --calibrate   instead: holds the daemons against test/fixtures/calibration.json',
  ].join('\n');
}

/** Undefined: they cannot be understood. */
export function parseArguments(args: readonly string[], parts: readonly string[]): BenchOptions | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options });
    const { only = [...parts], daemon = [...counted], row = [...rowNames] } = values;
    const known = isWithin(only, parts) && isWithin(daemon, counted) && isWithin(row, rowNames);
    if (!known) return undefined;
    const { quick = false, readme = false, markdown = readme, calibrate = false } = values;
    return { parts: only, daemons: daemon as Counted[], rows: row, quick, markdown, readme, calibrate };
  } catch {
    return undefined;
  }
}

const options = {
  only: { type: 'string', multiple: true },
  daemon: { type: 'string', multiple: true },
  row: { type: 'string', multiple: true },
  quick: { type: 'boolean' },
  markdown: { type: 'boolean' },
  readme: { type: 'boolean' },
  calibrate: { type: 'boolean' },
} as const;

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
