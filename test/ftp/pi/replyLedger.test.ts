import assert from 'node:assert/strict';
import { Exchange } from '../../../src/ftp/pi/exchange';
import { ReplyLedger } from '../../../src/ftp/pi/replyLedger';
import { RemoteProtocolError } from '../../../src/ftp/protocol/errors';
import type { Reply } from '../../../src/ftp/protocol/reply';

function reply(code: number): Reply {
  const line = `${code} text`;
  return { code, lines: [line], bytes: [new TextEncoder().encode(line)] };
}

/** Opens a slot for each verb, then hands in the replies; tells what became of each, and which slots are open. */
function play(verbs: readonly string[], codes: readonly number[], abandon = false): [string[], string[]] {
  const ledger = new ReplyLedger();
  const slots = verbs.map((verb) => new Exchange({ verb }, undefined, () => undefined));
  for (const slot of slots) ledger.add(slot);
  const verdicts = codes.map((code, index) => {
    if (abandon && index > 0) slots[0]?.abandon();
    const verdict = ledger.handleReply(reply(code));
    return verdict instanceof RemoteProtocolError ? 'violation' : verdict;
  });
  return [verdicts, ledger.unanswered];
}

describe('reply ledger', () => {
  for (const late of [[], [226]]) {
    it(`goes on behind an ABOR that was forgiven${late.length > 0 ? ', and whose reply comes late' : ''}`, async () => {
      const ledger = new ReplyLedger();
      const [retrieve, abort, fence] = ['RETR', 'ABOR', 'NOOP'].map(
        (verb) => new Exchange({ verb }, undefined, () => undefined),
      );
      assert.ok(retrieve && abort && fence);
      ledger.add(retrieve);
      ledger.add(abort);
      assert.equal(ledger.handleReply(reply(226)), 'accepted');
      ledger.forgive(abort);
      await assert.rejects(abort.final, { code: 'reply-timed-out' });
      ledger.add(fence);
      for (const code of late) assert.equal(ledger.handleReply(reply(code)), 'absorbed');
      assert.equal(ledger.handleReply(reply(200)), 'accepted');
      assert.equal((await fence.final).code, 200);
    });
  }

  const table: readonly [string, string[], number[], string[], string[]][] = [
    ['a simple command', ['NOOP'], [200], ['accepted'], []],
    ['replies in order', ['PWD', 'TYPE'], [257], ['accepted'], ['TYPE']],
    ['a preliminary reply keeps the slot open', ['RETR'], [150], ['accepted'], ['RETR']],
    ['150 and 226', ['RETR'], [150, 226], ['accepted', 'accepted'], []],
    ['125 and 250', ['STOR'], [125, 250], ['accepted', 'accepted'], []],
    ['226 without 150', ['RETR'], [226], ['accepted'], []],
    ['a second 226 is absorbed', ['RETR'], [150, 226, 226], ['accepted', 'accepted', 'absorbed'], []],
    ['426 and then 226', ['RETR'], [150, 426, 226], ['accepted', 'accepted', 'absorbed'], []],
    [
      'the second 226 does not answer the next command',
      ['RETR', 'SIZE'],
      [150, 226, 226, 213],
      ['accepted', 'accepted', 'absorbed', 'accepted'],
      [],
    ],
    ['a third one is a violation', ['RETR'], [226, 226, 226], ['accepted', 'absorbed', 'violation'], []],
    [
      '426, 225 to RETR and ABOR',
      ['RETR', 'ABOR'],
      [150, 426, 225],
      ['accepted', 'accepted', 'accepted'],
      [],
    ],
    ['a reply to nothing', [], [200], ['violation'], []],
    ['a preliminary reply to NOOP', ['NOOP'], [150], ['violation'], ['NOOP']],
    ['150 before the 200 of PORT (pyftpdlib)', ['PORT', 'RETR'], [150], ['out-of-order'], ['PORT', 'RETR']],
    ['213 before the 200 of EPRT (pyftpdlib)', ['EPRT', 'SIZE'], [213], ['out-of-order'], ['EPRT', 'SIZE']],
    ['an odd code in its turn is accepted', ['EPRT', 'NOOP'], [213], ['accepted'], ['NOOP']],
    ['215 to PWD: the replies have slipped', ['PWD', 'NOOP'], [215], ['violation'], ['PWD', 'NOOP']],
    ['200 to SIZE: the replies have slipped', ['SIZE'], [200], ['violation'], ['SIZE']],
    ['213 to SITE UTIME (Pure-FTPd)', ['SITE'], [213], ['accepted'], []],
    ['a 200 that slipped to STOR', ['STOR'], [200], ['violation'], ['STOR']],
    ['a 200 that ends STOR', ['STOR'], [150, 200], ['accepted', 'accepted'], []],
    ['STAT in mid-transfer (pyftpdlib)', ['STOR', 'STAT'], [150, 211, 226], accepted(3), []],
    ['STAT in mid-transfer, answered behind it (vsftpd)', ['STOR', 'STAT'], [150, 226, 211], accepted(3), []],
    ['STAT in mid-transfer, the RFC way', ['RETR', 'STAT'], [150, 213], accepted(2), ['RETR']],
    ['500 to STAT in mid-transfer (Pure-FTPd)', ['RETR', 'STAT'], [150, 500, 226], accepted(3), []],
    ['500 to RETR with a STAT behind it', ['RETR', 'STAT'], [500, 211], accepted(2), []],
    [
      '500 to RETR that has begun (Pure-FTPd)',
      ['RETR', 'SIZE'],
      [150, 500],
      ['accepted', 'out-of-order'],
      ['RETR', 'SIZE'],
    ],
    ['500 to ABOR in mid-transfer', ['RETR', 'ABOR'], [150, 500, 226], accepted(3), []],
    ['426 to RETR with a STAT behind it', ['RETR', 'STAT'], [150, 426, 211], accepted(3), []],
    ['ABOR behind STAT', ['RETR', 'STAT', 'ABOR'], [150, 211, 426, 226], accepted(4), []],
    ['350 closes RNFR', ['RNFR', 'RNTO'], [350, 250], ['accepted', 'accepted'], []],
  ];
  for (const [title, verbs, codes, verdicts, open] of table) {
    it(title, () => assert.deepEqual(play(verbs, codes), [verdicts, open]));
  }

  it("takes Pure-FTPd's closing 150 as the end of a transfer that we cut", () => {
    assert.deepEqual(play(['RETR'], [150, 150], true), [['accepted', 'accepted'], []]);
    assert.deepEqual(play(['RETR'], [150, 150]), [['accepted', 'accepted'], ['RETR']]);
  });

  it('takes a restart marker reply for neither the beginning nor the end of a transfer (RFC 959 §3.5)', () => {
    assert.deepEqual(play(['STOR'], [150, 110, 110, 226]), [accepted(4), []]);
    assert.deepEqual(play(['STOR'], [150, 110, 110], true), [accepted(3), ['STOR']]);
    assert.deepEqual(play(['STOR'], [110, 150, 226], true), [accepted(3), []]);
    assert.deepEqual(play(['STOR', 'SIZE'], [150, 110, 226, 213]), [accepted(4), []]);
  });

  it('settles the promises of a slot', async () => {
    const ledger = new ReplyLedger();
    const slot = new Exchange({ verb: 'RETR' }, 1, () => undefined);
    ledger.add(slot);
    ledger.handleReply(reply(150));
    assert.equal((await slot.opening).code, 150);
    ledger.handleReply(reply(226));
    assert.equal((await slot.final).code, 226);
  });
});

function accepted(count: number): string[] {
  return Array.from({ length: count }, () => 'accepted');
}
