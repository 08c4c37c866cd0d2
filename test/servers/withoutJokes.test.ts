import assert from 'node:assert/strict';
import { withoutJokes } from './withoutJokes';

// A run failed whose transfer began in such a second: its transcript had a line too many.
describe('withoutJokes', () => {
  const cases: [string, string[], string[]][] = [
    [
      'behind the only line',
      [
        'S: 150-Accepted data connection',
        'S: 150 The computer is your friend. Trust the computer',
        'S: 226 Done',
      ],
      ['S: 150 Accepted data connection', 'S: 226 Done'],
    ],
    [
      'between two lines',
      [
        'S: 150-Accepted data connection',
        'S: 150-The computer is your friend. Trust the computer',
        'S: 150 9.8 kbytes to download',
      ],
      ['S: 150-Accepted data connection', 'S: 150 9.8 kbytes to download'],
    ],
    ['nowhere', ['S: 150 Accepted data connection'], ['S: 150 Accepted data connection']],
    [
      'in a file',
      ['D: 150 The computer is your friend. Trust the computer<LF>'],
      ['D: 150 The computer is your friend. Trust the computer<LF>'],
    ],
  ];
  for (const [where, lines, expected] of cases) {
    it(`finds it ${where}`, () => assert.deepEqual(withoutJokes(lines), expected));
  }
});
