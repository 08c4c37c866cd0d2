import assert from 'node:assert/strict';
import { Police, type PoliceOptions, type Rule } from '../support/server/police';
import type { ReceivedAction } from '../support/server/actions';

describe('police', () => {
  function watch(options: Partial<PoliceOptions> = {}): { police: Police; rules: Rule[] } {
    const rules: Rule[] = [];
    const police = new Police({ servesInTurn: false, thirdHosts: false, ...options }, ({ rule }) => {
      rules.push(rule);
    });
    police.opened(1, '2.2.2.2');
    return { police, rules };
  }

  const cases: { title: string; lines: ReceivedAction[]; options?: Partial<PoliceOptions>; rules: Rule[] }[] =
    [
      {
        title: 'a plain session',
        lines: ['USER web', 'PASS x', 'PORT 2,2,2,2,1,1', 'RETR a', 'QUIT'].map(command),
        rules: [],
      },
      {
        title: 'a command behind a transfer',
        lines: [command('NOOP', ['RETR'])],
        rules: ['command-behind-transfer'],
      },
      {
        title: 'ABOR, STAT and QUIT behind a transfer',
        lines: ['ABOR', 'STAT', 'QUIT'].map((text) => command(text, ['RETR'])),
        rules: [],
      },
      {
        title: 'STAT with a path behind a transfer',
        lines: [command('STAT /', ['LIST'])],
        rules: ['command-behind-transfer'],
      },
      {
        title: 'a command behind a transfer where that is known to work',
        lines: [command('SIZE a', ['STOR'])],
        options: { servesInTurn: true },
        rules: [],
      },
      { title: 'a prelude before a transfer', lines: [command('RETR a', ['EPSV', 'REST'])], rules: [] },
      {
        title: 'a command after QUIT',
        lines: [command('QUIT'), command('NOOP', ['QUIT'])],
        rules: ['command-after-quit'],
      },
      { title: 'thirty-two commands', lines: [command('NOOP', Array<string>(31).fill('NOOP'))], rules: [] },
      {
        title: 'thirty-three commands',
        lines: [command('NOOP', Array<string>(32).fill('NOOP'))],
        rules: ['batch-too-large'],
      },
      {
        title: 'more than two KiB',
        lines: [{ ...command('NOOP'), waitingBytes: 2049 }],
        rules: ['batch-too-large'],
      },
      { title: 'PORT to a third host', lines: [command('PORT 3,3,3,3,1,1')], rules: ['third-host'] },
      { title: 'EPRT to a third host', lines: [command('EPRT |1|3.3.3.3|4|')], rules: ['third-host'] },
      {
        title: 'PORT to a third host, announced',
        lines: [command('PORT 3,3,3,3,1,1')],
        options: { thirdHosts: true },
        rules: [],
      },
      {
        title: 'a control character',
        lines: [{ ...command('DELE a\rb'), line: { text: 'DELE a\rb', tooLong: false, control: true } }],
        rules: ['control-character'],
      },
      { title: 'REST, then EPSV, then STOR', lines: ['REST 5', 'EPSV', 'STOR a'].map(command), rules: [] },
      {
        title: 'STOR with a stale REST',
        lines: ['REST 5', 'EPSV', 'LIST', 'EPSV', 'STOR a'].map(command),
        rules: ['stale-restart'],
      },
      { title: 'REST taken back', lines: ['REST 5', 'NOOP', 'REST 0', 'STOR a'].map(command), rules: [] },
    ];

  for (const { title, lines, options, rules: expected } of cases) {
    it(`${title}: ${expected.join() || 'nothing wrong'}`, () => {
      const { police, rules } = watch(options);
      for (const line of lines) police.received(1, line);
      assert.deepEqual(rules, expected);
    });
  }

  it('sees a second control connection of the same host, while the first lives', () => {
    const { police, rules } = watch();
    police.received(1, command('USER web'));
    police.opened(2, '2.2.2.2');
    police.opened(3, '4.4.4.4');
    police.received(3, command('USER web'));
    assert.deepEqual(rules, []);
    police.received(2, command('USER web'));
    assert.deepEqual(rules, ['two-control-connections']);
    police.closed(1);
    police.closed(2);
    police.opened(4, '2.2.2.2');
    police.received(4, command('USER web'));
    assert.equal(rules.length, 1);
  });

  it('sees a data connection that stays open', () => {
    const { police, rules } = watch();
    const reply = { kind: 'reply', command: 'RETR', lines: ['226 Done.'] } as const;
    police.roundTripAfter(1, reply, []);
    assert.deepEqual(rules, []);
    police.roundTripAfter(1, reply, ['accepted-1']);
    assert.deepEqual(rules, ['data-left-open']);
  });
});

function command(text: string, unanswered: readonly string[] | number = []): ReceivedAction {
  const line = { text, tooLong: false, control: false };
  const before = typeof unanswered === 'number' ? [] : unanswered;
  return { kind: 'received', line, unanswered: before, waitingBytes: text.length + 2 };
}
