import assert from 'node:assert/strict';
import { FtpError } from '../../../src/ftp/protocol/errors';
import type { Dialect } from '../../../src/ftp/relay/dialects';
import type { RelayOutcome } from '../../../src/ftp/relay/runner';
import { castOf, rolesFor, transferBetween, type Roles } from '../../../src/ftp/relay/transferBetween';
import { FakeSide } from './fakeSide';

function side(name: string, host: string, unknown: readonly string[] = []): FakeSide {
  const family = host.includes(':') ? 6 : 4;
  return new FakeSide(name, { host, port: 21, family }, {}, undefined, undefined, unknown);
}

const shown = (ways: readonly Roles[]): string[] =>
  ways.map(({ listening, dialect }) => `${listening} ${dialect}`);

describe('roles of a server-to-server transfer', () => {
  const [a, b] = ['203.0.113.9', '198.51.100.7'];
  const table: readonly [string, FakeSide, FakeSide, Dialect | undefined, string[]][] = [
    ['figure 3 first', side('s', a), side('t', b), undefined, ['target rfc959', 'source rfc959']],
    [
      'RFC 2428 over IPv6',
      side('s', '2001:db8::9'),
      side('t', '2001:db8::7'),
      undefined,
      ['target rfc2428', 'source rfc2428'],
    ],
    ['a family each', side('s', a), side('t', '2001:db8::7'), undefined, ['target rfc2428', 'source rfc959']],
    ['no PASV: EPSV', side('s', a), side('t', b, ['PASV']), undefined, ['target rfc2428', 'source rfc959']],
    [
      'a target that cannot listen',
      side('s', a),
      side('t', b, ['PASV', 'EPSV']),
      undefined,
      ['source rfc959'],
    ],
    ['a source that cannot dial', side('s', a, ['PORT', 'EPRT']), side('t', b), undefined, ['source rfc959']],
    ['nobody can listen', side('s', a, ['PASV', 'EPSV']), side('t', b, ['PASV', 'EPSV']), undefined, []],
    ['what the site asks for', side('s', a), side('t', b), 'rfc438', ['target rfc438', 'source rfc438']],
    ['PORT cannot name IPv6', side('s', '2001:db8::9'), side('t', '2001:db8::7'), 'rfc959', []],
    ['the loopback is somewhere else', side('s', a), side('t', '127.0.0.1'), undefined, ['source rfc959']],
    [
      'both on the loopback',
      side('s', '127.0.0.1'),
      side('t', '::1'),
      undefined,
      ['target rfc2428', 'source rfc959'],
    ],
  ];
  for (const [title, source, target, pinned, expected] of table) {
    it(title, () => assert.deepEqual(shown(rolesFor({ source, target }, pinned)), expected));
  }

  it('casts the sender by who listens', () => {
    const sides = { source: side('s', a), target: side('t', b) };
    assert.deepEqual(castOf(sides, 'target'), {
      passive: sides.target,
      active: sides.source,
      sender: 'active',
    });
    assert.deepEqual(castOf(sides, 'source'), {
      passive: sides.source,
      active: sides.target,
      sender: 'passive',
    });
  });
});

describe('server to server, both ways', () => {
  const target: Roles = { listening: 'target', dialect: 'rfc959' };
  const source: Roles = { listening: 'source', dialect: 'rfc959' };
  const by = side('mirror', '198.51.100.7');
  const copied: RelayOutcome = { kind: 'copied' };
  const refused: RelayOutcome = { kind: 'refused', by, reason: 'refused PORT (500)' };
  const failed: RelayOutcome = { kind: 'failed', by, error: new FtpError('no-space', 'Full.') };

  async function run(
    ways: readonly Roles[],
    outcomes: readonly RelayOutcome[],
  ): Promise<[string, number, string[]]> {
    const notes: string[] = [];
    let tries = 0;
    const attempt = (): Promise<RelayOutcome> =>
      Promise.resolve(outcomes[tries++] ?? assert.fail('one try too many'));
    const result = await transferBetween(ways, attempt, (text) => notes.push(text), 'no way');
    return [result.kind === 'relay' ? `relay: ${result.reason}` : result.kind, tries, notes];
  }

  it('is content with the first way that works', async () =>
    assert.deepEqual(await run([target, source], [copied]), ['copied', 1, []]));

  it('flips the roles once on refusal', async () =>
    assert.deepEqual(await run([target, source], [refused, copied]), [
      'copied',
      2,
      ['mirror refused PORT (500); the other way round'],
    ]));

  it('relays after the second refusal, and knows why', async () =>
    assert.deepEqual((await run([target, source], [refused, refused])).slice(0, 2), [
      'relay: mirror refused PORT (500)',
      2,
    ]));

  it('relays when there is no way at all', async () =>
    assert.deepEqual(await run([], []), ['relay: no way', 0, []]));

  it('does not flip after a failure', async () =>
    assert.deepEqual(await run([target, source], [failed]), ['failed', 1, []]));
});
