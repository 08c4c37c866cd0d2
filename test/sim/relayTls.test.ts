import assert from 'node:assert/strict';
import type { ConnectOptions } from '../../src/ftp';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import { assertWhole, betweenServers, words, type End, type RelayOptions } from './relayStage';

const client: Partial<ConnectOptions> = {
  security: 'explicit',
  tls: { judge: () => Promise.resolve('trusted') },
};

function inTls(shop: TlsOptions, mirror: TlsOptions, more: Partial<RelayOptions> = {}): RelayOptions {
  const required: TlsOptions = { required: 'control and data' };
  return {
    client,
    ...more,
    shop: { tls: { ...required, ...shop } },
    mirror: { tls: { ...required, ...mirror } },
  };
}

/** As `words`, with who takes the client's part. */
function arrangement(end: End): string[] {
  const handshake = end.commands().filter((line) => /^(CPSV|SSCN)/.test(line));
  return [...handshake, ...words(end).map((line) => line.split(' ')[0] ?? '')];
}

/** What this server did on data connections to the other. */
function partOf(end: End): string[] {
  return end.server.handshakes.filter(({ kind }) => kind === 'data').map(({ tls }) => tls.role);
}

describe('server to server in TLS, in simulation', () => {
  const table: readonly [string, RelayOptions, string[], string[], string[], string[]][] = [
    [
      'CPSV where the target listens',
      inTls({}, { cpsv: true }),
      ['PORT', 'RETR'],
      ['CPSV', 'STOR'],
      ['server'],
      ['client'],
    ],
    [
      'SSCN where the target listens',
      inTls({}, { sscn: true }),
      ['PORT', 'RETR'],
      ['SSCN ON', 'SSCN OFF', 'PASV', 'STOR'],
      ['server'],
      ['client'],
    ],
    [
      'SSCN where the source dials',
      inTls({ sscn: true }, {}),
      ['SSCN ON', 'SSCN OFF', 'PORT', 'RETR'],
      ['PASV', 'STOR'],
      ['client'],
      ['server'],
    ],
    [
      'over IPv6, where CPSV has no words',
      inTls({}, { cpsv: true, sscn: true }, { family: 6 }),
      ['EPRT', 'RETR'],
      ['SSCN ON', 'SSCN OFF', 'EPSV', 'STOR'],
      ['server'],
      ['client'],
    ],
  ];
  for (const [title, options, toShop, toMirror, shopWas, mirrorWas] of table) {
    it(`goes directly: ${title}`, () =>
      betweenServers(options, async ({ shop, mirror }) => {
        const copied = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'direct' });
        assert.deepEqual(copied, { route: 'direct' });
        assertWhole(mirror);
        assert.deepEqual([arrangement(shop), arrangement(mirror)], [toShop, toMirror]);
        assert.deepEqual([partOf(shop), partOf(mirror)], [shopWas, mirrorWas], 'who took which part');
        // What SSCN turned round is turned back: we are TLS's client again.
        assert.equal((await mirror.session.read('/b.iso')).length, 300_000);
        assert.equal((await shop.session.read('/a.iso')).length, 300_000);
      }));
  }

  it('flips the roles when the one that listens does not take SSCN after all', () =>
    betweenServers(inTls({ cpsv: true }, { sscn: true }), async ({ shop, mirror }) => {
      mirror.session.profile.learned.unsupported.push('SSCN');
      const copied = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
      assert.deepEqual(copied, { route: 'direct' });
      assert.deepEqual(arrangement(shop), ['CPSV', 'RETR']);
      assertWhole(mirror);
    }));

  it('relays, in TLS on both legs, when neither server takes the client’s part', () =>
    betweenServers(inTls({}, {}), async ({ shop, mirror }) => {
      const copied = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
      assert.deepEqual(copied, { route: 'relay' });
      assertWhole(mirror);
      const reason =
        'relayed through this computer: neither server takes the client’s part in TLS (CPSV, SSCN)';
      assert.ok(shop.said('trouble').includes(reason), shop.said('trouble').join('\n'));
      assert.deepEqual(
        [new Set(partOf(shop)), new Set(partOf(mirror))],
        [new Set(['server']), new Set(['server'])],
      );
    }));

  it('never lets a file of an encrypted server leave in clear: with the other in clear it relays', () =>
    betweenServers(
      { ...inTls({}, {}), client: { ...client, security: 'auto' }, mirror: {} },
      async ({ shop, mirror }) => {
        const copied = await shop.session.copyTo('/a.iso', mirror.session, '/b.iso', { route: 'auto' });
        assert.deepEqual(copied, { route: 'relay' });
        assert.ok(
          shop
            .said('trouble')
            .some((line) => line.endsWith('one of the two servers is in TLS, the other in clear')),
        );
        assert.equal(words(shop).includes('PORT'), false);
      },
    ));
});
