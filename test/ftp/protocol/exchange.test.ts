import assert from 'node:assert/strict';
import {
  isIdempotent,
  isTransfer,
  stepAfter,
  stepsOf,
  verbTable,
  type Step,
} from '../../../src/ftp/protocol/exchange';

// RFC 959 §5.4 and the later RFCs: every reply listed for a command, by what it means.
type Listed = { wait?: string; done?: string; more?: string; failed: string };
const common = '421 500 501 502 504 530';
const storing = '425 426 450 451 452 532 551 552 553';
const listed: Record<string, Listed> = {
  GREETING: { wait: '120', done: '220', failed: '421 500 530' },
  USER: { done: '230 232', more: '331 332 336', failed: '530 500 501 421' },
  PASS: { done: '230 202', more: '332', failed: '530 500 501 503 421' },
  ACCT: { done: '230 202', failed: '530 500 501 503 421' },
  CWD: { done: '250 200', failed: `${common} 550` },
  CDUP: { done: '200 250', failed: `${common} 550` },
  SMNT: { done: '202 250', failed: `${common} 550` },
  REIN: { wait: '120', done: '220', failed: '421 500 502' },
  QUIT: { done: '221', failed: '500' },
  PORT: { done: '200', failed: common },
  PASV: { done: '227', failed: common },
  EPRT: { done: '200', failed: `${common} 522` },
  EPSV: { done: '229', failed: `${common} 522` },
  CPSV: { done: '227', failed: common },
  LSTN: { done: '255', failed: common },
  SOCK: { done: '200', failed: common },
  MODE: { done: '200', failed: common },
  TYPE: { done: '200', failed: common },
  STRU: { done: '200', failed: common },
  ALLO: { done: '200 202', failed: common },
  REST: { more: '350', failed: common },
  STOR: { wait: '125 150 110', done: '226 250', failed: `${storing} ${common}` },
  STOU: { wait: '125 150 110', done: '226 250', failed: `${storing} ${common}` },
  APPE: { wait: '125 150 110', done: '226 250', failed: `${storing} ${common} 550` },
  RETR: { wait: '125 150 110', done: '226 250', failed: `425 426 451 450 550 ${common}` },
  LIST: { wait: '125 150', done: '226 250', failed: `425 426 451 450 ${common}` },
  NLST: { wait: '125 150', done: '226 250', failed: `425 426 451 450 ${common}` },
  MLSD: { wait: '125 150', done: '226 250', failed: `425 426 451 450 550 ${common}` },
  RNFR: { more: '350', failed: `450 550 ${common}` },
  RNTO: { done: '250 200', failed: `532 553 503 ${common}` },
  DELE: { done: '250 200', failed: `450 550 ${common}` },
  RMD: { done: '250', failed: `550 ${common}` },
  MKD: { done: '257', failed: `550 521 ${common}` },
  PWD: { done: '257', failed: `550 ${common}` },
  ABOR: { done: '225 226', failed: '421 500 501 502' },
  SYST: { done: '215', failed: common },
  STAT: { wait: '150', done: '211 212 213', failed: `450 550 ${common}` },
  HELP: { done: '211 214', failed: common },
  SITE: { done: '200 202 250', more: '350', failed: common },
  NOOP: { done: '200', failed: '421 500' },
  AUTH: { done: '234', more: '334', failed: '504 534 431 500 421' },
  ADAT: { done: '235', more: '335', failed: '503 501 535 421' },
  PBSZ: { done: '200', failed: '503 500 421' },
  PROT: { done: '200', failed: '504 536 503 534 431 421' },
  CCC: { done: '200', failed: '500 533 534' },
  FEAT: { done: '211', failed: '500 502 421' },
  OPTS: { done: '200', failed: '451 501' },
  SIZE: { done: '213', failed: `550 ${common}` },
  MDTM: { done: '213', failed: `550 ${common}` },
  MLST: { done: '250', failed: `550 ${common}` },
  MFMT: { done: '213', failed: `550 ${common}` },
  LANG: { done: '200', failed: common },
  HASH: { done: '213', failed: `550 ${common}` },
};

