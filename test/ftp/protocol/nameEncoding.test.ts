import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { createNameEncoding } from '../../../src/ftp/protocol/nameEncoding';

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const plain = (bytes: Uint8Array) => [...bytes];

describe('createNameEncoding', () => {
  const samples: [string, string, number[]][] = [
    ['auto', 'ä', [0xc3, 0xa4]],
    ['auto', '😀', [0xf0, 0x9f, 0x98, 0x80]],
    ['utf-8', 'ä', [0xc3, 0xa4]],
    ['UTF8', '\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
    ['windows-1252', '€é', [0x80, 0xe9]],
    ['windows-1251', 'яы', [0xff, 0xfb]],
    ['koi8-r', 'я', [0xd1]],
    ['iso-8859-15', '€', [0xa4]],
    ['shift_jis', '表', [0x95, 0x5c]],
    ['euc-jp', '表', [0xc9, 0xbd]],
    ['gbk', '中', [0xd6, 0xd0]],
    ['big5', '功', [0xa5, 0x5c]],
    ['cp437', 'é', [0x82]],
  ];
  for (const [label, text, bytes] of samples) {
    it(`${label}: ${text}, there and back, in a path`, () => {
      const encoding = createNameEncoding(label);
      assert.equal(encoding.label, label);
      assert.deepEqual(plain(encoding.encode(text)), bytes);
      assert.equal(encoding.decode(Uint8Array.from(bytes)), text);
      assert.deepEqual(plain(encoding.encode(`/a/${text}/`)), [0x2f, 0x61, 0x2f, ...bytes, 0x2f]);
      assert.equal(encoding.decode(Uint8Array.from([0x2f, ...bytes, 0x2f, 0x62])), `/${text}/b`);
    });
  }

  for (const label of ['', 'nonsense', '__proto__', 'constructor', 'utf-16le', 'utf-7', 'base64', 'hex']) {
    it(`refuses ${JSON.stringify(label)}`, () => {
      const isRefusal = (error: unknown) =>
        error instanceof LocalProtocolError && error.facts.encoding === label;
      assert.throws(() => createNameEncoding(label), isRefusal);
    });
  }

  const unsendable: [string, string][] = [
    ['windows-1252', 'я'],
    ['latin1', 'č'],
    ['ascii', 'é'],
    ['shift_jis', '😀'],
    ['utf-8', '\ud800'],
    ['auto', 'a\udc00'],
  ];
  for (const [label, text] of unsendable) {
    it(`${label} refuses ${JSON.stringify(text)} and does not quote it`, () => {
      assert.throws(
        () => createNameEncoding(label).encode(`hush${text}`),
        (error) =>
          error instanceof LocalProtocolError &&
          error.code === 'name-unsendable' &&
          error.facts.encoding === (label === 'auto' ? 'utf-8' : label) &&
          !JSON.stringify([error.message, error.facts]).includes('hush'),
      );
    });
  }
});

describe("the encoding 'auto'", () => {
  it('shows what is no UTF-8 as windows-1252 and finds its bytes again', () => {
    const encoding = createNameEncoding('auto');
    assert.equal(encoding.decode(latin1('caf\xe9 \x80')), 'café €');
    assert.deepEqual(encoding.encode('/x/café €/y'), latin1('/x/caf\xe9 \x80/y'));
    assert.deepEqual(
      plain(encoding.encode('café')),
      [...new TextEncoder().encode('café')],
      'another name is UTF-8',
    );
  });

  it('judges each name of a path alone', () => {
    const encoding = createNameEncoding('auto');
    const path = Uint8Array.from([...latin1('/\xe9/'), ...new TextEncoder().encode('ä/a')]);
    assert.equal(encoding.decode(path), '/é/ä/a');
    assert.deepEqual(plain(encoding.encode('/é/ä/a')), plain(path));
  });

  it('lets the name that was seen last win', () => {
    const encoding = createNameEncoding('auto');
    encoding.decode(latin1('\xe9'));
    assert.deepEqual(plain(encoding.encode('é')), [0xe9]);
    assert.equal(encoding.decode(Uint8Array.of(0xc3, 0xa9)), 'é');
    assert.deepEqual(plain(encoding.encode('é')), [0xc3, 0xa9]);
  });

  it('keeps names apart that windows-1252 has no letters for', () => {
    const encoding = createNameEncoding('auto');
    assert.notEqual(encoding.decode(latin1('\x81')), encoding.decode(latin1('\x8d')));
  });

  it('copies what it remembers', () => {
    const encoding = createNameEncoding('auto');
    const bytes = latin1('a\xe9');
    encoding.decode(bytes);
    bytes.fill(0);
    assert.deepEqual(encoding.encode('aé'), latin1('a\xe9'));
  });

  it('forgets the oldest of very many', () => {
    const encoding = createNameEncoding('auto');
    for (let i = 0; i <= 20_000; i++) encoding.decode(latin1(`\xe9${i}`));
    assert.deepEqual(encoding.encode('é1'), latin1('\xe91'));
    assert.deepEqual(plain(encoding.encode('é0')), [0xc3, 0xa9, 0x30]);
  });

  it('takes a line of 64 KiB', () => {
    const encoding = createNameEncoding('auto');
    for (const text of ['a', 'é', '/é']) {
      const long = text.repeat(65_536 / text.length);
      assert.equal(encoding.decode(latin1(long)), long);
      assert.equal(Buffer.compare(encoding.encode(long), latin1(long)), 0);
    }
  });
});

describe('every encoding', () => {
  for (const label of [
    'auto',
    'utf-8',
    'windows-1252',
    'windows-1251',
    'shift_jis',
    'gbk',
    'gb18030',
    'big5',
    'euc-kr',
    'ascii',
  ]) {
    it(`${label}: any bytes that were decoded are found again`, () => {
      const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x2f, 0xc3, 0xa4, 0x81, 0x30));
      fc.assert(
        fc.property(fc.array(byte, { maxLength: 12 }), (bytes) => {
          const encoding = createNameEncoding(label);
          const names = encoding.decode(Uint8Array.from(bytes)).split('/');
          // Names within one path that look the same share one memory.
          if (new Set(names).size < names.length) return;
          assert.deepEqual(plain(encoding.encode(names.join('/'))), bytes);
        }),
      );
    });
  }

  it('any text that is accepted comes back', () => {
    const label = fc.constantFrom('auto', 'windows-1252', 'shift_jis', 'gbk', 'big5', 'latin1');
    fc.assert(
      fc.property(label, fc.string({ unit: 'grapheme' }), (name, text) => {
        const encoding = createNameEncoding(name);
        let bytes;
        try {
          bytes = encoding.encode(text);
        } catch (error) {
          assert.ok(error instanceof LocalProtocolError);
          return;
        }
        assert.equal(encoding.decode(bytes), text);
      }),
    );
  });
});
