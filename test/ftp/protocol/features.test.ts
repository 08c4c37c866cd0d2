import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasFeature, parseFeatures } from '../../../src/ftp/protocol/features';
import type { Reply } from '../../../src/ftp/protocol/reply';

function replyOf(code: number, ...lines: string[]): Reply {
  return { code, lines, bytes: lines.map((line) => new TextEncoder().encode(line)) };
}

describe('parseFeatures', () => {
  const cases: [string, Reply, string[]][] = [
    ['vsftpd', replyOf(211, '211-Features:', ' EPRT', ' REST STREAM', '211 End'), ['EPRT', 'REST STREAM']],
    ['without blanks', replyOf(211, '211-x', 'SIZE', '211 End'), ['SIZE']],
    [
      'with the code before each line',
      replyOf(211, '211-x', '211-SIZE', '211-MDTM', '211 End'),
      ['SIZE', 'MDTM'],
    ],
    ['in lower case, with blanks and empty lines', replyOf(211, '211-x', '  utf8 ', '', '211'), ['UTF8']],
    ['none', replyOf(211, '211 No features'), []],
    ['none, in two lines', replyOf(211, '211-Features:', '211 End'), []],
    ['refused', replyOf(502, '502-No', ' SIZE', '502 No'), []],
  ];
  for (const [what, reply, features] of cases) {
    it(what, () => assert.deepEqual(parseFeatures(reply), features));
  }

  it('takes no more than 256', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => ` F${i}`);
    assert.equal(parseFeatures(replyOf(211, '211-x', ...lines, '211 End')).length, 256);
  });

  it('reads back any list that is written', () => {
    const feature = fc.stringMatching(/^[A-Z]{3,5}( [A-Z;*]{1,9})?$/);
    fc.assert(
      fc.property(fc.array(feature, { maxLength: 40 }), (features) => {
        const lines = features.map((text) => ` ${text}`);
        assert.deepEqual(parseFeatures(replyOf(211, '211-x', ...lines, '211 End')), features);
      }),
    );
  });
});

describe('hasFeature', () => {
  const features = ['MLST TYPE*;SIZE*;', 'REST STREAM', 'UTF8', 'TVFS'];
  for (const [name, has] of [
    ['MLST', true],
    ['REST STREAM', true],
    ['REST', true],
    ['UTF8', true],
    ['UTF', false],
    ['MLSD', false],
    ['STREAM', false],
    ['__PROTO__', false],
  ] as [string, boolean][]) {
    it(`${name}: ${has}`, () => assert.equal(hasFeature(features, name), has));
  }
});
