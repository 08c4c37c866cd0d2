import assert from 'node:assert/strict';
import { errorCodes, FtpError, type ErrorFacts, type FtpErrorCode } from '../../src/ftp';
import { describeEffect, describeError } from '../../src/sites/errorText';
import { cleanServerText } from '../../src/sites/serverText';

function say(code: FtpErrorCode, facts: ErrorFacts = {}, words?: string): string {
  const reply = words === undefined ? undefined : { code: 550, lines: [`550 ${words}`], bytes: [] };
  return describeError(new FtpError(code, 'message of the engine', { reply, facts }), 'shop');
}
import { certificateOf } from '../support/tlsServices';

describe('the sentence for an error', () => {
  const rows: [FtpErrorCode, ErrorFacts, string | undefined, string][] = [
    [
      'host-not-found',
      { host: 'ftp.example.com' },
      undefined,
      'No address is known for ftp.example.com. Check the spelling, or your network or VPN.',
    ],
    [
      'connection-timed-out',
      { host: 'ftp.example.com', port: 21, seconds: 15 },
      undefined,
      'ftp.example.com:21 did not answer within 15 s. A firewall may drop the connection, or the address is wrong.',
    ],
    [
      'connection-lost',
      { said: 'reset by the server.' },
      undefined,
      'The connection to shop broke and could not be restored: reset by the server.',
    ],
    ['not-ftp', { host: 'h', port: 80, speaks: 'http' }, undefined, 'h:80 is a web server.'],
    ['not-ftp', { host: 'h', port: 22, speaks: 'ssh' }, undefined, 'h:22 speaks SSH (use SFTP).'],
    [
      'login-refused',
      { user: 'web' },
      'Login incorrect.',
      'shop refused user web: “Login incorrect”. Check user name and password.',
    ],
    [
      'tls-unavailable',
      { hadTls: true },
      '502 No',
      'shop no longer offers TLS, which it did before. Nothing was sent in clear; somebody may be interfering.',
    ],
    [
      'tls-unavailable',
      {},
      '502 No',
      'shop offers no TLS, and Portside is set to insist on it. Nothing was sent in clear; to do without TLS, set “security” of this server to none in portside.sites.',
    ],
    [
      'tls-certificate-untrusted',
      { certificate: certificateOf('AA', { problems: ['expired', 'wrong-name'] }) },
      undefined,
      'The certificate of shop is not trusted: it is not for h.',
    ],
    [
      'tls-certificate-changed',
      { since: Date.UTC(2026, 1, 28) },
      undefined,
      'The certificate of shop has changed since 2026-02-28. The connection was refused and no password was sent.',
    ],
    [
      'data-no-way',
      { passive: 'refused (502)', active: 'nobody dialled.' },
      undefined,
      'No data connection to shop works. Passive: refused (502). Active: nobody dialled.',
    ],
    [
      'data-cut',
      { bytes: 7_300_000, total: 41_000_000 },
      undefined,
      'The data connection to shop broke after 7.3 of 41 MB.',
    ],
    ['data-cut', {}, undefined, 'The data connection to shop broke.'],
    ['not-found', { path: '/a/b' }, undefined, '/a/b does not exist on shop.'],
    [
      'no-permission',
      { path: '/a' },
      'Permission denied',
      'shop does not allow this for /a: “Permission denied”.',
    ],
    ['no-permission', { path: '/a' }, undefined, 'shop does not allow this for /a: “message of the engine”.'],
    [
      'not-supported',
      { command: 'SITE CHMOD' },
      'Unknown command',
      'shop cannot do this (SITE CHMOD: “Unknown command”).',
    ],
    [
      'too-large',
      { path: '/a/big.iso', total: 3e9, bytes: 256e6 },
      undefined,
      'big.iso has 3 GB; the editor opens up to 256 MB. Queue a download instead.',
    ],
    [
      'no-space',
      { user: 'web', effect: 'unchanged' },
      undefined,
      'No space left for web on shop (quota or disk). The old content is untouched.',
    ],
    [
      'no-space',
      { user: 'web', effect: 'changed' },
      undefined,
      'No space left for web on shop (quota or disk). The file there may be cut off; your text is in the editor.',
    ],
    [
      'save-unverified',
      { bytes: 12_900, total: 12_944 },
      undefined,
      'Only 12,900 of 12,944 bytes arrived on shop. The old version is still in place; your text is in the editor.',
    ],
  ];
  for (const [code, facts, words, sentence] of rows) {
    it(`${code}: ${sentence}`, () => assert.equal(say(code, facts, words), sentence));
  }

  for (const code of errorCodes) {
    it(`${code}: is whole although no facts are known`, () => {
      const sentence = say(code);
      assert.match(sentence, /[.]$/);
      assert.doesNotMatch(sentence, /undefined|NaN|\{\w+\}/);
    });
  }

  it('holds no link, icon or hidden character that a server or a file name put there', () => {
    const hostile = 'a](command:x) $(sync) \u202eb\r\n';
    const certificate = certificateOf('AA', { host: hostile, problems: ['wrong-name'] });
    for (const code of errorCodes) {
      const facts = { path: `/${hostile}`, said: hostile, host: hostile, user: hostile, passive: hostile };
      const sentence = say(code, {
        ...facts,
        active: hostile,
        address: hostile,
        command: hostile,
        certificate,
      });
      assert.ok(!sentence.includes(']('), sentence);
      assert.ok(!sentence.includes('$('), sentence);
      assert.doesNotMatch(sentence, /[\r\n\u202e]/);
    }
  });
});

describe('what a failed write left on the server', () => {
  const left = (code: FtpErrorCode, facts: ErrorFacts) =>
    describeEffect(new FtpError(code, 'x', { facts }), 'shop');

  it('is said when it is known', () => {
    assert.equal(left('data-cut', { effect: 'unchanged' }), 'Nothing on shop was changed.');
    assert.equal(left('data-cut', { effect: 'changed' }), 'What is on shop now may be cut off.');
    assert.equal(
      left('data-cut', { effect: 'unknown' }),
      'It is not known whether anything on shop was changed.',
    );
  });

  it('is not said where nothing is known, nor twice', () => {
    assert.equal(left('data-cut', {}), undefined);
    assert.equal(left('no-space', { effect: 'changed' }), undefined);
  });
});

describe('text of a server', () => {
  const rows: [string, string, string][] = [
    ['leaves plain words alone', 'Größe: 5 [ok] (fine) 100 $', 'Größe: 5 [ok] (fine) 100 $'],
    ['takes links apart', '[x](command:y)', '[x] (command:y)'],
    ['takes icons apart', '$(sync~spin)', '$ (sync~spin)'],
    ['shows control characters', 'a\r\n\0\x1b[31m\x7f\x85b', 'a····[31m··b'],
    ['shows bidirectional characters', '\u202egpj.exe\u2066\u200f', '·gpj.exe··'],
    ['cuts long words', 'x'.repeat(201), `${'x'.repeat(200)}…`],
    ['keeps 200 characters whole', '😀'.repeat(200), '😀'.repeat(200)],
  ];
  for (const [title, text, clean] of rows) it(title, () => assert.equal(cleanServerText(text), clean));
});