describe('stepAfter', () => {
  for (const [verb, steps] of Object.entries(listed)) {
    it(`${verb} as RFC 959 §5.4 and its successors list it`, () => {
      for (const [step, codes] of Object.entries(steps) as [Step, string][]) {
        const steps = codes.split(' ').map((code) => [code, stepAfter(verb, Number(code))]);
        assert.deepEqual(
          steps,
          codes.split(' ').map((code) => [code, step]),
        );
      }
    });
  }

  it('takes no preliminary reply for anything but transfers, greeting, REIN and STAT', () => {
    const waiting = [...verbTable.keys()].filter((verb) => stepAfter(verb, 150) !== 'violation');
    const expected = ['GREETING', 'REIN', 'RETR', 'LIST', 'NLST', 'MLSD', 'STOR', 'STOU', 'APPE', 'STAT'];
    assert.deepEqual(waiting.sort(), expected.sort());
    for (const verb of waiting) assert.equal(stepAfter(verb, 120), 'wait');
  });

  it('goes on only where RFC 959 §6 draws an arrow from 3xx', () => {
    const going = [...verbTable.keys()].filter((verb) => stepAfter(verb, 350) !== 'violation');
    assert.deepEqual(going.sort(), ['ADAT', 'AUTH', 'PASS', 'REST', 'RNFR', 'SITE', 'USER']);
    for (const verb of going) assert.equal(stepAfter(verb, 331), 'more');
  });

  it('ends every known and unknown command at 2xx, 4xx and 5xx', () => {
    for (const verb of [...verbTable.keys(), 'XYZZY']) {
      for (const code of [200, 226, 299]) assert.equal(stepAfter(verb, code), 'done');
      for (const code of [400, 421, 499, 500, 599]) assert.equal(stepAfter(verb, code), 'failed');
    }
  });

  it('takes the digits at their word for a verb that it does not know', () => {
    for (const verb of ['XYZZY', '__proto__', 'constructor', '']) {
      const steps = [150, 200, 350, 450, 550].map((code) => stepAfter(verb, code));
      assert.deepEqual(steps, ['wait', 'done', 'more', 'failed', 'failed']);
    }
  });

  for (const code of [0, 99, 600, 999, -1, Number.NaN]) {
    it(`${code} is no reply`, () => assert.equal(stepAfter('NOOP', code), 'violation'));
  }
});

describe('the exchange table', () => {
  it('has each pattern in use', () => {
    const used = new Set([...verbTable.values()].map((row) => row.pattern));
    assert.deepEqual(
      [...used].sort(),
      Object.keys(stepsOf)
        .filter((name) => name !== 'unknown')
        .sort(),
    );
  });

  it('names a verb once, in upper case', () => {
    for (const verb of verbTable.keys()) assert.match(verb, /^[A-Z][A-Z0-9]+$/);
    for (const verb of Object.keys(listed)) assert.ok(verbTable.has(verb), verb);
  });

  it('knows what moves data', () => {
    const transfers = [...verbTable.keys()].filter(isTransfer).sort();
    assert.deepEqual(transfers, ['APPE', 'LIST', 'MLSD', 'NLST', 'RETR', 'STOR', 'STOU']);
  });

  it('knows what changes files, and trusts no unknown verb', () => {
    const changing = [...verbTable]
      .filter(([, { effect }]) => effect === 'files')
      .map(([verb]) => verb)
      .sort()
      .join(' ');
    assert.equal(changing, 'APPE DELE MFCT MFF MFMT MKD RMD RNTO SITE STOR STOU XMKD XRMD');
    assert.equal(isIdempotent('XYZZY'), false);
  });

  it('replays nothing that changes files, nor what belongs to login or ends a session', () => {
    for (const [verb, { effect }] of verbTable) assert.ok(!(isIdempotent(verb) && effect === 'files'), verb);
    const never = ['USER', 'PASS', 'ACCT', 'AUTH', 'PBSZ', 'PROT', 'CCC', 'REIN', 'QUIT', 'ABOR', 'GREETING'];
    for (const verb of never) assert.equal(isIdempotent(verb), false, verb);
    const always = [
      'RETR',
      'LIST',
      'MLSD',
      'MLST',
      'STAT',
      'SIZE',
      'MDTM',
      'PWD',
      'NOOP',
      'EPSV',
      'PASV',
      'TYPE',
    ];
    for (const verb of always) assert.equal(isIdempotent(verb), true, verb);
  });
});
