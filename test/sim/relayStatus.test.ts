import assert from 'node:assert/strict';
import { FaultScript } from '../support/server/faultScript';
import type { Persona } from '../support/server/persona';
import { personas } from '../support/server/personas/personas';
import type { Script } from '../support/server/script';
import { assertWhole, betweenServers, content, type End, type RelayStage } from './relayStage';

/** As measured, in mid-transfer. */
const statuses: Readonly<Record<string, string>> = {
  pyftpdlib: `211-FTP server status:
 TYPE: Binary; STRUcture: File; MODE: Stream
 Data connection open:
 Total bytes sent: {sent}
 Total bytes received: {received}
211 End of status.`,
  proftpd: `211-Status of 'Debian'
 TYPE: BINARY, STRUcture: File, Mode: Stream
 Total bytes transferred for session: 77
 Passive data transfer from from 127.0.0.1 port 34046
 {verb} /a file (1).iso ({bytes})
211 End of status`,
};

function persona(name: string): Persona {
  const plain = personas[name] ?? assert.fail(name);
  const statusInTransfer = statuses[name];
  return statusInTransfer === undefined
    ? plain
    : { ...plain, replies: { ...plain.replies, statusInTransfer } };
}

/** Three hundred kilobytes take some six seconds from one server to the other. */
function slowly<T>(
  shop: string,
  mirror: string,
  work: (stage: RelayStage) => Promise<T>,
  script?: Script,
): Promise<T> {
  const options = {
    shop: { persona: persona(shop) },
    mirror: { persona: persona(mirror), chunkSize: 8192, ...(script && { script }) },
  };
  return betweenServers(options, async (stage) => {
    stage.world.link('shop', 'mirror', { delay: 5, rate: 50 });
    return work(stage);
  });
}

async function copy({ shop, mirror }: RelayStage, into = '/b.iso'): Promise<[number, number | undefined][]> {
  const told: [number, number | undefined][] = [];
  const onProgress = (bytes: number, total: number | undefined): void => void told.push([bytes, total]);
  await shop.session.copyTo('/a.iso', mirror.session, into, { route: 'direct', onProgress });
  assertWhole(mirror, into);
  return told;
}

const asked = (end: End): number => end.commands().filter((line) => line === 'STAT').length;

describe('bytes of a direct copy, told by STAT in mid-transfer (RFC 959 §4.1.3)', () => {
  for (const name of ['pyftpdlib', 'proftpd']) {
    it(`come from ${name} where it receives`, () =>
      slowly('vsftpd', name, async (stage) => {
        const told = await copy(stage);
        assert.ok(told.length >= 4, `${told.length} times`);
        for (const [index, [bytes, total]] of told.entries()) {
          assert.equal(total, content.length);
          assert.ok(bytes > (told[index - 1]?.[0] ?? 0) || bytes === total, 'it grows');
          assert.ok(bytes <= content.length);
        }
        assert.deepEqual(told.at(-1), [content.length, content.length]);
        assert.equal(asked(stage.shop), 0);
      }));

    it(`come from ${name} where it sends, and the other does not tell`, () =>
      slowly(name, 'vsftpd', async (stage) => {
        const told = await copy(stage);
        assert.ok(told.length >= 2, `${told.length} times`);
        assert.ok(asked(stage.shop) >= 2);
        assert.equal(asked(stage.mirror), 0);
      }));
  }

  for (const name of ['vsftpd', 'pureftpd', 'inetutils', 'reference']) {
    it(`are not asked of ${name}`, () =>
      slowly(name, name, async (stage) => {
        assert.deepEqual(await copy(stage), [[content.length, content.length]]);
        assert.equal(asked(stage.shop) + asked(stage.mirror), 0);
      }));
  }

  it('are not asked when nobody wants to know', () =>
    slowly('vsftpd', 'pyftpdlib', async ({ shop, mirror }) => {
      await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
      assert.equal(asked(mirror), 0);
    }));

  for (const [kind, sessions] of [
    ['code', 1],
    ['silence', 2],
    ['late', 1],
  ] as const) {
    it(`are asked once of a server that answers with ${kind}; the copy is whole`, async () => {
      const script = new FaultScript({ point: 'reply(STAT,1)', kind, code: 500, milliseconds: 20_000 });
      await slowly(
        'vsftpd',
        'pyftpdlib',
        async (stage) => {
          await copy(stage);
          assert.equal(script.fired, 1);
          assert.equal(stage.mirror.server.sessions, sessions);
          await copy(stage, '/c.iso');
          assert.equal(asked(stage.mirror), 1);
        },
        script,
      );
    });
  }

  it('do not disturb a cancellation', () =>
    slowly('vsftpd', 'pyftpdlib', async (stage) => {
      const { shop, mirror, kernel } = stage;
      const controller = new AbortController();
      const { signal } = controller;
      const copying = shop.session
        .copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct', signal, onProgress: () => undefined })
        .catch((error: unknown) => error);
      await kernel.sleep(2010);
      controller.abort();
      await copying;
      assert.ok(asked(mirror) >= 1);
      assert.deepEqual(mirror.files.names('/'), []);
      await copy(stage);
    }));
});
