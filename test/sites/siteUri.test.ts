import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isIpv6 } from '../../src/sites/ipv6';
import {
  absolutePath,
  addressKey,
  authorityOf,
  parseAuthority,
  parseFtpUrl,
  type FtpUrl,
  type ServerAddress,
} from '../../src/sites/siteUri';

describe('parseFtpUrl', () => {
  const plain = { scheme: 'ftp', host: 'ftp.example.com', port: 21 } as const;
  const readable: [string, FtpUrl][] = [
    ['ftp://ftp.example.com', plain],
    ['  ftp.example.com  ', plain],
    ['FTP://FTP.Example.COM/', { ...plain, path: '/' }],
    ['ftp.example.com/www/a', { ...plain, path: '/www/a' }],
    ['ftp.example.com:2121', { ...plain, port: 2121 }],
    ['ftp.example.com:', plain],
    ['web@ftp.example.com', { ...plain, user: 'web' }],
    ['ftp://anonymous:me@ftp.example.com', plain],
    ['ftp://:secret@ftp.example.com', plain],
    ['ftp://web:secret@ftp.example.com/', { ...plain, user: 'web', password: 'secret', path: '/' }],
    ['ftp://web:@ftp.example.com', { ...plain, user: 'web' }],
    ['ftp://web:a:b@ftp.example.com', { ...plain, user: 'web', password: 'a:b' }],
    ['ftp://web:p%40ss%2Fw%3Ard@ftp.example.com', { ...plain, user: 'web', password: 'p@ss/w:rd' }],
    ['ftp://web:p@ss@ftp.example.com', { ...plain, user: 'web', password: 'p@ss' }],
    ['ftp://web:#1?x@ftp.example.com/a', { ...plain, user: 'web', password: '#1?x', path: '/a' }],
    ['ftp://web:100%@ftp.example.com', { ...plain, user: 'web', password: '100%' }],
    ['ftp://web%40example.com:x@ftp.example.com', { ...plain, user: 'web@example.com', password: 'x' }],
    ['ftp://web@example.com@ftp.example.com', { ...plain, user: 'web@example.com' }],
    ['ftp://ftp.example.com/a%20b/%C3%BC', { ...plain, path: '/a b/ü' }],
    ['ftp://ftp.example.com/%2Fetc', { ...plain, path: '/etc' }],
    ['ftp://ftp.example.com/a/../../b/./c//', { ...plain, path: '/b/c' }],
    ['ftp://ftp.example.com/a;type=i', { ...plain, path: '/a' }],
    ['ftp://ftp.example.com/a#1?2', { ...plain, path: '/a#1?2' }],
    ['ftps://ftp.example.com', { ...plain, scheme: 'ftps', port: 990 }],
    ['ftpes://ftp.example.com', { ...plain, scheme: 'ftpes' }],
    ['[2001:DB8::1]:2121', { scheme: 'ftp', host: '2001:db8::1', port: 2121 }],
    ['ftp://web@[::1]/x', { scheme: 'ftp', host: '::1', port: 21, user: 'web', path: '/x' }],
    ['2001:db8::1', { scheme: 'ftp', host: '2001:db8::1', port: 21 }],
    ['192.168.0.10:2121', { scheme: 'ftp', host: '192.168.0.10', port: 2121 }],
    ['bücher.example', { scheme: 'ftp', host: 'bücher.example', port: 21 }],
  ];
  for (const [text, url] of readable) {
    it(`reads ${text}`, () => assert.deepEqual(parseFtpUrl(text), { value: url }));
  }

  const empty = 'Enter a host name, an address or an FTP URL.';
  const port = 'The port must be a number from 1 to 65535.';
  const bare = 'Write an IPv6 address with a port as [2001:db8::1]:2121.';
  const control = 'The address contains a character that cannot be sent.';
  const refused: [string, string][] = [
    ['', empty],
    ['   ', empty],
    ['ftp://', empty],
    ['ftp:///path', empty],
    ['ftp://web@', empty],
    ['file://host/x', empty],
    ['two words', empty],
    ['a\\b', empty],
    ['host%2Fx', empty],
    ['sftp://host', 'sftp:// is file transfer over SSH. Portside speaks ftp://, ftps:// and ftpes://.'],
    ['SSH://host', 'sftp:// is file transfer over SSH. Portside speaks ftp://, ftps:// and ftpes://.'],
    ['https://www.example.com/x', 'This is a web address. Enter the FTP host, often ftp.example.com.'],
    ['host:0', port],
    ['host:65536', port],
    ['host:21x', port],
    ['host:-1', port],
    ['ftp://[::1]:x', port],
    ['1:2:3:4:5:6:7:8:2121', bare],
    ['ftp://[::1', bare],
    ['[not-an-address]', bare],
    ['[]', empty],
    ['ho\u0000st', control],
    ['ftp://web%0D%0ADELE%20x@host', control],
    ['ftp://web:x%00@host', control],
    ['ftp://host/a%0Ab', control],
    ['ftp://\ud800@host', control],
  ];
  for (const [text, fault] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.deepEqual(parseFtpUrl(text), { fault }));
  }

  it('never throws, and never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseFtpUrl(text);
        if ('fault' in parsed) return parsed.fault !== '';
        const { host, user, password, path } = parsed.value;
        return [host, user, password, path].every((part) => part === undefined || !/\p{Cc}/u.test(part));
      }),
    );
  });
});

