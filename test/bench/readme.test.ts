import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { quoteOf, readmeFile, withQuote } from './readme';
import { counted, rowNames, rows } from './rows';

describe("the benchmark's tables in README.md", () => {
  const readme = readFileSync(readmeFile, 'utf8');

  it('have every row, for every daemon, with what it must be', () => {
    const tables = quoteOf(readme, 'trips').split('**').slice(1);
    for (const daemon of counted) {
      const table = tables[tables.findIndex((heading) => heading.startsWith(`${daemon}:`)) + 1] ?? '';
      const quoted = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
      for (const row of rowNames) {
        const { title, bar } = rows[row];
        const [, , mustBe] = quoted.find((cells) => cells[1] === title) ?? [];
        assert.equal(mustBe, `≤ ${bar[daemon]}`, `${daemon}: ${title}`);
      }
    }
  });

  it('are replaced part by part', () => {
    const before = '# A\n\n<!-- npm run bench: trips -->\n\nold\n\n<!-- end -->\n\nmore\n';
    const after = withQuote(before, 'trips', 'new');
    assert.equal(after, before.replace('old', 'new'));
    assert.equal(quoteOf(after, 'trips'), 'new');
    assert.throws(() => quoteOf(after, 'listings'), /no place for listings/);
    for (const part of ['trips', 'throughput', 'listings', 'interruptions']) quoteOf(readme, part);
  });
});
