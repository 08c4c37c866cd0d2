import { textTable } from './textTable';

/** One thing that was measured, for everybody who could do it. */
export interface Line {
  readonly title: string;
  /** By name; Portside's is the one that the others are compared with. */
  readonly figures: Readonly<Record<string, number>>;
  /** What Portside must reach. */
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  readonly unit?: string;
  readonly digits?: number;
}

export const ourName = 'Portside';

/** What was printed in this run. */
export const printed: string[] = [];

/** Prints a heading and a table; answers how many figures of Portside miss what they must reach. */
export function printLines(heading: string, lines: readonly Line[], markdown: boolean): number {
  const { text, missed } = tableOf(lines, markdown);
  const page = `${markdown ? `**${heading}**\n` : heading}\n${text}`;
  printed.push(page);
  console.log(`\n${page}`);
  return missed;
}

/** Each rival stands with its ratio to Portside, and what Portside misses is marked. */
export function tableOf(lines: readonly Line[], markdown: boolean): { text: string; missed: number } {
  const names = [...new Set(lines.flatMap(({ figures }) => Object.keys(figures)))];
  const rivals = names.filter((name) => name !== ourName);
  const body = lines.map((line) => [
    line.title,
    line.bar ? barText(line) : '',
    ours(line),
    ...rivals.map((rival) => theirs(line, rival)),
  ]);
  const text = textTable(['', 'must be', ourName, ...rivals], body, markdown);
  return { text, missed: lines.filter(misses).length };
}

function ours(line: Line): string {
  const figure = line.figures[ourName];
  if (figure === undefined) return line.bar ? '✗ none' : '';
  if (!line.bar) return shown(line, figure);
  return misses(line) ? `✗ ${shown(line, figure)}` : `✓ ${shown(line, figure)}`;
}

function theirs(line: Line, rival: string): string {
  const [figure, own] = [line.figures[rival], line.figures[ourName]];
  if (figure === undefined) return '–';
  if (!own || own < smallest) return shown(line, figure);
  return `${shown(line, figure)} (${(figure / own).toFixed(1)}×)`;
}

/** Below this, a ratio says nothing. */
const smallest = 0.05;

function barText({ bar, unit, digits = 1 }: Line): string {
  if (!bar) return '';
  const [sign, value] = 'atMost' in bar ? ['≤', bar.atMost] : ['≥', bar.atLeast];
  return `${sign} ${Number.isInteger(value) ? value : value.toFixed(digits)}${unit ?? ''}`;
}

function misses({ bar, figures, digits = 1 }: Line): boolean {
  if (!bar) return false;
  const figure = figures[ourName];
  if (figure === undefined) return true;
  // As it is shown: what is printed as 1.2 does not miss 1.2.
  const rounded = Number(figure.toFixed(digits));
  return 'atMost' in bar ? rounded > bar.atMost : rounded < bar.atLeast;
}

function shown({ unit, digits = 1 }: Line, figure: number): string {
  return `${figure.toFixed(digits)}${unit ?? ''}`;
}
