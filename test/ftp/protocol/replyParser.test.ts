import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RemoteProtocolError } from '../../../src/ftp/protocol/errors';
import { lineLimit, ReplyParser, replyLimit } from '../../../src/ftp/protocol/replyParser';
import type { Reply } from '../../../src/ftp/protocol/reply';
import { cutAt, feed, feedEveryWay } from '../../support/feed';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const replyOf = (code: number, ...lines: string[]): Reply => ({ code, lines, bytes: lines.map(utf8) });

function failureOf(parser: ReplyParser): RemoteProtocolError {
  try {
    while (parser.next() !== undefined);
  } catch (error) {
    assert.ok(error instanceof RemoteProtocolError);
    return error;
  }
  return assert.fail('the parser took it');
}

describe('ReplyParser', () => {
  describe('reads', () => {
    const good: [string, string, Reply[]][] = [
      ['a reply', '220 Ready.\r\n', [replyOf(220, '220 Ready.')]],
      ['two replies', '150 Go.\r\n226 Done.\r\n', [replyOf(150, '150 Go.'), replyOf(226, '226 Done.')]],
      ['a bare LF', '220 Ready.\n331 Go on.\n', [replyOf(220, '220 Ready.'), replyOf(331, '331 Go on.')]],
      ['CR CR LF', '220 Ready.\r\r\n', [replyOf(220, '220 Ready.')]],
      ['CR NUL inside', '220 a\r\0b\r\n', [replyOf(220, '220 a\rb')]],
      ['CR NUL before the line end', '220 a\r\0\r\n', [replyOf(220, '220 a')]],
      ['a bare CR inside', '220 a\rb\r\n', [replyOf(220, '220 a\rb')]],
      ['a bare code', '200\r\n', [replyOf(200, '200')]],
      ['a bare code with bare LF', '200\n', [replyOf(200, '200')]],
      ['a code and a blank', '200 \r\n', [replyOf(200, '200 ')]],
      ['no blank after the code', '200OK\r\n', [replyOf(200, '200OK')]],
      ['a tab after the code', '200\tOK\r\n', [replyOf(200, '200\tOK')]],
      ['the lowest and highest code', '100 a\r\n599 b\r\n', [replyOf(100, '100 a'), replyOf(599, '599 b')]],
      ['several lines', '220-Hi\r\n220 Ready.\r\n', [replyOf(220, '220-Hi', '220 Ready.')]],
      [
        'a preliminary reply of several lines (Pure-FTPd, in every hundredth second)',
        '150-Accepted data connection\r\n150 The computer is your friend. Trust the computer\r\n226 Done.\r\n',
        [
          replyOf(150, '150-Accepted data connection', '150 The computer is your friend. Trust the computer'),
          replyOf(226, '226 Done.'),
        ],
      ],
      [
        'a closing line without text',
        '211-Features:\r\n MDTM\r\n211\r\n',
        [replyOf(211, '211-Features:', ' MDTM', '211')],
      ],
      [
        '550 inside 250',
        '250-\r\n550 no\r\n550\r\n250 Yes.\r\n',
        [replyOf(250, '250-', '550 no', '550', '250 Yes.')],
      ],
      [
        'its own code with a hyphen inside',
        '220-a\r\n220-b\r\n220 c\r\n',
        [replyOf(220, '220-a', '220-b', '220 c')],
      ],
      [
        'its own code with a digit inside',
        '220-a\r\n2200 b\r\n220 c\r\n',
        [replyOf(220, '220-a', '2200 b', '220 c')],
      ],
      [
        'its own code with text inside',
        '220-a\r\n220b\r\n220 c\r\n',
        [replyOf(220, '220-a', '220b', '220 c')],
      ],
      [
        'its own code after a blank inside',
        '220-a\r\n 220 b\r\n220 c\r\n',
        [replyOf(220, '220-a', ' 220 b', '220 c')],
      ],
      ['empty lines inside', '220-a\r\n\r\n \r\n220 c\r\n', [replyOf(220, '220-a', '', ' ', '220 c')]],
      [
        'empty lines between',
        '\r\n \r\n220 a\r\n\n\t\n221 b\r\n',
        [replyOf(220, '220 a'), replyOf(221, '221 b')],
      ],
      ['a code alone with a hyphen', '220-\r\n220 \r\n', [replyOf(220, '220-', '220 ')]],
      ['UTF-8', '257 "/ä→😀"\r\n', [replyOf(257, '257 "/ä→😀"')]],
      [
        'text that begins with a byte order mark',
        '220-a\r\n\ufeffb\r\n220 c\r\n',
        [replyOf(220, '220-a', '\ufeffb', '220 c')],
      ],
      [
        'names of any object',
        '220-__proto__\r\nconstructor\r\n220 x\r\n',
        [replyOf(220, '220-__proto__', 'constructor', '220 x')],
      ],
      ['nothing', '', []],
      ['a line without end: not a reply', '220 Ready.', []],
      ['a CR without LF: not a reply', '220 Ready.\r', []],
      ['an open reply of several lines', '220-a\r\n221 b\r\n', []],
    ];
    for (const [what, text, replies] of good) {
      it(what, () => feedEveryWay(() => new ReplyParser(), utf8(text), replies, utf8('')));
    }

    it('every reply with the beginning of another one trailing', () => {
      feedEveryWay(
        () => new ReplyParser(),
        utf8('226 Done.\r\n'),
        [replyOf(226, '226 Done.')],
        utf8('220-x\r\n22'),
      );
    });

    it('bytes that are no UTF-8, which stay in `bytes`', () => {
      const line = latin1('257 "/caf\xe9"');
      feedEveryWay(() => new ReplyParser(), latin1('257 "/caf\xe9"\r\n'), [
        { code: 257, lines: ['257 "/caf\ufffd"'], bytes: [line] },
      ]);
    });
  });

  describe('refuses', () => {
    const bad: [string, string, string][] = [
      ['text', 'hello\r\n', 'other'],
      ['a code below 100', '099 x\r\n', 'other'],
      ['a code above 599', '600 x\r\n', 'other'],
      ['four digits', '2200 x\r\n', 'other'],
      ['two digits', '22 x\r\n', 'other'],
      ['a blank before the code', ' 220 x\r\n', 'other'],
      ['a NUL', '220 a\0b\r\n', 'other'],
      ['a NUL before the line end', '220 a\0\r\n', 'other'],
      ['two NULs after CR', '220 a\r\0\0\r\n', 'other'],
      ['MODE Z or TLS bytes', '\x15\x03\x01\x00\x02\x02\x0a', 'other'],
      ['an SSH server', 'SSH-2.0-OpenSSH_9.2p1\r\n', 'ssh'],
      ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\nServer: x\r\n', 'http'],
      ['a web page', '<html><head>\n', 'http'],
      ['a web page with its type', '\n<!DOCTYPE HTML PUBLIC>\n', 'http'],
    ];
    for (const [what, text, speaks] of bad) {
      it(what, () => {
        for (const pieces of [[latin1(text)], Array.from(latin1(text), (byte) => Uint8Array.of(byte))]) {
          const parser = new ReplyParser();
          pieces.forEach((piece) => parser.push(piece));
          const failure = failureOf(parser);
          assert.equal(failure.facts.speaks, speaks);
          assert.ok(failure.facts.said !== undefined && failure.facts.said.length > 0);
        }
      });
    }

    it('whatever comes after: it throws the same for ever', () => {
      const parser = new ReplyParser();
      parser.push(utf8('hello\r\n'));
      const failure = failureOf(parser);
      parser.push(utf8('220 Ready.\r\n'));
      assert.equal(failureOf(parser), failure);
      assert.equal(parser.endLeniently(), false);
    });

    it('only after the good replies before it were handed out', () => {
      const parser = new ReplyParser();
      parser.push(utf8('220 Ready.\r\nSSH-2.0\r\n'));
      assert.deepEqual(parser.next(), replyOf(220, '220 Ready.'));
      const { facts } = failureOf(parser);
      assert.deepEqual(facts, { said: 'SSH-2.0' }, 'what answered 220 is no SSH server');
    });

    it('with at most 200 characters of what was said', () => {
      const parser = new ReplyParser();
      parser.push(utf8(`${'→'.repeat(1000)}\r\n`));
      assert.equal(failureOf(parser).facts.said, '→'.repeat(200));
    });

    it('a NUL inside a reply of several lines', () => {
      const parser = new ReplyParser();
      parser.push(utf8('220-a\r\nb\0\r\n'));
      assert.equal(failureOf(parser).facts.said, 'b\0');
    });
  });

  describe('limits', () => {
    const lineOf = (length: number) => utf8(`220 ${'x'.repeat(length - 6)}\r\n`);

    it('a line of 64 KiB passes, one byte more does not', () => {
      assert.equal(feed(new ReplyParser(), [lineOf(lineLimit)]).length, 1);
      assert.throws(() => feed(new ReplyParser(), [lineOf(lineLimit + 1)]), RemoteProtocolError);
    });

    it('the same in small pieces', () => {
      const pieces = (length: number) =>
        cutAt(
          lineOf(length),
          Array.from({ length: 700 }, (_, i) => i * 97),
        );
      assert.equal(feed(new ReplyParser(), pieces(lineLimit)).length, 1);
      assert.throws(() => feed(new ReplyParser(), pieces(lineLimit + 1)), RemoteProtocolError);
    });

    it('a line without end is refused before its end is there', () => {
      const parser = new ReplyParser();
      let pushed = 0;
      assert.throws(() => {
        for (; pushed < 1024 * 1024; pushed += 1024) feed(parser, [utf8('x'.repeat(1024))]);
      }, RemoteProtocolError);
      assert.ok(pushed <= lineLimit, `${pushed} bytes were taken`);
    });

    for (const line of ['220-another line of the same\r\n', 'x\n', '\n']) {
      it(`an endless reply of ${JSON.stringify(line)} is refused`, () => {
        const parser = new ReplyParser();
        const piece = utf8(line.repeat(1000));
        let pushed = 0;
        assert.throws(() => {
          feed(parser, [utf8('220-\r\n')]);
          for (; pushed <= 2 * replyLimit; pushed += piece.length) feed(parser, [piece]);
        }, RemoteProtocolError);
        assert.ok(pushed <= replyLimit, `${pushed} bytes were taken`);
      });
    }

    it('can be set, also while a reply is under way', () => {
      const text = utf8(`213-\r\n${'-rw-r--r-- 1 a a 1 Jan 1 1970 name\r\n'.repeat(100)}213 End\r\n`);
      assert.throws(() => feed(new ReplyParser({ limits: { reply: 4096 } }), [text]), RemoteProtocolError);
      const parser = new ReplyParser({ limits: { reply: 4096 } });
      feed(parser, [text.slice(0, 1000)]);
      parser.limits.reply = 1024 * 1024;
      assert.equal(feed(parser, [text.slice(1000)])[0]?.lines.length, 102);
    });

    it('begin anew with each reply', () => {
      const parser = new ReplyParser({ limits: { reply: 256 } });
      for (let i = 0; i < 100; i++) assert.equal(feed(parser, [utf8('220-a\r\n220 b\r\n')]).length, 1);
    });

    it('empty lines between replies take no room', () => {
      const parser = new ReplyParser({ limits: { reply: 256 } });
      assert.deepEqual(feed(parser, [utf8('\r\n'.repeat(10_000))]), []);
      assert.equal(parser.unparsedBytes, 0);
    });
  });

  describe('endLeniently', () => {
    it("ends glftpd's 553 that a 150 closes", () => {
      const parser = new ReplyParser();
      const lines = ['553-', '553- Directory is closed.', '150 Opening data connection.'];
      assert.deepEqual(feed(parser, [utf8(lines.join('\r\n') + '\r\n')]), []);
      assert.equal(parser.endLeniently(), true);
      assert.deepEqual(parser.next(), replyOf(150, ...lines));
      assert.equal(parser.next(), undefined);
      assert.equal(parser.unparsedBytes, 0);
      assert.equal(parser.endLeniently(), false);
    });

    const open: [string, string][] = [
      ['nothing', ''],
      ['a reply that was handed out', '220 x\r\n'],
      ['a last line of text', '220-a\r\n221 b\r\ntext\r\n'],
      ['a last line with hyphen', '220-a\r\n221-b\r\n'],
      ['a first line with hyphen', '220-a\r\n'],
      ['a last line with an impossible code', '220-a\r\n999 b\r\n'],
      ['a last line that is still coming', '220-a\r\n221 b\r\n22'],
    ];
    for (const [what, text] of open) {
      it(`leaves ${what} alone`, () => {
        const parser = new ReplyParser();
        feed(parser, [utf8(text)]);
        assert.equal(parser.endLeniently(), false);
        assert.equal(parser.next(), undefined);
      });
    }

    it('does not disturb what comes after', () => {
      const parser = new ReplyParser();
      feed(parser, [utf8('220-a\r\n221 b\r\n')]);
      assert.equal(parser.endLeniently(), true);
      assert.deepEqual(feed(parser, [utf8('226 c\r\n')]), [
        replyOf(221, '220-a', '221 b'),
        replyOf(226, '226 c'),
      ]);
    });
  });

  it('tells each line once, as soon as it is whole', () => {
    const seen: string[] = [];
    const parser = new ReplyParser({ onLine: (line) => seen.push(Buffer.from(line).toString()) });
    feed(parser, [utf8('220-a\r\nb\r\n22')]);
    assert.deepEqual(seen, ['220-a', 'b']);
    feed(parser, [utf8('0 c\r\n\r\n')]);
    assert.deepEqual(seen, ['220-a', 'b', '220 c', '']);
    assert.throws(() => feed(parser, [utf8('what?\r\n')]));
    assert.deepEqual(seen, ['220-a', 'b', '220 c', '', 'what?']);
  });

  it('offers what is inside a reply, with its line ends, and keeps nothing of what is taken', () => {
    const [seen, taken]: [string[], string[]] = [[], []];
    const parser = new ReplyParser({
      limits: { reply: 200 },
      onLine: (line) => seen.push(Buffer.from(line).toString()),
      takeInside: (line, code) => code === 213 && taken.push(Buffer.from(line).toString()) > 0,
    });
    const listing = 'drwx .\r\n'.repeat(100);
    const replies = feed(parser, [utf8(`213-a\r\n${listing}212 b\r\r\n213 c\r\n211-d\r\ne\n211 f\r\n`)]);
    assert.deepEqual(
      replies.map(({ lines }) => lines),
      [
        ['213-a', '213 c'],
        ['211-d', 'e', '211 f'],
      ],
    );
    assert.equal(taken.join(''), `${listing}212 b\r\r\n`);
    assert.deepEqual(seen, ['213-a', '213 c', '211-d', 'e', '211 f']);
  });

  describe('properties', () => {
    const code = fc.integer({ min: 100, max: 599 });
    const text = fc
      .string({ unit: fc.constantFrom('a', ' ', '-', '2', '0', '"', 'ä', '😀', '\t') })
      .map((value) => ` ${value}`);
    const lineEnd = fc.constantFrom('\r\n', '\n', '\r\r\n');
    const inner = fc.oneof(
      text,
      fc.tuple(code, text).map(([number, rest]) => `${number}-${rest}`),
    );
    const single = fc.tuple(code, text).map(([number, rest]): Reply => replyOf(number, `${number}${rest}`));
    const multi = fc
      .tuple(code, text, fc.array(inner, { maxLength: 4 }), text)
      .map(([number, a, rest, z]) => {
        return replyOf(number, `${number}-${a}`, ...rest, `${number}${z}`);
      });
    const replies = fc.array(fc.oneof(single, multi), { maxLength: 5 });
    const places = fc.array(fc.nat({ max: 300 }), { maxLength: 20 });

    it('any reply that is written is read, under any cut', () => {
      fc.assert(
        fc.property(replies, lineEnd, places, (expected, end, cuts) => {
          const bytes = utf8(expected.flatMap((reply) => reply.lines.map((line) => line + end)).join(''));
          const parser = new ReplyParser();
          assert.deepEqual(feed(parser, cutAt(bytes, cuts)), expected);
          assert.equal(parser.unparsedBytes, 0);
        }),
      );
    });

    const alphabet = ['2', '0', '5', '-', ' ', '\r', '\n', '\0', 'x', '220 ', '220-', '\r\n', '\r\n', '\xff'];
    const soup = fc
      .array(fc.constantFrom(...alphabet), { maxLength: 60 })
      .map((parts) => latin1(parts.join('')));

    function outcome(bytes: Uint8Array, cuts: number[]) {
      const parser = new ReplyParser({ limits: { line: 40, reply: 512 } });
      const taken: Reply[] = [];
      try {
        for (const piece of cutAt(bytes, cuts)) {
          parser.push(piece);
          for (let reply = parser.next(); reply; reply = parser.next()) taken.push(reply);
        }
      } catch (error) {
        assert.ok(error instanceof RemoteProtocolError);
        return { taken, failed: true, unparsed: 0 };
      }
      return { taken, failed: false, unparsed: parser.unparsedBytes };
    }

    it('any cut of any bytes gives the same replies, or the same refusal', () => {
      fc.assert(
        fc.property(soup, places, (bytes, cuts) =>
          assert.deepEqual(outcome(bytes, cuts), outcome(bytes, [])),
        ),
        { numRuns: 1000 },
      );
    });

    it('what is left and what was read are all that came', () => {
      const plain = fc.array(fc.constantFrom('220 a\r\n', '220-b\r\n', 'c\r\n', '221 d\r\n', '22'), {
        maxLength: 9,
      });
      fc.assert(
        fc.property(plain, (parts) => {
          const bytes = utf8(`220-x\r\n${parts.join('')}`);
          const { taken, failed, unparsed } = outcome(bytes, []);
          if (failed) return;
          const read = taken.flatMap((reply) => reply.bytes).reduce((sum, line) => sum + line.length + 2, 0);
          assert.equal(read + unparsed, bytes.length);
        }),
      );
    });

    it('the last line of each reply closes it', () => {
      fc.assert(
        fc.property(soup, (bytes) => {
          for (const reply of outcome(bytes, []).taken) {
            assert.equal(reply.lines.at(-1)?.slice(0, 3), String(reply.code));
            assert.ok(reply.code >= 100 && reply.code <= 599);
            assert.equal(reply.lines.length, reply.bytes.length);
          }
        }),
      );
    });
  });
});
