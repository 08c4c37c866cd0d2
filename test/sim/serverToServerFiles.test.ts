import assert from 'node:assert/strict';
import type { WireEvent } from '../../src/ftp';
import { LogText } from '../../src/ui/logText';
import { MonitorState } from '../../src/ui/monitorState';
import { FtpFileSystemProvider } from '../../src/workspace/ftpFileSystemProvider';
import { at } from '../support/fileSystem';
import { betweenServers, content, type RelayStage } from './relayStage';

type Route = 'auto' | 'relay';

/** VS Code's side of the engine: a provider over both sessions. */
async function withFiles(
  { kernel, shop, mirror }: RelayStage,
  route: Route,
  work: (provider: FtpFileSystemProvider) => Promise<void>,
): Promise<void> {
  const sessions = new Map([
    ['shop', shop.session],
    ['mirror', mirror.session],
  ]);
  const session = (authority: string) => {
    const found = sessions.get(authority);
    return found ? Promise.resolve(found) : Promise.reject(new Error(authority));
  };
  const provider = new FtpFileSystemProvider({
    sessions: {
      session,
      openSession: (authority) => sessions.get(authority),
      serverName: (authority) => authority,
    },
    clock: kernel.clock('client'),
    folders: () => [],
    focused: () => false,
    pollInterval: () => 0,
    copyRoute: () => Promise.resolve(route),
  });
  try {
    await work(provider);
  } finally {
    provider.dispose();
  }
}

/** Of both servers, in the order in which it happened. */
function together({ shop, mirror }: RelayStage): WireEvent[] {
  return [...shop.events, ...mirror.events].sort((a, b) => a.at - b.at);
}

describe('files from server to server, as VS Code copies and moves them', () => {
  const plant = ({ shop }: RelayStage) =>
    shop.files.put('/site/index.html', 'home').put('/site/img/logo.png', content).put('/site/img/dot', '.');
  const arrived = ({ mirror }: RelayStage) => {
    assert.equal(mirror.files.text('/copy/index.html'), 'home');
    assert.deepEqual(Buffer.from(mirror.files.at('/copy/img/logo.png') ?? []), Buffer.from(content));
    assert.equal(mirror.files.text('/copy/img/dot'), '.');
  };

  for (const route of ['auto', 'relay'] as const) {
    it(`copies a tree by the route ${route}`, () =>
      betweenServers({}, async (stage) => {
        plant(stage);
        await withFiles(stage, route, async (provider) => {
          await provider.copy(at('/site'), at('/copy', 'mirror'), { overwrite: false });
          arrived(stage);
          assert.equal((await provider.stat(at('/copy/img/logo.png', 'mirror'))).size, content.length);
        });
        assert.equal(stage.shop.files.text('/site/index.html'), 'home');
        const ports = stage.shop.commands().filter((line) => /^E?P(ORT|RT) /.test(line));
        assert.equal(ports.length > 0, route === 'auto');
      }));

    it(`moves a tree by the route ${route}`, () =>
      betweenServers({}, async (stage) => {
        plant(stage);
        await withFiles(stage, route, (provider) =>
          provider.rename(at('/site'), at('/copy', 'mirror'), { overwrite: false }),
        );
        arrived(stage);
        assert.deepEqual(stage.shop.files.names('/'), ['a.iso']);
      }));
  }

  it('leaves the source alone when the target goes away in the middle', () =>
    betweenServers({}, async (stage) => {
      plant(stage);
      const copyTo = stage.shop.session.copyTo.bind(stage.shop.session);
      let copies = 0;
      stage.shop.session.copyTo = async (...copy) => {
        if (++copies === 2) await stage.mirror.server.stop();
        return copyTo(...copy);
      };
      await withFiles(stage, 'auto', (provider) =>
        assert.rejects(
          Promise.resolve(provider.rename(at('/site'), at('/copy', 'mirror'), { overwrite: false })),
          /refuses connections.* 1 of 3 files were copied to mirror\. Nothing was deleted on shop\.$/,
        ),
      );
      assert.deepEqual(stage.shop.files.names('/site').sort(), ['img', 'index.html']);
      assert.deepEqual(stage.shop.files.names('/site/img').sort(), ['dot', 'logo.png']);
    }));

  it('shows both servers in the log, in columns', () =>
    betweenServers({}, async (stage) => {
      await withFiles(stage, 'auto', (provider) =>
        provider.copy(at('/a.iso'), at('/b.iso', 'mirror'), { overwrite: false }),
      );
      const text = new LogText(() => '14:05:10.001');
      const lines = together(stage).flatMap((event) => text.lines(event, 'everything'));
      const copy = lines.slice(lines.findIndex((line) => line.includes('[ Copy')));
      for (const line of copy) {
        assert.match(line, /^14:05:10\.001 [ +.\dms]{7} (shop {2}|mirror) (#\d+| -) +[[\]<>=~!] ./);
      }
      for (const expected of [
        /\[ Copy \/a\.iso to mirror:\/b\.iso, server to server, mirror passive$/,
        /mirror +#\d+ +> (PASV|EPSV)/,
        /shop +#\d+ +> (PORT|EPRT) /,
        /mirror +#\d+ +> STOR \//,
        /shop +#\d+ +> RETR \/a\.iso$/,
        /shop +#\d+ +\] Copied 300,000 bytes directly, sizes equal, /,
      ]) {
        assert.ok(
          copy.some((line) => expected.test(line)),
          `${String(expected)}\n${copy.join('\n')}`,
        );
      }
    }));

  for (const route of ['auto', 'relay'] as const) {
    it(`says "server to server" in the status bar (${route})`, () =>
      betweenServers({}, async (stage) => {
        await withFiles(stage, route, (provider) =>
          provider.copy(at('/a.iso'), at('/b.iso', 'mirror'), { overwrite: false }),
        );
        const state = new MonitorState(() => ({ standings: [], folders: [], isUnsaved: () => false }));
        const rows = together(stage).map((event) => {
          state.take(event);
          return state.row(event.at + 400)?.text.replaceAll('\u2007', ' ') ?? '';
        });
        assert.ok(rows.includes('Server to server'));
        const withPercent = rows.filter((row) => /^Server to server +\d+%$/.test(row));
        assert.equal(withPercent.length > 0, route === 'relay', rows.join('\n'));
      }));
  }
});
