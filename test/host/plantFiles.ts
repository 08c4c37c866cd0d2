import {
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Names that break careless clients. */
export const oddNames = [
  'plain.txt',
  'with blanks .txt',
  '#hash',
  'per%20cent',
  '100%.txt',
  'Grüße.txt',
  '日本語.md',
  "quo'te",
  'semi;colon',
];

/** Those that take a code path of their own; inetutils-ftpd needs a tenth of a second for each. */
export const oddest = ['with blanks .txt', '#hash', '100%.txt', '日本語.md'];

/** Milliseconds since 1970 of the file `look/plain.txt`; long ago, so that LIST shows a year instead of a time. */
export const plantedTime = Date.UTC(2021, 4, 6, 7, 8, 10);

export const smallText = 'Nothing is moored here.\n';

/** `length` bytes of every value, line ends and NUL among them. */
export function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
}

/** More than fits into the buffers of a data connection on its way. */
export const largeSize = 1_500_000;

/** Fills a server's folder with what the cases start from: one folder for each concern. */
export function plantFiles(root: string, owner?: { readonly uid: number; readonly gid: number }): void {
  for (const [name, content] of Object.entries(files())) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  mkdirSync(path.join(root, 'look/empty'));
  mkdirSync(path.join(root, 'remove/empty'));
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(root, name));
  utimesSync(path.join(root, 'look/plain.txt'), plantedTime / 1000, plantedTime / 1000);
  if (owner) handOver(root, owner);
}

const links = {
  'look/to-file': 'plain.txt',
  'look/to-folder': 'folder',
  'read/link': 'small.txt',
  'remove/link-to-file': '../keep/file.txt',
  'remove/link-to-folder': '../keep',
  'remove/tree/deep/link': '../../../keep/file.txt',
  'remove/linking/deep/link': '../../../keep',
};

function files(): Record<string, string | Uint8Array> {
  return {
    ...Object.fromEntries(oddNames.map((name) => [`look/${name}`, name])),
    'look/folder/inside.txt': smallText,
    'read/empty.txt': '',
    'read/small.txt': smallText,
    'read/large.bin': bytesOf(largeSize),
    ...Object.fromEntries(oddest.map((name) => [`read/odd/${name}`, name])),
    'write/old.bin': bytesOf(5000),
    'write/folder/inside.txt': smallText,
    'write/keep.txt': smallText,
    'keep/file.txt': smallText,
    'remove/file.txt': smallText,
    'remove/full/inside.txt': smallText,
    'remove/linking/deep/file.txt': smallText,
    'remove/tree/one.txt': '1',
    'remove/tree/deep/two.txt': '2',
    'remove/tree/deep/er/three.txt': '3',
    ...Object.fromEntries(['one', 'two', 'three', 'four', 'five', 'six'].map((n) => [`move/${n}.txt`, n])),
    'move/folder/deep/inside.txt': smallText,
    'move/target/there.txt': 'there',
    ...Object.fromEntries(['one', 'two', 'three'].map((name) => [`copy/${name}.txt`, name])),
    'copy/large.bin': bytesOf(largeSize),
    'copy/tree/one.txt': '1',
    'copy/tree/deep/two.txt': '2',
    'edit/page.html': '<h1>Harbour</h1>\n',
    'edit/again.txt': 'once\n',
    'edit/there.txt': 'there\n',
    'edit/replace.txt': 'old\n',
    'edit/move.txt': 'to be moved\n',
    'edit/delete.txt': 'to be deleted\n',
  };
}

function handOver(place: string, owner: { readonly uid: number; readonly gid: number }): void {
  chownSync(place, owner.uid, owner.gid);
  for (const entry of readdirSync(place, { withFileTypes: true, recursive: true })) {
    lchownSync(path.join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
}
