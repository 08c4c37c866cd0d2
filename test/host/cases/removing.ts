import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import type { Uri } from 'vscode';
import { smallText } from '../plantFiles';
import { assertOnDisk, codeOf, fs, type Cases } from '../stage';

/** `delete`. */
export const removing: Cases = {
  'delete of a file': async ({ uri, disk }) => {
    await fs.delete(uri('remove/file.txt'));
    assert.ok(!existsSync(disk('remove/file.txt')));
    assert.equal(await codeOf(fs.stat(uri('remove/file.txt'))), 'FileNotFound');
  },
  'delete of a link to a file leaves the file': async ({ uri, disk }) => {
    await fs.delete(uri('remove/link-to-file'));
    assert.ok(!readdirSync(disk('remove')).includes('link-to-file'));
    assertOnDisk(disk('keep/file.txt'), smallText);
  },
  'delete of a link to a folder leaves the folder': async ({ server, uri, disk }) => {
    const target = uri('remove/link-to-folder');
    if (cannotUnlinkFolders(server)) assert.equal(await codeOf(removeAll(target)), 'FileIsADirectory');
    else await removeAll(target);
    assert.equal(readdirSync(disk('remove')).includes('link-to-folder'), cannotUnlinkFolders(server));
    assertOnDisk(disk('keep/file.txt'), smallText);
  },
  'delete of an empty folder': async ({ uri, disk }) => {
    await fs.delete(uri('remove/empty'));
    assert.ok(!existsSync(disk('remove/empty')));
  },
  'delete of a full folder only with all that is in it': async ({ uri, disk }) => {
    assert.equal(await codeOf(fs.delete(uri('remove/full'))), 'NoPermissions');
    assertOnDisk(disk('remove/full/inside.txt'), smallText);
    await removeAll(uri('remove/full'));
    assert.ok(!existsSync(disk('remove/full')));
  },
  'delete of a tree': async ({ uri, disk }) => {
    await removeAll(uri('remove/tree'));
    assert.ok(!existsSync(disk('remove/tree')));
    assertOnDisk(disk('keep/file.txt'), smallText);
    assert.equal(await codeOf(fs.stat(uri('remove/tree/one.txt'))), 'FileNotFound');
  },
  'delete of a tree follows no link out of it': async ({ server, uri, disk }) => {
    const tree = uri('remove/linking');
    if (cannotUnlinkFolders(server)) assert.equal(await codeOf(removeAll(tree)), 'FileIsADirectory');
    else await removeAll(tree);
    assert.equal(existsSync(disk('remove/linking')), cannotUnlinkFolders(server));
    assertOnDisk(disk('keep/file.txt'), smallText);
  },
  'delete of what is missing': async ({ uri }) => {
    assert.equal(await codeOf(fs.delete(uri('remove/absent'))), 'FileNotFound');
  },
};

/** inetutils-ftpd takes a link to a folder for the folder in DELE, and the system refuses RMD of a link. */
function cannotUnlinkFolders(server: string): boolean {
  return server === 'inetutils-ftpd';
}

function removeAll(target: Uri): Thenable<void> {
  return fs.delete(target, { recursive: true });
}
