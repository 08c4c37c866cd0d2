import assert from 'node:assert/strict';
import { dialects, type Dialect, type RelayFacts } from '../../../src/ftp/relay/dialects';
import { endHandshake, handshakeFor, withHandshake, type Handshake } from '../../../src/ftp/relay/handshake';
import { play } from '../../../src/ftp/relay/runner';
import { rolesFor } from '../../../src/ftp/relay/transferBetween';
import { FakeClock } from '../../support/fakeClock';
import { FakeSide, type Answers } from './fakeSide';

const good: Answers = {
  PASV: ['227 Entering Passive Mode (198,51,100,7,200,10)'],
  CPSV: ['227 Entering Passive Mode (198,51,100,7,200,10)'],
  STOR: ['150 Ready.', '226 Done.'],
  RETR: ['150 Here it comes.', '226 Done.'],
};

function side(name: string, features: readonly string[], answers: Answers = good): FakeSide {
  const host = name === 'P' ? '198.51.100.7' : '203.0.113.9';
  return new FakeSide(name, { host, port: 21, family: 4 }, answers, undefined, undefined, [], features);
}

const inClear: readonly string[] = [];
const tls = ['PROT P'];

describe('who takes the client’s part in TLS between two servers', () => {
  const table: readonly [
    string,
    readonly string[],
    readonly string[],
    Dialect,
    ReturnType<typeof handshakeFor>,
  ][] = [
    ['both in clear', inClear, inClear, 'rfc959', 'none'],
    ['commands of TLS on a connection in clear', ['CPSV'], ['SSCN'], 'rfc959', 'none'],
    ['one in clear', tls, inClear, 'rfc959', 'impossible'],
    ['the other in clear', inClear, tls, 'rfc959', 'impossible'],
    ['neither can', tls, tls, 'rfc959', 'impossible'],
    ['the one that listens has CPSV', [...tls, 'CPSV', 'SSCN'], [...tls, 'SSCN'], 'rfc959', 'CPSV'],
    ['CPSV stands for PASV alone', [...tls, 'CPSV'], tls, 'rfc2428', 'impossible'],
    [
      'EPSV, and SSCN where it listens',
      [...tls, 'CPSV', 'SSCN'],
      [...tls, 'SSCN'],
      'rfc2428',
      { SSCN: 'passive' },
    ],
    [
      'SSCN where it dials; CPSV is no use there',
      tls,
      [...tls, 'CPSV', 'SSCN'],
      'rfc959',
      { SSCN: 'active' },
    ],
  ];
  for (const [title, passive, active, dialect, expected] of table) {
    it(title, () => {
      const sides = { passive: side('P', passive), active: side('A', active) };
      assert.deepEqual(handshakeFor(sides, dialects[dialect].steps), expected);
    });
  }

  it('leaves out the ways on which nobody can', () => {
    const sides = { source: side('A', tls), target: side('P', [...tls, 'CPSV']) };
    assert.deepEqual(rolesFor(sides, undefined), [
      { listening: 'target', dialect: 'rfc959', handshake: 'CPSV' },
    ]);
    assert.deepEqual(rolesFor({ source: side('A', tls), target: side('P', tls) }, undefined), []);
  });
});

describe('steps of a dialect in TLS', () => {
  const facts: RelayFacts = {
    passive: { host: '198.51.100.7', port: 21, family: 4 },
    active: { host: '203.0.113.9', port: 21, family: 4 },
    sender: 'active',
    port: 51_210,
  };
  const table: readonly [string, Dialect, Handshake, string[]][] = [
    ['CPSV', 'rfc959', 'CPSV', ['passive CPSV', 'active PORT 198,51,100,7,200,10']],
    [
      'SSCN where it listens',
      'rfc959',
      { SSCN: 'passive' },
      ['passive SSCN ON', 'passive PASV', 'active PORT 198,51,100,7,200,10'],
    ],
    [
      'SSCN where it dials',
      'rfc2428',
      { SSCN: 'active' },
      ['active SSCN ON', 'passive EPSV', 'active EPRT |1|198.51.100.7|51210|'],
    ],
  ];
  for (const [title, dialect, handshake, expected] of table) {
    it(title, () => {
      const steps = withHandshake(dialects[dialect].steps, handshake);
      const lines = steps.map(({ to, verb, argument }) => [to, verb, argument?.(facts)].join(' ').trim());
      assert.deepEqual(lines, expected);
    });
  }
});

describe('server to server in TLS, one try', () => {
  async function played(passive: FakeSide, active: FakeSide, handshake: Handshake): Promise<string> {
    const plan = { dialect: 'rfc959', passive, active, sender: 'active', handshake } as const;
    const paths = { from: '/a', to: '/b', size: 10 };
    const timing = { clock: new FakeClock(), meet: 15_000, stall: 60_000 };
    return (await play({ ...plan, ...paths }, timing)).kind;
  }

  it('takes SSCN back when the file is there', async () => {
    const [passive, active] = [side('P', tls), side('A', tls)];
    assert.equal(await played(passive, active, { SSCN: 'active' }), 'copied');
    assert.deepEqual(active.sent, ['SSCN ON', 'PORT 198,51,100,7,200,10', 'RETR /a', 'SSCN OFF']);
    assert.deepEqual(passive.sent, ['PASV', 'STOR /b']);
  });

  it('takes SSCN back when the other server refuses', async () => {
    const [passive, active] = [side('P', tls), side('A', tls, { ...good, PORT: ['500 No.'] })];
    assert.equal(await played(passive, active, { SSCN: 'passive' }), 'refused');
    assert.deepEqual(passive.sent, ['SSCN ON', 'PASV', 'SSCN OFF']);
  });

  it('says nothing more on a connection that is lost', async () => {
    const [passive, active] = [side('P', tls, { ...good, STOR: ['close'] }), side('A', tls)];
    assert.equal(await played(passive, active, { SSCN: 'passive' }), 'refused', 'another way may do');
    assert.equal(passive.sent.includes('SSCN OFF'), false);
  });

  it('has nothing to take back after CPSV', async () => {
    const [passive, active] = [side('P', tls), side('A', tls)];
    assert.equal(await played(passive, active, 'CPSV'), 'copied');
    assert.deepEqual(passive.sent, ['CPSV', 'STOR /b']);
    await endHandshake({ passive, active }, undefined);
    assert.deepEqual(passive.sent.length, 2);
  });
});
