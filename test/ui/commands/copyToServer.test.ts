import assert from 'node:assert/strict';
import { FileSystemError, type Uri } from 'vscode';
import { copyToServer, type CopyRequest, type CopyToServerHost } from '../../../src/ui/commands/copyToServer';
import { at } from '../../support/fileSystem';
import { shown, window } from '../../support/vscodeWindow';

describe('copyToServer', () => {
  const mirror = { authority: 'mirror', name: 'Mirror' };
  const servers = [{ authority: 'shop', name: 'shop' }, mirror];
  let copies: string[];
  let asked: string[];
  let route: 'auto' | undefined;
  let reachable: boolean;
  /** What a copy does, after it was noted down. */
  let work: (request: CopyRequest, target: Uri) => Promise<void>;

  const host: CopyToServerHost = {
    servers: () => servers,
    connect: (authority) => Promise.resolve(asked.push(`connect ${authority}`) > 0 && reachable),
    route: (from, to) => Promise.resolve(asked.push(`route ${from} → ${to}`) > 0 ? route : undefined),
    copy: async (source, target, request) => {
      const way = request.overwrite ? ' over it' : '';
      copies.push(`${source.toString(true)} to ${target.toString(true)}${way}`);
      await request.route();
      await work(request, target);
    },
  };
  const exists = ({ overwrite }: CopyRequest): Promise<void> =>
    overwrite ? Promise.resolve() : Promise.reject(FileSystemError.FileExists('it exists'));

  /** A person picks the mirror and enters a folder. */
  const choose = (folder?: string): number => shown.inputs.push({ server: mirror }, folder);
  const texts = () => shown.messages.map(({ text }) => text);

  beforeEach(() => {
    shown.reset();
    copies = [];
    asked = [];
    route = 'auto';
    reachable = true;
    work = () => Promise.resolve();
  });
  afterEach(() => shown.reset());

  it('copies a file to the folder of a server, both of which a person chooses', async () => {
    choose('/pub/ ');
    await copyToServer(host, at('/www/a.iso'), [at('/www/a.iso')]);
    assert.deepEqual(copies, ['ftp://shop/www/a.iso to ftp://mirror/pub/a.iso']);
    assert.deepEqual(asked, ['connect mirror', 'route shop → mirror']);
    const [[rows], [box]] = shown.questions as [[{ label: string }[]], [{ title: string; value: string }]];
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Mirror'],
    );
    assert.deepEqual([box.title, box.value], ['Copy a.iso to Mirror', '/www']);
  });

  it('accepts absolute folders alone', async () => {
    choose();
    await copyToServer(host, at('/a'));
    const [box] = shown.questions[1] as [{ value: string; validateInput: (text: string) => unknown }];
    assert.equal(box.value, '/');
    assert.equal(box.validateInput('/www'), undefined);
    assert.match(String(box.validateInput('www')), /begins with a slash/);
  });

  it('copies all that is selected, without what lies in a selected folder', async () => {
    choose('/');
    await copyToServer(host, at('/d'), [at('/d'), at('/d/f'), at('/x'), at('/dd')]);
    assert.deepEqual(
      copies.map((text) => text.split(' to ')[1]),
      ['ftp://mirror/d', 'ftp://mirror/x', 'ftp://mirror/dd'],
    );
    assert.equal(shown.progress[0]?.[0], 'Copy 3 items to Mirror');
  });

  it('copies the file of the active editor, when it was called by its name', async () => {
    shown.inputs.push({ server: mirror }, '/www');
    window.tabGroups.activeTabGroup.activeTab = { input: { uri: at('/www/i') } };
    await copyToServer(host);
    assert.deepEqual(copies, ['ftp://shop/www/i to ftp://mirror/www/i']);
  });

  it('does nothing without a file, a server, a folder or a connection', async () => {
    await copyToServer(host);
    shown.inputs.push(undefined);
    await copyToServer(host, at('/a'));
    choose(undefined);
    await copyToServer(host, at('/a'));
    reachable = false;
    choose('/');
    await copyToServer(host, at('/a'));
    assert.deepEqual([copies, texts()], [[], []]);
  });

  it('says when there is no other server', async () => {
    await copyToServer({ ...host, servers: () => servers.slice(0, 1) }, at('/a'));
    assert.deepEqual(texts(), ['There is no other FTP server to copy to. Connect to one first.']);
  });

  it('shows bytes where they are known, else files', async () => {
    work = ({ onProgress }) => {
      onProgress({ files: 0, filesTotal: 2, bytes: 250, bytesTotal: 1000 });
      onProgress({ files: 1, filesTotal: 2, bytes: 600, bytesTotal: undefined });
      return Promise.resolve();
    };
    choose('/');
    await copyToServer(host, at('/a'));
    assert.deepEqual(shown.progress, [
      [
        'Copy a to Mirror',
        { increment: 25, message: '25% of 1 kB' },
        { increment: 25, message: '1 of 2 files' },
      ],
    ]);
  });

  it('replaces what is there only when told to', async () => {
    work = exists;
    choose('/');
    shown.presses.push('Replace');
    await copyToServer(host, at('/a'));
    assert.deepEqual(copies, ['ftp://shop/a to ftp://mirror/a', 'ftp://shop/a to ftp://mirror/a over it']);
    assert.deepEqual(shown.messages, [
      {
        text: 'a already exists on Mirror. Replace it?',
        buttons: ['Replace'],
        detail: 'FTP has no trash: this cannot be undone.',
      },
    ]);
  });

  it('stops at the first file that is not to be replaced', async () => {
    work = exists;
    choose('/');
    await copyToServer(host, at('/a'), [at('/a'), at('/b')]);
    assert.equal(copies.length, 1);
  });

  it('says nothing to whoever gives up, and copies nothing more', async () => {
    route = undefined;
    choose('/');
    await copyToServer(host, at('/a'), [at('/a'), at('/b')]);
    assert.deepEqual([copies.length, texts()], [1, []]);
  });

  it('tells why it failed, and stops', async () => {
    work = () => Promise.reject(FileSystemError.Unavailable('mirror broke off'));
    choose('/');
    await copyToServer(host, at('/a'), [at('/a'), at('/b')]);
    assert.deepEqual([copies.length, texts()], [1, ['mirror broke off']]);
  });

  it('can be cancelled, and tells what was copied by then', async () => {
    for (const files of [0, 3]) {
      work = ({ signal, onProgress }) => {
        onProgress({ files, filesTotal: 7, bytes: 0, bytesTotal: undefined });
        shown.cancel.fire();
        assert.ok(signal.aborted);
        return Promise.reject(FileSystemError.Unavailable(`Stopped. ${files} of 7 files`));
      };
      choose('/');
      await copyToServer(host, at('/a'));
    }
    assert.deepEqual(texts(), ['Stopped. 3 of 7 files']);
  });
});
