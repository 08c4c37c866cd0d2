import assert from 'node:assert/strict';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { atRest } from '../support/atRest';
import { note } from '../support/note';
import { bytes, how, relayNames, said, sent, startParty, time, withPair, type RelayName } from './relayParty';

async function copy(
  pair: readonly [RelayName, RelayName],
  thirdParty: boolean,
  expected: string,
): Promise<void> {
  await withPair(pair, { thirdParty }, async (source, target) => {
    source.put('a.iso', bytes);
    const from = source.at('a.iso');
    const result = await source.session.copyTo(from, target.session, target.at('b.iso'), { route: 'auto' });
    const whole = Buffer.from(bytes).equals(target.get('b.iso') ?? Buffer.alloc(0));
    const refusals = said(source, 'trouble').map((text) => `; ${text}`);
    note(
      `${pair.join(' to ')}: ${how(source, target)}, bytes ${whole ? 'equal' : 'differ'}${refusals.join('')}`,
    );
    assert.ok(whole);
    assert.equal(result.route, expected);
    assert.deepEqual(target.names(), ['b.iso'], 'no temporary file is left');
    assert.equal(await target.modified('b.iso'), time);
    // Both are usable afterwards, and in step.
    assert.equal((await source.session.list(source.at('.'))).length, 1);
    assert.equal((await target.session.read(target.at('b.iso'))).length, bytes.length);
    await Promise.all([source, target].map(({ session }) => atRest(session)));
  });
}

describe('server to server on real daemons', function () {
  this.timeout(60_000);
  after(() => assert.deepEqual(nodeRegister.list(), []));
  const pairs = relayNames.flatMap((first) =>
    relayNames.filter((second) => second !== first).map((second) => [first, second] as const),
  );
  for (const [thirdParty, expected] of [
    [true, 'direct'],
    [false, 'relay'],
  ] as const) {
    for (const pair of pairs) {
      it(`${pair.join(' to ')}, third parties ${thirdParty ? 'allowed' : 'refused'}`, () =>
        copy(pair, thirdParty, expected));
    }
  }

  for (const [name, expected] of [
    ['proftpd', 'direct'],
    ['vsftpd', 'relay'],
    ['pure-ftpd', 'relay'],
    ['pyftpdlib', 'relay'],
  ] as const) {
    it(`${name} to itself: ${expected === 'direct' ? 'SITE CPFR and CPTO' : 'through this computer'}`, async () => {
      const party = await startParty(name, { thirdParty: false, other: false });
      try {
        party.put('a b.iso', bytes);
        const [from, to] = [party.at('a b.iso'), party.at('c d.iso')];
        const result = await party.session.copyTo(from, party.session, to, { route: 'auto' });
        assert.equal(result.route, expected);
        assert.ok(Buffer.from(bytes).equals(party.get('c d.iso') ?? Buffer.alloc(0)));
        assert.equal(await party.modified('c d.iso'), time);
        assert.deepEqual(party.names().sort(), ['a b.iso', 'c d.iso']);
        assert.equal(
          sent(party).some((line) => line.startsWith('RETR')),
          expected === 'relay',
        );
      } finally {
        await party.stop();
      }
    });
  }
});
