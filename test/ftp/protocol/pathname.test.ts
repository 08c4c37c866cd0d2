import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FtpError, LocalProtocolError } from '../../../src/ftp/protocol/errors';
import {
  baseName,
  isEntryName,
  joinPath,
  normalizePath,
  parentPath,
  parsePwdReply,
} from '../../../src/ftp/protocol/pathname';
import type { Reply } from '../../../src/ftp/protocol/reply';

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const replyOf = (...lines: string[]): Reply => {
  return { code: 257, lines, bytes: lines.map((line) => new TextEncoder().encode(line)) };
};

describe('parsePwdReply', () => {
  const good: [string, string][] = [
    ['257 "/" is the current directory', '/'],
    ['257 "/home/ann"', '/home/ann'],
    ['257 "/a ""b"" c" is current', '/a "b" c'],
    ['257 """" ok', '"'],
    ['257 "/a""" ok', '/a"'],
    ['257 "/a" is "current"', '/a'],
    ['257 "/ä→😀"', '/ä→😀'],
    ['257 Current directory is "/a"', '/a'],
    ['257 "\'USER.DATA\'" is working directory', "'USER.DATA'"],
    ['257 /home/ann is current directory', '/home/ann'],
    ['257 /home/ann', '/home/ann'],
  ];
  for (const [line, path] of good) it(line, () => assert.equal(parsePwdReply(replyOf(line), decode), path));

  it('finds it in a reply of several lines', () => {
    assert.equal(parsePwdReply(replyOf('257-"/a"', '257 current'), decode), '/a');
  });

  it('decodes the bytes of the path', () => {
    const bytes = Uint8Array.from(Buffer.from('257 "/caf\xe9"', 'latin1'));
    const reply: Reply = { code: 257, lines: ['257 "/caf\ufffd"'], bytes: [bytes] };
    const latin1 = (path: Uint8Array) => Buffer.from(path).toString('latin1');
    assert.equal(parsePwdReply(reply, latin1), '/café');
  });

  const bad = [
    '257',
    '257 ',
    '257 ""',
    '257 "/a',
    '257 "/a""',
    '257 "/a\0b"',
    '257 "/a\rb"',
    '257 "/\x1b[2J"',
    '257 "/\x7f"',
  ];
  for (const line of bad) {
    it(`refuses ${JSON.stringify(line)}`, () => {
      const reply = replyOf(line);
      const read = () => parsePwdReply(reply, decode);
      assert.throws(read, (error) => FtpError.is(error, 'server-error') && error.reply === reply);
    });
  }

  it('reads back any path that is quoted', () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(path, fc.constantFrom('', ' is current', ' "x"'), (name, rest) => {
        assert.equal(
          parsePwdReply(replyOf(`257 "/${name.replaceAll('"', '""')}"${rest}`), decode),
          `/${name}`,
        );
      }),
    );
  });
});

describe('normalizePath', () => {
  const paths: [string, string][] = [
    ['/', '/'],
    ['', '/'],
    ['a', '/a'],
    ['/a/b', '/a/b'],
    ['/a/b/', '/a/b'],
    ['//a///b//', '/a/b'],
    ['/a/./b/.', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['../a', '/a'],
    ['/a/.../b..', '/a/.../b..'],
    ['/ a / b ', '/ a / b '],
    ['/a\\b', '/a\\b'],
  ];
  for (const [path, normal] of paths) {
    it(JSON.stringify(path), () => assert.equal(normalizePath(path), normal));
  }

  for (const path of ['/a\r', '/a\n/b', '/a\0b']) {
    it(`refuses ${JSON.stringify(path)}`, () => assert.throws(() => normalizePath(path), LocalProtocolError));
  }

  const path = fc
    .array(fc.constantFrom('/', '.', '..', 'a', ' ', 'ä'), { maxLength: 12 })
    .map((parts) => normalizePath(parts.join('')));

  it('leaves a normal path as it is', () => {
    fc.assert(fc.property(path, (normal) => assert.equal(normalizePath(normal), normal)));
  });

  it('agrees with parentPath, baseName and joinPath', () => {
    fc.assert(
      fc.property(path, (normal) => {
        assert.equal(joinPath(parentPath(normal), baseName(normal)), normal);
        assert.equal(normalizePath(`${normal}/..`), parentPath(normal));
      }),
    );
  });
});

describe('parentPath, baseName', () => {
  const paths: [string, string, string][] = [
    ['/', '/', ''],
    ['/a', '/', 'a'],
    ['/a/b', '/a', 'b'],
    ['/a/b/ c', '/a/b', ' c'],
  ];
  for (const [path, parent, name] of paths) {
    it(path, () => assert.deepEqual([parentPath(path), baseName(path)], [parent, name]));
  }
});

describe('isEntryName', () => {
  const names: [string, boolean][] = [
    ['a', true],
    [' a ', true],
    ['...', true],
    ['.a', true],
    ['a -> b', true],
    ['__proto__', true],
    ['ä😀', true],
    ['', false],
    ['.', false],
    ['..', false],
    ['a/b', false],
    ['../a', false],
    ['/etc/passwd', false],
    ['a\\b', false],
    ['a\0b', false],
  ];
  for (const [name, is] of names) it(JSON.stringify(name), () => assert.equal(isEntryName(name), is));
});
