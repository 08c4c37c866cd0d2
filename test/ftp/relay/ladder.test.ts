import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dialects, type Dialect } from '../../../src/ftp/relay/dialects';
import { ladderOf, withLadders } from '../../support/docs/ladder';

const contributing = readFileSync(new URL('../../../CONTRIBUTING.md', import.meta.url), 'utf8');

describe('ladder diagrams of the dialects', () => {
  it('in CONTRIBUTING.md are those of the tables; else run `npm run docs`', () => {
    assert.equal(withLadders(contributing), contributing);
  });

  for (const dialect of Object.keys(dialects) as Dialect[]) {
    it(`${dialect}: every step is a rung, and every rung is as wide as the others`, () => {
      const ladder = ladderOf(dialect);
      const [, ...rungs] = ladder.split('\n');
      assert.deepEqual(new Set(rungs.map(({ length }) => length)).size, 1, ladder);
      for (const { verb } of dialects[dialect].steps) assert.match(ladder, new RegExp(`- ${verb} .*-`));
    });
  }

  it('rfc959 is figure 3: PASV there, PORT with its address here, then both transfer commands', () => {
    const words = [...ladderOf('rfc959').matchAll(/- ([A-Z]{4}|\d{3}) ?([^-]*?) -/g)].map(([, verb, rest]) =>
      `${verb} ${rest}`.trim(),
    );
    assert.deepEqual(words, [
      ...['PASV', '227 (192,0,2,1,200,10)', 'PORT 192,0,2,1,200,10', '200'],
      ...['STOR /b.iso', 'RETR /a.iso', '150', '150', '226', '226'],
    ]);
  });
});
