import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatTimeValue, parseFactLine, parseTimeValue } from '../../../src/ftp/protocol/facts';

const utf8 = (text: string) => new TextEncoder().encode(text);

function read(line: string) {
  const parsed = parseFactLine(utf8(line));
  return parsed && { facts: Object.fromEntries(parsed.facts), name: Buffer.from(parsed.name).toString() };
}

describe('parseFactLine', () => {
  const file = { type: 'file', size: '3' };
  const good: [string, string, Record<string, string>, string][] = [
    ['a file', 'type=file;size=3; a.txt', file, 'a.txt'],
    ['MLST', ' type=file;size=3; /a/b.txt', file, '/a/b.txt'],
    ['MLST with more blanks', '  type=file;size=3; /a', file, '/a'],
    ['upper case', 'Type=file;SIZE=3; A', file, 'A'],
    ['a name with blanks', 'type=file;size=3;  a  b ', file, ' a  b '],
    ['a name like facts', 'type=file;size=3; a=b; c', file, 'a=b; c'],
    ['a name like a total', 'type=file;size=3; total 7', file, 'total 7'],
    ['a name like a link', 'type=file;size=3; a -> b', file, 'a -> b'],
    ['no last semicolon', 'type=file;size=3 a', file, 'a'],
    ['no last semicolon, name with one', 'type=file;size=3 a; b', file, 'a; b'],
    ['a tab', 'type=file;size=3;\ta', file, 'a'],
    ['a tab and no last semicolon', 'type=file;size=3\ta b', file, 'a b'],
    ['an empty value', 'type=;size=3; a', { type: '', size: '3' }, 'a'],
    ['an equals sign in a value', 'type=OS.unix=symlink; a', { type: 'OS.unix=symlink' }, 'a'],
    ['a link', 'type=OS.unix=slink:/x;size=3; a', { type: 'OS.unix=slink:/x', size: '3' }, 'a'],
    [
      'a link to a name with blanks',
      'type=OS.unix=slink:/x y;size=3; a',
      { type: 'OS.unix=slink:/x y', size: '3' },
      'a',
    ],
    ['a link without last semicolon', 'type=OS.unix=slink:/x a', { type: 'OS.unix=slink:/x' }, 'a'],
    [
      'an owner with a blank',
      'UNIX.ownername=Ann Lee;size=3; a',
      { 'unix.ownername': 'Ann Lee', size: '3' },
      'a',
    ],
    ['facts of any name', 'x.y=1;__proto__x=2; a', { 'x.y': '1', __proto__x: '2' }, 'a'],
    ['no facts at all', ' a b', {}, 'a b'],
    ['no facts, name with a blank before', '  a', {}, ' a'],
    ['UTF-8', 'type=file;size=3; ä😀', file, 'ä😀'],
    ['a name with a blank before, MLST', ' type=file;size=3;  /a', file, ' /a'],
    ['the same fact twice', 'size=1;size=3;type=file; a', file, 'a'],
  ];
  for (const [what, line, facts, name] of good) {
    it(what, () => assert.deepEqual(read(line), { facts, name }));
  }

  for (const line of [
    '',
    ' ',
    'a.txt',
    'total 7',
    'a b',
    'type=file;',
    'type=file; ',
    ' type=file; ',
    'type=file',
    ';',
    '; a',
    'junk; a',
    '-rw-r--r-- 1 a a 3 Jan 1 2024 a',
  ]) {
    it(`refuses ${JSON.stringify(line)}`, () => assert.equal(read(line), undefined));
  }

  it('keeps the bytes of the name', () => {
    const name = Uint8Array.of(0xe9, 0xff, 0, 0x20, 0x80);
    const parsed = parseFactLine(Uint8Array.from([...utf8('type=file; '), ...name]));
    assert.deepEqual(parsed?.name, name);
  });

  it('takes __proto__ for a fact like any other', () => {
    const parsed = parseFactLine(utf8('__proto__=1;constructor=2; __proto__'));
    assert.deepEqual(
      [...(parsed?.facts ?? [])],
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    );
    assert.equal(({} as Record<string, unknown>)['1'], undefined);
  });

  it('reads back what is written', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'x', '.', '-', '9'), minLength: 1, maxLength: 8 });
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', '=', ':', ','), maxLength: 12 });
    const facts = fc.uniqueArray(fc.tuple(key, value), {
      minLength: 1,
      maxLength: 6,
      selector: ([name]) => name,
    });
    const name = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(facts, name, fc.constantFrom('', ' '), (pairs, text, before) => {
        const line = `${before}${pairs.map(([a, b]) => `${a}=${b};`).join('')} ${text}`;
        const parsed = parseFactLine(utf8(line));
        assert.deepEqual([...(parsed?.facts ?? [])], pairs);
        assert.deepEqual(parsed?.name, utf8(text));
      }),
    );
  });

  it('answers anything with a name that ends the line, or with nothing', () => {
    const part = fc.constantFrom(
      'type=',
      'file',
      ';',
      ' ',
      '=',
      '\t',
      'OS.unix=slink:',
      'unix.owner=',
      'a',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const line = parts.join('');
        const parsed = read(line);
        if (!parsed) return;
        assert.ok(parsed.name.length > 0);
        assert.ok(line.endsWith(parsed.name));
      }),
    );
  });

  for (const unit of ['a', ' ', ';', '=', 'a=;', 'unix.owner= ', 'type=OS.unix=slink: ']) {
    it(`a line of 64 KiB of ${JSON.stringify(unit)} ends`, () => {
      const parsed = read(unit.repeat(65_536 / unit.length));
      assert.ok(parsed === undefined || parsed.name.length <= 65_536);
    });
  }
});

describe('parseTimeValue', () => {
  const good: [string, number, string][] = [
    ['19700101000000', 0, 'second'],
    ['20240229123456', 1_709_210_096_000, 'second'],
    ['20240229123456.7', 1_709_210_096_700, 'millisecond'],
    ['20240229123456.789', 1_709_210_096_789, 'millisecond'],
    ['20240229123456.789999999', 1_709_210_096_789, 'millisecond'],
    ['20161231235960', 1_483_228_800_000, 'second'],
    ['19691231235959', -1000, 'second'],
  ];
  for (const [text, time, precision] of good) {
    it(text, () => assert.deepEqual(parseTimeValue(text), { time, precision }));
  }

  const bad = [
    '',
    '2024022912345',
    '202402291234567',
    '20240229123456.',
    '20240229123456.x',
    '20240229123456.7.8',
    '20240229123456Z',
    '20230229000000',
    '20241301000000',
    '20240100000000',
    '20240101240000',
    '20240101006000',
    '20240101000061',
    '191000229123456',
    '+2024022912345',
    '2024022912345 ',
    '00000101000000',
    `20240229123456.${'7'.repeat(60_000)}`,
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(parseTimeValue(text), undefined));
  }
});

describe('formatTimeValue', () => {
  it('writes whole seconds', () => {
    assert.equal(formatTimeValue(0), '19700101000000');
    assert.equal(formatTimeValue(1_709_210_096_789), '20240229123456');
    assert.equal(formatTimeValue(-1), '19691231235959');
  });

  it('is undone by parseTimeValue', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
        const time = seconds * 1000;
        assert.deepEqual(parseTimeValue(formatTimeValue(time)), { time, precision: 'second' });
      }),
    );
  });
});