describe('authorityOf and parseAuthority', () => {
  const spelled: [ServerAddress, string][] = [
    [{ host: 'ftp.example.com', port: 21 }, 'ftp.example.com'],
    [{ host: 'ftp.example.com', port: 2121 }, 'ftp.example.com:2121'],
    [{ host: 'ftp.example.com', port: 21, user: 'web' }, 'web@ftp.example.com'],
    [{ host: 'h', port: 21, user: 'web@example.com' }, 'web%40example.com@h'],
    [{ host: 'h', port: 21, user: 'a:b/c%(d)' }, 'a%3Ab%2Fc%25%28d%29@h'],
    [{ host: '2001:db8::1', port: 2121, user: 'web' }, 'web@[2001:db8::1]:2121'],
    [{ host: '::1', port: 21 }, '[::1]'],
  ];
  for (const [address, authority] of spelled) {
    it(`spells ${authority} and reads it back`, () => {
      assert.equal(authorityOf(address), authority);
      assert.deepEqual(parseAuthority(authority), address);
    });
  }

  it('knows an address again that VS Code has decoded or that a person wrote otherwise', () => {
    assert.deepEqual(parseAuthority('web@example.com@H:21'), {
      host: 'h',
      port: 21,
      user: 'web@example.com',
    });
    assert.deepEqual(parseAuthority('anonymous@h'), { host: 'h', port: 21 });
  });

  it('leaves a password out', () => {
    assert.deepEqual(parseAuthority('web:secret@h'), { host: 'h', port: 21, user: 'web' });
  });

  it('refuses what names no server', () => {
    for (const authority of ['', '@', 'web@', 'h:x', 'a%0Ab@h', '[1]']) {
      assert.equal(parseAuthority(authority), undefined, authority);
    }
  });

  it('round-trips every user name', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.integer({ min: 1, max: 65535 }),
        (user, port) => {
          fc.pre(user !== 'anonymous');
          assert.deepEqual(parseAuthority(authorityOf({ host: 'h', port, user })), { host: 'h', port, user });
        },
      ),
    );
  });

  it('keeps user and port in the key of a password', () => {
    assert.equal(addressKey({ host: 'h', port: 21, user: 'a@b' }), 'a%40b@h:21');
    assert.equal(addressKey({ host: 'h', port: 2121 }), 'anonymous@h:2121');
  });
});

describe('absolutePath', () => {
  it('never leaves the root', () => {
    const paths: [string, string][] = [
      ['', '/'],
      ['www', '/www'],
      ['/www/', '/www'],
      ['/../../x', '/x'],
      ['//a//b', '/a/b'],
    ];
    for (const [path, absolute] of paths) assert.equal(absolutePath(path), absolute);
  });
});

describe('isIpv6', () => {
  it('takes the forms of RFC 4291', () => {
    for (const text of [
      '::',
      '::1',
      '1::',
      '1:2:3:4:5:6:7:8',
      'fe80::1:2',
      '::ffff:192.0.2.1',
      '1:2:3:4:5:6:1.2.3.4',
    ]) {
      assert.ok(isIpv6(text), text);
    }
  });

  it('refuses others', () => {
    const others = [
      '',
      ':',
      ':::',
      '1',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      '12345::',
      'g::',
      '::1.2.3',
    ];
    for (const text of [...others, '::256.1.1.1', '1:2:3:4:5:6:7::8', '1.2.3.4::', 'fe80::1%eth0']) {
      assert.ok(!isIpv6(text), text);
    }
  });
});
