import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Position, Range, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { assertOnDisk, fs, type Cases } from '../stage';

/** What people do: text documents, and the edits that Explorer and refactorings make. */
export const editing: Cases = {
  'a text document is opened, changed and saved': async ({ uri, disk }) => {
    const document = await workspace.openTextDocument(uri('edit/page.html'));
    assert.equal(document.getText(), '<h1>Harbour</h1>\n');
    assert.equal(document.languageId, 'html');
    await insert(document, '<!-- Grüße -->\n');
    assertOnDisk(disk('edit/page.html'), '<h1>Harbour</h1>\n');
    assert.equal(await document.save(), true);
    assert.equal(document.isDirty, false);
    assertOnDisk(disk('edit/page.html'), '<!-- Grüße -->\n<h1>Harbour</h1>\n');
  },
  'a text document is saved again and again': async ({ uri, disk }) => {
    const document = await workspace.openTextDocument(uri('edit/again.txt'));
    for (const text of ['twice\n', 'three times\n', 'four times\n']) {
      await insert(document, text);
      assert.equal(await document.save(), true);
    }
    assertOnDisk(disk('edit/again.txt'), 'four times\nthree times\ntwice\nonce\n');
  },
  'a text document can be made empty': async ({ uri, disk }) => {
    const document = await workspace.openTextDocument(uri('edit/there.txt'));
    const edit = new WorkspaceEdit();
    edit.delete(document.uri, new Range(0, 0, document.lineCount, 0));
    assert.equal(await workspace.applyEdit(edit), true);
    assert.equal(await document.save(), true);
    assertOnDisk(disk('edit/there.txt'), '');
  },
  'a document of what is missing does not open': async ({ uri }) => {
    await assert.rejects(async () => workspace.openTextDocument(uri('edit/absent.txt')));
  },
  'an edit of the workspace renames and deletes': async ({ uri, disk }) => {
    const edit = new WorkspaceEdit();
    edit.renameFile(uri('edit/move.txt'), uri('edit/moved here.txt'));
    edit.deleteFile(uri('edit/delete.txt'));
    assert.equal(await workspace.applyEdit(edit), true);
    assertOnDisk(disk('edit/moved here.txt'), 'to be moved\n');
    assert.ok(!existsSync(disk('edit/move.txt')));
    assert.ok(!existsSync(disk('edit/delete.txt')));
  },
  'a document shows what was written behind its back': async ({ uri }) => {
    const target = uri('edit/replace.txt');
    const document = await workspace.openTextDocument(target);
    const changed = contentOf(document, 'new\n');
    await fs.writeFile(target, new TextEncoder().encode('new\n'));
    await changed;
    assert.equal(document.isDirty, false);
  },
};

async function insert({ uri }: TextDocument, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.insert(uri, new Position(0, 0), text);
  assert.equal(await workspace.applyEdit(edit), true);
}

/** Resolves when the document has this text. */
function contentOf(document: TextDocument, text: string): Promise<void> {
  return new Promise((resolve) => {
    const listener = workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || document.getText() !== text) return;
      listener.dispose();
      resolve();
    });
  });
}
