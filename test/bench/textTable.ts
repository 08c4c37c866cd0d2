/** Columns of text, the first to the left and the others to the right; or the same in Markdown. */
export function textTable(
  head: readonly string[],
  body: readonly (readonly string[])[],
  markdown: boolean,
): string {
  const lines = [head, ...body];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = lines.map((line) =>
    widths.map((width, column) => {
      const cell = line[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  if (!markdown) return padded.map((line) => `  ${line.join('   ').trimEnd()}`).join('\n');
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [first, ...rest] = padded;
  return [first ?? [], rule, ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
