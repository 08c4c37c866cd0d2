import assert from 'node:assert/strict';
import { parseMlsdLine, parseMlstLine } from '../../../src/ftp/listing/mlsd';
import { bytesOf } from './fixtures';
import { context, summary } from './summary';

describe('parseMlstLine', () => {
  const read = (line: string) => parseMlstLine(bytesOf(line), context);

  it('keeps the path that the server wrote', () => {
    const entry = read(' type=file;size=531;modify=20240129032611; /www/index.php');
    assert.equal(entry && summary(entry), 'file - 531 - 2024-01-29T03:26:11Z second [/www/index.php]');
  });

  it('reads the root, the folder itself and a folder typed cdir', () => {
    for (const line of ['type=dir; /', 'type=cdir; .', 'type=cdir; /www']) {
      assert.equal(read(line)?.type, 'directory');
    }
  });

  it('knows what is no line of facts', () => {
    for (const line of ['', 'End', '-rw-r--r-- 1 root other 531 Jan 29 03:26 name', 'type=file;']) {
      assert.equal(read(line), undefined);
    }
  });

  it('leaves out numbers that are none', () => {
    for (const size of ['', '-1', '1e3', '0x10', '9007199254740993', '1'.repeat(40)]) {
      assert.deepEqual(Object.keys(read(`type=file;size=${size}; a`) ?? {}), ['name', 'type']);
    }
    for (const mode of ['', '0888', 'rwx']) {
      assert.equal(read(`type=file;UNIX.mode=${mode}; a`)?.mode, undefined);
    }
  });

  it('reads the largest exact size', () => {
    assert.equal(read('type=file;size=9007199254740991; a')?.size, Number.MAX_SAFE_INTEGER);
  });

  it('keeps an empty perm: nothing is permitted', () => {
    assert.equal(read('type=file;perm=; a')?.permissions, '');
  });

  it('has no target where the server left it empty', () => {
    assert.deepEqual(Object.keys(read('type=OS.unix=slink:; a') ?? {}), ['name', 'type']);
  });

  it('keeps the case and the colons of a target', () => {
    assert.equal(read('type=OS.UNIX=SLINK:/A:b; a')?.target, '/A:b');
  });
});

describe('parseMlsdLine', () => {
  it('decodes the name in the encoding of the session', () => {
    const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
    const line = Uint8Array.from([...bytesOf('type=file; '), 0xe4]);
    const entry = parseMlsdLine(line, { ...context, decode });
    assert.deepEqual(entry, { name: 'ä', type: 'file' });
  });

  it('skips forbidden names whatever their type', () => {
    for (const type of ['file', 'dir', 'cdir', 'pdir', 'OS.unix=symlink']) {
      for (const name of ['.', '..', '/', 'a/b', 'a\\b', 'a\0b']) {
        assert.equal(parseMlsdLine(bytesOf(`type=${type}; ${name}`), context), 'skip');
      }
    }
  });
});
