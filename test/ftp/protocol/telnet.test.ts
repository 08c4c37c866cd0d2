import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TelnetFilter } from '../../../src/ftp/protocol/telnet';
import { cutAt } from '../../support/feed';

const iac = 255;
const [will, wont, doOption, dont, begin, end] = [251, 252, 253, 254, 250, 240] as const;
const echo = 1;

function filter(pieces: Iterable<Uint8Array>) {
  const telnet = new TelnetFilter();
  const text: number[] = [];
  const answer: number[] = [];
  for (const piece of pieces) {
    const out = telnet.push(piece);
    text.push(...out.text);
    answer.push(...out.answer);
  }
  return { text, answer };
}

describe('TelnetFilter', () => {
  const cases: [string, number[], number[], number[]][] = [
    ['plain text', [50, 50, 48], [50, 50, 48], []],
    ['IAC IAC', [65, iac, iac, 66], [65, iac, 66], []],
    ['IAC IAC IAC IAC', [iac, iac, iac, iac], [iac, iac], []],
    ['NOP', [65, iac, 241, 66], [65, 66], []],
    ['WILL is refused', [65, iac, will, echo, 66], [65, 66], [iac, dont, echo]],
    ['DO is refused', [iac, doOption, echo, 66], [66], [iac, wont, echo]],
    ['WONT is no question', [iac, wont, echo, 66], [66], []],
    ['DONT is no question', [iac, dont, echo, 66], [66], []],
    ['option 255', [iac, doOption, iac, 66], [66], [iac, wont, iac]],
    ['two options', [iac, will, 1, iac, doOption, 3], [], [iac, dont, 1, iac, wont, 3]],
    ['a subnegotiation', [65, iac, begin, 24, 1, 2, iac, end, 66], [65, 66], []],
    ['IAC IAC inside one', [iac, begin, 24, iac, iac, end, 7, iac, end, 66], [66], []],
    ['another command inside one', [iac, begin, 24, iac, 241, iac, end, 66], [66], []],
    ['an end without a beginning', [iac, end, 66], [66], []],
    ['a command that is still coming', [65, iac], [65], []],
  ];
  for (const [what, bytes, text, answer] of cases) {
    it(`${what}, whole and under any cut`, () => {
      const whole = Uint8Array.from(bytes);
      assert.deepEqual(filter([whole]), { text, answer });
      assert.deepEqual(filter(Array.from(bytes, (byte) => Uint8Array.of(byte))), { text, answer });
      for (let place = 1; place < bytes.length; place++) {
        assert.deepEqual(filter(cutAt(whole, [place])), { text, answer }, `cut at ${place}`);
      }
    });
  }

  it('hands plain text on as the same array', () => {
    const telnet = new TelnetFilter();
    const bytes = Uint8Array.of(50, 50, 48);
    assert.equal(telnet.push(bytes).text, bytes);
    telnet.push(Uint8Array.of(iac));
    assert.deepEqual([...telnet.push(Uint8Array.of(241, 65)).text], [65]);
    assert.equal(telnet.push(bytes).text, bytes);
  });

  it('gives up a subnegotiation without end', () => {
    const { text } = filter([Uint8Array.from([iac, begin, ...Array<number>(1025).fill(7), 65])]);
    assert.deepEqual(text, [65]);
  });

  it('never answers an answer', () => {
    const client = new TelnetFilter();
    const server = new TelnetFilter();
    const { answer } = client.push(Uint8Array.of(iac, will, 1, iac, doOption, 3));
    assert.equal(answer.length, 6);
    assert.equal(server.push(answer).answer.length, 0);
  });

  it('takes a doubled IAC for one, under any cut', () => {
    const bytes = fc
      .uint8Array({ maxLength: 40 })
      .map((array) => array.map((byte) => (byte > 200 ? iac : byte)));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 80 })), (text, cuts) => {
        const out = filter(cutAt(escape(text), cuts));
        assert.deepEqual(out, { text: [...text], answer: [] });
      }),
    );
  });

  it('lets no single IAC through, whatever comes', () => {
    const byte = fc.constantFrom(iac, iac, will, wont, doOption, dont, begin, end, 65, 13, 10);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), fc.array(fc.nat({ max: 60 })), (bytes, cuts) => {
        const whole = filter([Uint8Array.from(bytes)]);
        assert.deepEqual(filter(cutAt(Uint8Array.from(bytes), cuts)), whole);
        const doubled = bytes.filter((value, i) => value === iac && bytes[i - 1] === iac).length;
        assert.ok(whole.text.filter((value) => value === iac).length <= doubled);
        assert.equal(whole.answer.length % 3, 0);
      }),
    );
  });
});

/** Doubles each IAC, as a careful server does. */
function escape(text: Uint8Array): Uint8Array {
  return Uint8Array.from([...text].flatMap((byte) => (byte === iac ? [iac, iac] : [byte])));
}
