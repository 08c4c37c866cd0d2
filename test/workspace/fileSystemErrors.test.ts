import assert from 'node:assert/strict';
import { FileSystemError } from 'vscode';
import { errorCodes, FtpError, type FtpErrorCode } from '../../src/ftp';
import { toFileSystemError } from '../../src/workspace/fileSystemErrors';
import { at } from '../support/fileSystem';

const expected: Partial<Record<FtpErrorCode, string>> = {
  'not-found': 'FileNotFound',
  exists: 'FileExists',
  'is-a-directory': 'FileIsADirectory',
  'not-a-directory': 'FileNotADirectory',
  'no-permission': 'NoPermissions',
  'directory-not-empty': 'NoPermissions',
  'name-refused': 'NoPermissions',
  'name-unsendable': 'NoPermissions',
  'not-supported': 'NoPermissions',
  'login-refused': 'NoPermissions',
  'login-cancelled': 'NoPermissions',
  'login-account': 'NoPermissions',
  'password-expired': 'NoPermissions',
  'login-needs-tls': 'NoPermissions',
  'tls-certificate-untrusted': 'NoPermissions',
  'tls-certificate-changed': 'NoPermissions',
  'tls-client-certificate': 'NoPermissions',
};

describe('the error that VS Code gets', () => {
  for (const code of errorCodes) {
    it(`for ${code} is ${expected[code] ?? 'Unavailable'}`, () => {
      const error = toFileSystemError(new FtpError(code, 'engine'), at('/a'), 'shop');
      assert.equal(error.code, expected[code] ?? 'Unavailable');
      assert.notEqual(error.message, '');
    });
  }

  it('names the path of the URI when the engine names none', () => {
    const error = toFileSystemError(new FtpError('not-found', 'engine'), at('/a b'), 'shop');
    assert.equal(error.message, '/a b does not exist on shop.');
  });

  it('quotes the server, as text', () => {
    const reply = { code: 550, lines: ['550 [x](command:y)'], bytes: [] };
    const error = toFileSystemError(new FtpError('no-permission', 'engine', { reply }), at('/a'), 'shop');
    assert.equal(error.message, 'shop does not allow this for /a: “[x] (command:y)”.');
  });

  it('for anything else is Unavailable, with its message', () => {
    assert.equal(toFileSystemError(new Error('a bug'), at('/a'), 'shop').code, 'Unavailable');
    assert.equal(toFileSystemError(new Error('a bug'), at('/a'), 'shop').message, 'a bug');
    assert.equal(toFileSystemError('thrown', at('/a'), 'shop').message, 'thrown');
  });

  it('is handed on when it is one already', () => {
    const error = FileSystemError.FileExists('x');
    assert.equal(toFileSystemError(error, at('/a'), 'shop'), error);
  });
});
