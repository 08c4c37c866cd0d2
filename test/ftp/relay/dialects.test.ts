import assert from 'node:assert/strict';
import { FtpError } from '../../../src/ftp/protocol/errors';
import { dialects, type Dialect, type RelayFacts, type Step } from '../../../src/ftp/relay/dialects';
import { replyOf } from './fakeSide';

const facts: RelayFacts = {
  passive: { host: '198.51.100.7', port: 21, family: 4 },
  active: { host: '203.0.113.9', port: 2121, family: 4 },
  sender: 'active',
  port: 51_210,
};
const facts6: RelayFacts = {
  ...facts,
  passive: { host: '2001:db8::7', port: 21, family: 6 },
  active: { host: '2001:db8::9', port: 2121, family: 6 },
};

const line = ({ to, verb, argument }: Step, about: RelayFacts): string =>
  `${to === 'passive' ? 'P' : 'A'}: ${verb}${argument ? ` ${argument(about)}` : ''}`;

const lines = (dialect: Dialect, about: RelayFacts): string[] =>
  dialects[dialect].steps.map((step) => line(step, about));

function stepOf(dialect: Dialect, verb: string): Step {
  return (
    dialects[dialect].steps.find((step) => step.verb === verb) ?? assert.fail(`${dialect} has no ${verb}`)
  );
}

describe('dialects of server-to-server transfer', () => {
  const sent: readonly [Dialect, string, RelayFacts, string[]][] = [
    ['rfc959', 'IPv4', facts, ['P: PASV', 'A: PORT 198,51,100,7,200,10']],
    ['rfc2428', 'IPv4', facts, ['P: EPSV', 'A: EPRT |1|198.51.100.7|51210|']],
    ['rfc2428', 'IPv6', facts6, ['P: EPSV', 'A: EPRT |2|2001:db8::7|51210|']],
    ['rfc478', 'IPv4', facts, ['P: SOCK 203.0.113.9 2120', 'P: PASV', 'A: SOCK 198.51.100.7 51210']],
    ['rfc478', 'IPv6', facts6, ['P: SOCK 2001:db8::9 2120', 'P: PASV', 'A: SOCK 2001:db8::7 51210']],
    ['rfc438', 'IPv4', facts, ['P: LSTN R', 'P: SOCK 203.0.113.9 2120', 'A: SOCK 198.51.100.7 51210']],
    [
      'rfc438',
      'the passive side sending',
      { ...facts, sender: 'passive' },
      ['P: LSTN S', 'P: SOCK 203.0.113.9 2120', 'A: SOCK 198.51.100.7 51210'],
    ],
  ];
  for (const [dialect, title, about, expected] of sent) {
    it(`${dialect}, ${title}`, () => assert.deepEqual(lines(dialect, about), expected));
  }

  const taken: readonly [Dialect, string, string, { port: number; host?: string } | undefined][] = [
    ['rfc959', 'PASV', '227 Entering Passive Mode (10,0,0,8,200,10)', { host: '10.0.0.8', port: 51_210 }],
    ['rfc959', 'PASV', '227 Entering Passive Mode', undefined],
    ['rfc959', 'PASV', '227 (10,0,0,8,200)', undefined],
    ['rfc959', 'PASV', '227 (10,0,0,8,0,0)', undefined],
    ['rfc2428', 'EPSV', '229 Entering Extended Passive Mode (|||51210|)', { port: 51_210 }],
    ['rfc2428', 'EPSV', '229 Entering Extended Passive Mode', undefined],
    ['rfc478', 'PASV', '200 Listening.', { port: 20 }],
    ['rfc478', 'PASV', '227 (198,51,100,7,200,10)', { host: '198.51.100.7', port: 51_210 }],
    ['rfc478', 'PASV', '227 Listening.', undefined],
    ['rfc438', 'LSTN', '255 51210', { port: 51_210 }],
    ['rfc438', 'LSTN', '255 SOCK 51210', { port: 51_210 }],
    ['rfc438', 'LSTN', '255 51210 is the socket', { port: 51_210 }],
    ['rfc438', 'LSTN', '255 70000', undefined],
    ['rfc438', 'LSTN', '255 0', undefined],
    ['rfc438', 'LSTN', '255', undefined],
    ['rfc438', 'LSTN', '255 none', undefined],
    ['rfc438', 'LSTN', '200 51210', undefined],
  ];
  for (const [dialect, verb, text, expected] of taken) {
    it(`${dialect}: ${verb} answered by “${text}”`, () => {
      const take = stepOf(dialect, verb).take ?? assert.fail('nothing is taken');
      if (expected) assert.deepEqual(take(replyOf(text), facts), expected);
      else assert.throws(() => take(replyOf(text), facts), FtpError);
    });
  }

  it('names only IPv4 addresses by PORT', () => assert.deepEqual(dialects.rfc959.families, [4]));
});
