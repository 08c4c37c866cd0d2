import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FtpError, LocalProtocolError } from '../../../src/ftp/protocol/errors';
import { formatEprt, formatPort, parseEpsvReply, parsePasvReply } from '../../../src/ftp/protocol/hostPort';
import type { Reply } from '../../../src/ftp/protocol/reply';

function replyOf(...lines: string[]): Reply {
  const code = Number(lines[0]?.slice(0, 3));
  return { code, lines, bytes: lines.map((line) => new TextEncoder().encode(line)) };
}

function isRefusal(reply: Reply) {
  return (error: unknown) => FtpError.is(error, 'data-passive-refused') && error.reply === reply;
}

describe('parsePasvReply', () => {
  const good: [string, string, number][] = [
    ['227 Entering Passive Mode (192,168,1,100,10,229).', '192.168.1.100', 2789],
    ['227 Entering Passive Mode 192,168,1,100,10,229', '192.168.1.100', 2789],
    ['227 =10,0,0,1,4,51', '10.0.0.1', 1075],
    ['227 Passive mode 1 ok (1,2,3,4,255,255)', '1.2.3.4', 65535],
    ['227 (1, 2, 3, 4, 0, 21)', '1.2.3.4', 21],
    ['227 Entering Passive Mode (0,0,0,0,4,1)', '0.0.0.0', 1025],
    ['227 (001,002,003,004,001,000)', '1.2.3.4', 256],
    ['227(1,2,3,4,5,6)', '1.2.3.4', 1286],
    ['227 (1,2,3,4,5,6)(7,8,9,10,11,12)', '1.2.3.4', 1286],
  ];
  for (const [line, host, port] of good) {
    it(line, () => assert.deepEqual(parsePasvReply(replyOf(line)), { host, port }));
  }

  it('finds them in a reply of several lines', () => {
    const reply = replyOf('227-Here it comes', '227 Entering Passive Mode (1,2,3,4,5,6)');
    assert.deepEqual(parsePasvReply(reply), { host: '1.2.3.4', port: 1286 });
  });

  const bad = [
    '227',
    '227 Entering Passive Mode',
    '227 (1,2,3,4,5)',
    '227 (1,2,3,4,5,6,7)',
    '227 (1,2,3,4,5,6,7,8,9,10,11,12)',
    '227 (256,2,3,4,5,6)',
    '227 (1,2,3,4,5,256)',
    '227 (1,2,3,4,0,0)',
    '227 (1,2,-3,4,5,6)',
    '227 (1.2.3.4.5.6)',
    '227 (1,2,3,4,5,)',
    '227 (a,b,c,d,e,f)',
    '227 (1,2,3,4,5,99999999999999999999999999999999999)',
    '227 (,,,,,)',
    '229 Entering Extended Passive Mode (|||6446|)',
    `227 ${'9'.repeat(60_000)}`,
    `227 ${'1,'.repeat(30_000)}`,
  ];
  for (const line of bad) {
    it(`refuses ${line.slice(0, 60)}`, () => {
      const reply = replyOf(line);
      assert.throws(() => parsePasvReply(reply), isRefusal(reply));
    });
  }
});

describe('parseEpsvReply', () => {
  const good: [string, number][] = [
    ['229 Entering Extended Passive Mode (|||6446|)', 6446],
    ['229 Entering Extended Passive Mode (!!!1!)', 1],
    ['229 Entering Extended Passive Mode |||65535|.', 65535],
    ['229 ((((21()', 21],
    ['229 Wait... (|||6446|)', 6446],
    ['229 (|||0|) (|||22|)', 22],
    ['229 |||1|||2|||3', 1],
  ];
  for (const [line, port] of good) it(line, () => assert.equal(parseEpsvReply(replyOf(line)), port));

  const bad = [
    '229',
    '229 Entering Extended Passive Mode',
    '229 (||6446|)',
    '229 (|||6446)',
    '229 (|||6446!)',
    '229 (||||)',
    '229 (|||0|)',
    '229 (|||65536|)',
    '229 (|||-1|)',
    '229 (|||1e3|)',
    '229 (|||99999999999999999999|)',
    '229 (|1|10.0.0.1|6446|)',
    '229 1111111',
    '229 (   6446 )',
    '227 (1,2,3,4,5,6)',
    `229 ${'|'.repeat(60_000)}`,
    `229 ${'|||'.repeat(15_000)}1`,
    `229 ${'|||1 '.repeat(15_000)}`,
    `229 ${'!|||1'.repeat(15_000)}`,
  ];
  for (const line of bad) {
    it(`refuses ${line.slice(0, 60)}`, () => {
      const reply = replyOf(line);
      assert.throws(() => parseEpsvReply(reply), isRefusal(reply));
    });
  }

  it('reads any port between any delimiters', () => {
    const delimiter = fc.integer({ min: 33, max: 126 }).filter((code) => code < 48 || code > 57);
    fc.assert(
      fc.property(delimiter, fc.integer({ min: 1, max: 65535 }), (code, port) => {
        const d = String.fromCharCode(code);
        assert.equal(parseEpsvReply(replyOf(`229 Extended (${d}${d}${d}${port}${d})`)), port);
      }),
    );
  });
});

describe('formatPort', () => {
  it('10.0.0.1:1025', () => assert.equal(formatPort('10.0.0.1', 1025), '10,0,0,1,4,1'));

  it('is undone by parsePasvReply', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 65535 }), (host, port) => {
        const reply = replyOf(`227 Entering Passive Mode (${formatPort(host, port)}).`);
        assert.deepEqual(parsePasvReply(reply), { host, port });
      }),
    );
  });

  const bad: [string, number][] = [
    ['::1', 21],
    ['::ffff:1.2.3.4', 21],
    ['localhost', 21],
    ['1.2.3', 21],
    ['1.2.3.4.5', 21],
    ['1.2.3.256', 21],
    ['1.2.3.', 21],
    ['1.2.3.4\r\nDELE', 21],
    ['1.2.3.4', 0],
    ['1.2.3.4', 65536],
    ['1.2.3.4', 1.5],
    ['1.2.3.4', Number.NaN],
  ];
  for (const [host, port] of bad) {
    it(`refuses ${JSON.stringify(host)} ${port}`, () =>
      assert.throws(() => formatPort(host, port), LocalProtocolError));
  }
});

describe('formatEprt', () => {
  it('writes both families', () => {
    assert.equal(formatEprt('132.235.1.2', 6275, 4), '|1|132.235.1.2|6275|');
    assert.equal(formatEprt('1080::8:800:200c:417a', 5282, 6), '|2|1080::8:800:200c:417a|5282|');
    assert.equal(formatEprt('fe80::1%eth0', 5282, 6), '|2|fe80::1|5282|');
  });

  it('refuses what would make another argument of it', () => {
    for (const host of ['', '%eth0', '1.2.3.4|21|']) {
      assert.throws(() => formatEprt(host, 21, 4), LocalProtocolError);
    }
    for (const port of [0, 65536, -1]) {
      const refused = () => formatEprt('1.2.3.4', port, 4);
      assert.throws(refused, LocalProtocolError);
    }
  });
});
