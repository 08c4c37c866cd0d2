import assert from 'node:assert/strict';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { note } from '../support/note';
import { bytes, said, sent, withPair, type Party, type RelayName } from './relayParty';

/** ProFTPD has SSCN, the reference server is told to have both, the others have neither. */
const tls = { noReuse: true, required: 'control and data', cpsv: true, sscn: true } as const;

/** How the two were joined: `CPSV`, `SSCN`, or through this computer. */
function joined(source: Party, target: Party): string {
  const verbs = [...sent(source), ...sent(target)].map((line) => line.split(' ')[0] ?? '');
  return verbs.find((verb) => verb === 'CPSV' || verb === 'SSCN') ?? 'through this computer';
}

const pairs: readonly [RelayName, RelayName, 'CPSV' | 'SSCN' | 'through this computer'][] = [
  ['proftpd', 'reference', 'CPSV'],
  ['reference', 'proftpd', 'SSCN'],
  ['reference', 'reference', 'CPSV'],
  ['proftpd', 'proftpd', 'SSCN'],
  ['vsftpd', 'proftpd', 'SSCN'],
  ['proftpd', 'pure-ftpd', 'SSCN'],
  ['pyftpdlib', 'reference', 'CPSV'],
  ['vsftpd', 'pure-ftpd', 'through this computer'],
  ['pyftpdlib', 'vsftpd', 'through this computer'],
];

describe('server to server in TLS on real daemons', function () {
  this.timeout(60_000);
  after(() => assert.deepEqual(nodeRegister.list(), []));

  for (const [first, second, expected] of pairs) {
    it(`${first} to ${second}: ${expected}`, () =>
      withPair([first, second], { thirdParty: true, tls }, async (source, target) => {
        source.put('a.iso', bytes);
        const copied = await source.session.copyTo(source.at('a.iso'), target.session, target.at('b.iso'), {
          route: 'auto',
        });
        const whole = Buffer.from(bytes).equals(target.get('b.iso') ?? Buffer.alloc(0));
        const refusals = said(source, 'trouble').map((text) => `; ${text}`);
        note(
          `${first} to ${second} in TLS: ${copied.route}, ${joined(source, target)}, bytes ${whole ? 'equal' : 'differ'}${refusals.join('')}`,
        );
        assert.ok(whole);
        assert.equal(joined(source, target), expected);
        assert.equal(copied.route, expected === 'through this computer' ? 'relay' : 'direct');
        assert.deepEqual(target.names(), ['b.iso'], 'no temporary file is left');
        // We are TLS's client again.
        assert.equal((await source.session.read(source.at('a.iso'))).length, bytes.length);
        assert.equal((await target.session.read(target.at('b.iso'))).length, bytes.length);
      }));
  }

  // mod_tls of ProFTPD 1.3.8 frees the same memory twice then, and its session dies.
  it('goes through this computer when ProFTPD does not trust the other server', () =>
    withPair(
      ['reference', 'proftpd'],
      { thirdParty: true, tls: { ...tls, cpsv: false, sscn: false, trusts: false } },
      async (source, target) => {
        source.put('a.iso', bytes);
        const to = target.at('b.iso');
        const copied = await source.session.copyTo(source.at('a.iso'), target.session, to, { route: 'auto' });
        assert.equal(copied.route, 'relay');
        assert.ok(Buffer.from(bytes).equals(target.get('b.iso') ?? Buffer.alloc(0)));
        assert.deepEqual(target.names(), ['b.iso'], 'no temporary file is left');
        assert.ok(said(source, 'trouble').some((text) => text.includes('broke off in TLS')));
      },
    ));
});
