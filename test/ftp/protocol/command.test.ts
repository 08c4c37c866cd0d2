import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeCommand, parseCommandLine, type Command } from '../../../src/ftp/protocol/command';
import { LocalProtocolError } from '../../../src/ftp/protocol/errors';

const utf8 = (text: string) => new TextEncoder().encode(text);
const lineOf = (command: Command) => Buffer.from(encodeCommand(command, utf8).bytes).toString('utf8');
const shownOf = (command: Command) => encodeCommand(command, utf8).shown;

describe('encodeCommand', () => {
  const good: [Command, string, string][] = [
    [{ verb: 'NOOP' }, 'NOOP\r\n', 'NOOP'],
    [{ verb: 'RETR', argument: '/a b.txt' }, 'RETR /a b.txt\r\n', 'RETR /a b.txt'],
    [{ verb: 'CWD', argument: '' }, 'CWD \r\n', 'CWD '],
    [{ verb: 'STOR', argument: 'ä→ ' }, 'STOR ä→ \r\n', 'STOR ä→ '],
    [{ verb: 'PASS', argument: 'hush' }, 'PASS hush\r\n', 'PASS ******'],
    [{ verb: 'PASS', argument: '' }, 'PASS \r\n', 'PASS ******'],
    [{ verb: 'pass', argument: 'hush' }, 'pass hush\r\n', 'pass ******'],
    [{ verb: 'ACCT', argument: 'hush' }, 'ACCT hush\r\n', 'ACCT ******'],
    [{ verb: 'SITE', argument: 'PSWD old new' }, 'SITE PSWD old new\r\n', 'SITE ******'],
    [{ verb: 'SITE', argument: ' pswd old new' }, 'SITE  pswd old new\r\n', 'SITE ******'],
    [{ verb: 'SITE', argument: 'CHMOD 644 a' }, 'SITE CHMOD 644 a\r\n', 'SITE CHMOD 644 a'],
    [{ verb: 'USER', argument: 'x@proxy', secret: true }, 'USER x@proxy\r\n', 'USER ******'],
    [{ verb: 'USER', argument: 'ann', secret: false }, 'USER ann\r\n', 'USER ann'],
  ];
  for (const [command, line, shown] of good) {
    it(JSON.stringify(line), () => {
      assert.equal(lineOf(command), line);
      assert.equal(shownOf(command), shown);
    });
  }

  it('uses the encoding that it is given', () => {
    const { bytes } = encodeCommand({ verb: 'DELE', argument: 'é' }, () => Uint8Array.of(0xe9));
    assert.deepEqual([...bytes], [...utf8('DELE '), 0xe9, 13, 10]);
  });

  for (const bad of ['\r', '\n', '\0']) {
    it(`refuses ${JSON.stringify(bad)} in an argument and does not quote it`, () => {
      for (const verb of ['RETR', 'PASS', 'USER', 'ACCT', 'SITE']) {
        assert.throws(
          () => lineOf({ verb, argument: `hush${bad}DELE x` }),
          (error) =>
            error instanceof LocalProtocolError &&
            error.code === 'name-unsendable' &&
            error.facts.command === verb &&
            !JSON.stringify([error.message, error.stack, error.facts]).includes('hush'),
        );
      }
    });

    it(`refuses ${JSON.stringify(bad)} that only the encoding makes`, () => {
      const encode = () => utf8(`a${bad}b`);
      assert.throws(() => encodeCommand({ verb: 'RETR', argument: 'č' }, encode), LocalProtocolError);
    });
  }

  for (const verb of ['', 'NO OP', 'NOOP\r\nDELE', 'N\0', 'PASS\thush', 'RÉTR', 'A\x7f', 'PASS hush']) {
    it(`refuses the verb ${JSON.stringify(verb)} and does not quote it`, () => {
      assert.throws(
        () => lineOf({ verb, argument: 'hush' }),
        (error) => error instanceof LocalProtocolError && !error.message.includes('hush'),
      );
    });
  }

  it('makes exactly one line of whatever it accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (argument) => {
        let line;
        try {
          line = lineOf({ verb: 'RETR', argument });
        } catch (error) {
          assert.ok(error instanceof LocalProtocolError);
          return;
        }
        assert.equal(line.indexOf('\n'), line.length - 1);
        assert.equal(line.indexOf('\r'), line.length - 2);
        assert.equal(line.includes('\0'), false);
      }),
    );
  });
});

describe('parseCommandLine', () => {
  const lines: [string, Command][] = [
    ['noop', { verb: 'NOOP' }],
    ['  stat  /a b ', { verb: 'STAT', argument: ' /a b ' }],
    ['Site Chmod 644 a', { verb: 'SITE', argument: 'Chmod 644 a' }],
    ['pass hush hush', { verb: 'PASS', argument: 'hush hush', secret: true }],
    ['acct x', { verb: 'ACCT', argument: 'x', secret: true }],
    ['site pswd a b', { verb: 'SITE', argument: 'pswd a b', secret: true }],
    ['', { verb: '' }],
  ];
  for (const [line, command] of lines) {
    it(JSON.stringify(line), () => assert.deepEqual(parseCommandLine(line), command));
  }
});
