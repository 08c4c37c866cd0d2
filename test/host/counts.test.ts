import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../src/extension';
import type { WireEvent } from '../../src/ftp/trace/wireEvent';
import { note, plan } from './plan';
import { codeOf, fs } from './stage';

/** What VS Code 1.100 looks for when a folder is opened, none of which is there, and how often. */
const probes: readonly (readonly [name: string, times: number])[] = [
  ['.vscode/settings.json', 16],
  ['.vscode/tasks.json', 16],
  ['.vscode/launch.json', 16],
  ['.vscode/mcp.json', 16],
  ['.vscode/extensions.json', 1],
  ['.cursor/mcp.json', 1],
];

/** The window was started on this folder, as the anonymous user, so that no password was to be asked for. */
describe('what opening a folder costs', () => {
  const root = vscode.Uri.parse(`ftp://127.0.0.1:${plan().server.port}/`);
  let api: PortsideApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<PortsideApi>('portside.portside');
    api = (await extension?.activate()) ?? assert.fail('Portside is not here.');
    await vscode.workspace.getConfiguration('portside').update('files.pollInterval', 0, true);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.getConfiguration('portside').update('files.pollInterval', undefined, true);
  });

  it('the folder is open', () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const shown = folders.map(({ uri }) => uri.toString());
    assert.deepEqual(shown, [root.toString()]);
  });

  it('66 probes for absent files send nothing', async () => {
    const before = commandsAfterLogin(api.wireLog());
    const asked = probes.flatMap(([name, times]) => Array.from({ length: times }, () => name));
    assert.equal(asked.length, 66);
    for (const [index, name] of asked.entries()) {
      const target = vscode.Uri.joinPath(root, name);
      const code = await codeOf(index % 2 === 0 ? fs.stat(target) : fs.readFile(target));
      assert.equal(code, 'FileNotFound', name);
    }
    assert.deepEqual(commandsAfterLogin(api.wireLog()), before);
  });

  it('with one folder expanded and one file opened: a listing for each folder, and one RETR', async () => {
    await expandFirstFolder(() => commandsAfterLogin(api.wireLog()).includes('MLSD /articles'));
    const file = vscode.Uri.joinPath(root, 'robots.txt');
    const editor = await vscode.window.showTextDocument(file);
    assert.match(editor.document.getText(), /Disallow/);
    const commands = commandsAfterLogin(api.wireLog());
    note(`a folder opened, one in it expanded, one file opened: ${commands.join(', ')}`);
    const listingsAndFiles = commands.filter((command) => !isPrelude(command));
    assert.deepEqual(listingsAndFiles, ['MLSD /', 'MLSD /articles', 'RETR /robots.txt']);
  });

  function commandsAfterLogin(events: readonly WireEvent[]): string[] {
    // The session is called by its host, or in full when another of this host came first.
    const mine = events.filter(({ session }) => [root.authority, '127.0.0.1'].includes(session));
    const signIn = mine.find((event) => event.kind === 'operation' && event.name === 'sign-in');
    return mine.flatMap((event) =>
      event.kind === 'sent' && event.operation !== signIn?.operation ? [event.line] : [],
    );
  }
});

/** As a person does, in the Explorer. What it has not shown yet cannot be expanded, so this goes on until it was. */
async function expandFirstFolder(isExpanded: () => boolean): Promise<void> {
  await vscode.commands.executeCommand('workbench.files.action.focusFilesExplorer');
  while (!isExpanded()) {
    await vscode.commands.executeCommand('list.focusFirst');
    await vscode.commands.executeCommand('list.expand');
  }
}

/** The data connection, size and time of the file to come, and what the two links of the sample site lead to. */
function isPrelude(command: string): boolean {
  return /^(EPSV|(SIZE|MDTM) \/robots\.txt|(SIZE|CWD) \/(home\.html|latest))$/.test(command);
}
