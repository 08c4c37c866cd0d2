import assert from 'node:assert/strict';
import { parseArguments } from './options';
import { tableOf } from './report';
import { counted, rowNames } from './rows';
import { median } from './statistics';

describe('the benchmark', () => {
  const lines = [
    { title: 'list', bar: { atMost: 2.2 }, figures: { Portside: 2.24, 'basic-ftp': 4.2, curl: 4.4 } },
    { title: 'rename', bar: { atMost: 1.2 }, figures: { Portside: 1.26, 'basic-ftp': 1.9 } },
    { title: 'speed', bar: { atLeast: 100 }, figures: { Portside: 99, 'basic-ftp': 100 }, digits: 0 },
    { title: 'stat', bar: { atMost: 0 }, figures: { Portside: 0.01 } },
    { title: 'time', figures: { 'basic-ftp': 3 }, unit: ' s' },
    { title: 'failed', bar: { atMost: 1 }, figures: {} },
  ];

  it('marks what misses its bar as it is printed, and gives rivals their ratio', () => {
    const { text, missed } = tableOf(lines, false);
    assert.deepEqual(text.split('\n'), [
      '           must be   Portside    basic-ftp         curl',
      '  list       ≤ 2.2      ✓ 2.2   4.2 (1.9×)   4.4 (2.0×)',
      '  rename     ≤ 1.2      ✗ 1.3   1.9 (1.5×)            –',
      '  speed      ≥ 100       ✗ 99   100 (1.0×)            –',
      '  stat         ≤ 0      ✓ 0.0            –            –',
      '  time                               3.0 s            –',
      '  failed       ≤ 1     ✗ none            –            –',
    ]);
    assert.equal(missed, 3);
  });

  it('prints the same in Markdown', () => {
    const { text } = tableOf(lines.slice(0, 1), true);
    assert.deepEqual(text.split('\n'), [
      '|      | must be | Portside |  basic-ftp |       curl |',
      '| ---- | ------: | -------: | ---------: | ---------: |',
      '| list |   ≤ 2.2 |    ✓ 2.2 | 4.2 (1.9×) | 4.4 (2.0×) |',
    ]);
  });

  it('knows its options, and refuses others', () => {
    const parts = ['trips', 'listings'];
    const all = {
      parts,
      daemons: counted,
      rows: rowNames,
      quick: false,
      markdown: false,
      readme: false,
      calibrate: false,
    };
    assert.deepEqual(parseArguments([], parts), all);
    const some = ['--only', 'trips', '--row', 'list', '--row', 'read', '--daemon', 'vsftpd', '--quick'];
    const chosen = { ...all, parts: ['trips'], rows: ['list', 'read'], daemons: ['vsftpd'], quick: true };
    assert.deepEqual(parseArguments(some, parts), chosen);
    assert.deepEqual(parseArguments(['--readme'], parts), { ...all, markdown: true, readme: true });
    for (const wrong of [['--only', 'trip'], ['--daemon', 'iis'], ['--fast'], ['trips']]) {
      assert.equal(parseArguments(wrong, parts), undefined, wrong.join(' '));
    }
  });

  it('takes the middle of several runs', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });
});
