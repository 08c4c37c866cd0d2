import assert from 'node:assert/strict';
import { FilePermission, FileType } from 'vscode';
import type { Entry } from '../../src/ftp';
import { toFileStat, toFileType } from '../../src/workspace/fileStat';

describe('what VS Code is told of an entry', () => {
  it('has no invented times or sizes', () => {
    assert.deepEqual(toFileStat({ name: 'a', type: 'file' }), {
      type: FileType.File,
      ctime: 0,
      mtime: 0,
      size: 0,
    });
    assert.equal(toFileStat({ name: 'd', type: 'directory', size: 4096 }).size, 0);
    assert.equal(toFileStat({ name: 'l', type: 'symlink', targetType: 'directory', size: 9 }).size, 0);
  });

  const types: [Partial<Entry>, FileType][] = [
    [{ type: 'file' }, FileType.File],
    [{ type: 'directory' }, FileType.Directory],
    [{ type: 'unknown' }, FileType.Unknown],
    [{ type: 'symlink' }, FileType.SymbolicLink],
    [{ type: 'symlink', targetType: 'file' }, FileType.SymbolicLink | FileType.File],
    [{ type: 'symlink', targetType: 'directory' }, FileType.SymbolicLink | FileType.Directory],
  ];
  for (const [entry, type] of types) {
    it(`types ${JSON.stringify(entry)} as ${type}`, () => {
      assert.equal(toFileType({ name: 'a', type: 'file', ...entry }), type);
    });
  }

  const permissions: [Partial<Entry>, boolean][] = [
    [{ permissions: 'r' }, true],
    [{ permissions: '' }, true],
    [{ permissions: 'rw' }, false],
    [{ permissions: 'adfrw' }, false],
    [{ permissions: 'rw', mode: 0o444 }, false],
    [{ permissions: 'r', mode: 0o666 }, true],
    [{ mode: 0o444 }, true],
    [{ mode: 0o555 }, true],
    [{ mode: 0o644 }, false],
    [{ mode: 0o464 }, false],
    [{ mode: 0o446 }, false],
    [{}, false],
    [{ type: 'directory', permissions: 'el' }, true],
    [{ type: 'directory', permissions: 'elc' }, false],
    [{ type: 'directory', permissions: 'elm' }, false],
    [{ type: 'directory', permissions: 'flcdmpe' }, false],
    [{ type: 'directory', mode: 0o555 }, false],
    [{ type: 'symlink', mode: 0o444 }, false],
  ];
  for (const [entry, readonly] of permissions) {
    it(`calls ${JSON.stringify(entry)} ${readonly ? 'read-only' : 'writable'}`, () => {
      const stat = toFileStat({ name: 'a', type: 'file', ...entry });
      assert.equal(stat.permissions, readonly ? FilePermission.Readonly : undefined);
    });
  }
});
