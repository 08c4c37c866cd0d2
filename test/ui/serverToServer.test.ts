import assert from 'node:assert/strict';
import { workspace } from 'vscode';
import { ServerToServer } from '../../src/ui/serverToServer';
import { ServerToServerGestures } from '../../src/ui/serverToServerGestures';
import { at } from '../support/fileSystem';
import { gestures, shown } from '../support/vscodeWindow';

const allowed = 'serverToServer.allowedPairs';
const direct = 'Copy Directly';
const relay = 'Copy Through This Computer';

describe('ServerToServer', () => {
  const shop = 'web@ftp.shop.example';
  const mirror = 'ftp.mirror.example';
  const secured = new Set<string>();
  let pairs: ServerToServer;

  const open = () =>
    new ServerToServer({
      serverName: (authority) => (authority === shop ? 'shop' : authority),
      addressOf: (authority) => (authority === shop ? '203.0.113.9' : '198.51.100.7'),
      encryptsData: (authority) => secured.has(authority),
    });

  beforeEach(() => {
    secured.clear();
    shown.reset();
    shown.settings.set('sites', [{ name: 'shop', host: 'ftp.shop.example', user: 'web' }]);
    pairs = open();
  });
  afterEach(() => shown.reset());

  it('asks a person in the words of the specification', async () => {
    await pairs.route(shop, mirror, true);
    assert.deepEqual(shown.messages, [
      {
        text: 'Copy directly from shop to ftp.mirror.example?',
        buttons: [direct, relay],
        detail:
          'The two servers can send the files to each other without passing through this computer. ' +
          'Portside then tells one of them to connect to the other: shop is 203.0.113.9, ' +
          'ftp.mirror.example is 198.51.100.7. If one of them refuses, the files pass through this computer.' +
          '\n\nThe data between them will not be encrypted.',
      },
    ]);
  });

  it('promises encryption only where both have it', async () => {
    secured.add(shop);
    await pairs.route(shop, mirror, true);
    secured.add(mirror);
    await pairs.route(shop, mirror, true);
    const promises = shown.messages.map(({ detail }) => detail?.split('\n').at(-1));
    assert.deepEqual(promises, [
      'The data between them will not be encrypted.',
      'The data between them will be encrypted.',
    ]);
  });

  it('asks once for a pair, and keeps the permission in the settings', async () => {
    shown.presses.push(direct);
    assert.equal(await pairs.route(shop, mirror, true), 'auto');
    assert.equal(await pairs.route(shop, mirror, true), 'auto');
    assert.deepEqual(shown.settings.get(allowed), ['shop → ftp.mirror.example']);
    assert.equal(await open().route(shop, mirror, true), 'auto');
    assert.equal(await open().route(shop, mirror, false), 'auto');
    assert.equal(shown.messages.length, 1);
  });

  it('asks for the other direction, and for another user of the same host', async () => {
    shown.settings.set(allowed, ['shop → ftp.mirror.example']);
    await pairs.route(mirror, shop, true);
    await pairs.route(shop, `web@${mirror}`, true);
    assert.equal(shown.messages.length, 2);
  });

  it('asks again when the entry was removed', async () => {
    shown.presses.push(direct, direct);
    await pairs.route(shop, mirror, true);
    shown.settings.set(allowed, []);
    assert.equal(await pairs.route(shop, mirror, false), 'relay');
    assert.equal(await pairs.route(shop, mirror, true), 'auto');
    assert.equal(shown.messages.length, 2);
  });

  it('remembers until the window closes that the files are to pass through this computer', async () => {
    shown.presses.push(relay);
    assert.equal(await pairs.route(shop, mirror, true), 'relay');
    assert.equal(await pairs.route(shop, mirror, true), 'relay');
    assert.equal(shown.messages.length, 1);
    assert.equal(shown.settings.get(allowed), undefined);
    await open().route(shop, mirror, true);
    assert.equal(shown.messages.length, 2);
  });

  it('answers nothing to whoever gives up, and asks him the next time', async () => {
    shown.presses.push(undefined, relay);
    assert.equal(await pairs.route(shop, mirror, true), undefined);
    assert.equal(await pairs.route(shop, mirror, true), 'relay');
  });

  it('asks one question of all that wait for it', async () => {
    shown.presses.push(direct);
    const routes = [1, 2, 3].map(() => pairs.route(shop, mirror, true));
    assert.deepEqual(await Promise.all(routes), ['auto', 'auto', 'auto']);
    assert.equal(shown.messages.length, 1);
  });

  it('never asks on behalf of another extension: through this computer', async () => {
    assert.equal(await pairs.route(shop, mirror, false), 'relay');
    assert.deepEqual(shown.messages, []);
  });

  it('follows the setting: relay never asks', async () => {
    shown.settings.set('serverToServer.route', 'relay').set(allowed, ['shop → ftp.mirror.example']);
    assert.equal(await pairs.route(shop, mirror, true), 'relay');
    assert.deepEqual(shown.messages, []);
  });

  it('follows the setting: direct asks, too, and promises no other way', async () => {
    shown.settings.set('serverToServer.route', 'direct');
    assert.equal(await pairs.route(shop, mirror, false), 'relay');
    shown.presses.push(direct);
    assert.equal(await pairs.route(shop, mirror, true), 'direct');
    assert.doesNotMatch(shown.messages[0]?.detail ?? '', /pass through this computer\./);
  });

  it('asks nobody whether a server may exchange files with itself', async () => {
    assert.equal(await pairs.route(mirror, `${mirror.toUpperCase()}:21`, true), 'auto');
    assert.deepEqual(shown.messages, []);
  });

  it('believes only texts in the setting', async () => {
    shown.settings.set(allowed, 'shop → ftp.mirror.example');
    assert.equal(await pairs.route(shop, mirror, false), 'relay');
    shown.settings.set(allowed, [1, null, 'shop → ftp.mirror.example']);
    assert.equal(await pairs.route(shop, mirror, false), 'auto');
  });

  it('keeps the permission for the window where the settings cannot be written', async () => {
    const { getConfiguration } = workspace;
    const broken = {
      get: (key: string) => shown.settings.get(key),
      update: () => Promise.reject(new Error()),
    };
    Object.assign(workspace, { getConfiguration: () => broken });
    try {
      shown.presses.push(direct);
      assert.equal(await pairs.route(shop, mirror, true), 'auto');
      assert.equal(await pairs.route(shop, mirror, true), 'auto');
      assert.equal(shown.messages.length, 1);
    } finally {
      Object.assign(workspace, { getConfiguration });
    }
  });

  it('shows a hostile name as text', async () => {
    const hostile = new ServerToServer({
      serverName: () => '[x](command:y)$(bug)',
      addressOf: () => undefined,
      encryptsData: () => false,
    });
    await hostile.route(shop, mirror, true);
    assert.match(shown.messages[0]?.text ?? '', /^Copy directly from \[x\] \(command:y\)\$ \(bug\) to/);
  });
});

describe('ServerToServerGestures', () => {
  let known: ServerToServerGestures;
  beforeEach(() => (known = new ServerToServerGestures()));
  afterEach(() => known.dispose());

  it('knows what a person pastes and drops, each once', () => {
    gestures.willCreate.fire({ files: [at('/a', 'mirror'), at('/b', 'mirror')] });
    gestures.willRename.fire({ files: [{ newUri: at('/c', 'mirror') }] });
    for (const path of ['/a', '/b', '/c']) assert.equal(known.take(at(path, 'mirror')), true, path);
    assert.equal(known.take(at('/a', 'mirror')), false);
  });

  it('takes nothing else for one', () => {
    gestures.willCreate.fire({ files: [at('/a', 'mirror')] });
    assert.equal(known.take(at('/a', 'shop')), false);
    assert.equal(known.take(at('/a/b', 'mirror')), false);
  });

  it('forgets a gesture that is over, and all of them when it ends', () => {
    gestures.willCreate.fire({ files: [at('/new.txt', 'mirror')] });
    gestures.didCreate.fire({ files: [at('/new.txt', 'mirror')] });
    assert.equal(known.take(at('/new.txt', 'mirror')), false);
    gestures.willRename.fire({ files: [{ newUri: at('/c', 'mirror') }] });
    gestures.didRename.fire({ files: [{ newUri: at('/c', 'mirror') }] });
    assert.equal(known.take(at('/c', 'mirror')), false);
    known.dispose();
    gestures.willCreate.fire({ files: [at('/late', 'mirror')] });
    assert.equal(known.take(at('/late', 'mirror')), false);
  });
});
