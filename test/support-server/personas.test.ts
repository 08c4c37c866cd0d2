import assert from 'node:assert/strict';
import { inetutils } from '../support/server/personas/inetutils';
import { personas } from '../support/server/personas/personas';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { pyftpdlib } from '../support/server/personas/pyftpdlib';
import { vsftpd } from '../support/server/personas/vsftpd';
import type { Persona } from '../support/server/persona';
import { play, playAll, Talk } from './dialogue';

/** Logged in, in TYPE I, with a passive port. */
async function ready(persona: Persona): Promise<Talk> {
  const talk = new Talk({ persona });
  await talk.tell({ kind: 'control-opened' });
  await talk.say('USER web\r\nPASS secret\r\nTYPE I\r\n');
  talk.said.length = 0;
  return talk;
}

async function ask(talk: Talk, command: string): Promise<string[]> {
  talk.said.length = 0;
  await talk.say(`${command}\r\n`);
  return talk.said.splice(0);
}

async function codes(talk: Talk, command: string): Promise<string> {
  return (await ask(talk, command)).map((line) => line.slice(0, 3)).join(' ');
}

describe('personas, as FACTS.md saw the daemons', () => {
  it('have well-formed replies', () => {
    for (const { name, replies, refuses } of Object.values(personas)) {
      for (const text of [...Object.values(replies), ...Object.values(refuses)]) {
        const lines = text.split('\n');
        const code = text.slice(0, 3);
        assert.match(lines.at(-1) ?? '', new RegExp(`^${code} `), `${name}: ${text}`);
        if (lines.length > 1) assert.match(lines[0] ?? '', /^\d{3}-/, `${name}: ${text}`);
      }
    }
  });

  const modes: [Persona, string, string][] = [
    [vsftpd, '504', '504'],
    [proftpd, '504', '504'],
    [pureftpd, '504', '504'],
    [pyftpdlib, '504', '501'],
    [inetutils, '502', '500'],
  ];
  for (const [persona, block, deflate] of modes) {
    it(`${persona.name}: MODE B ${block}, MODE Z ${deflate}, STRU R 504`, async () => {
      const talk = await ready(persona);
      assert.equal(await codes(talk, 'MODE B'), block);
      assert.equal(await codes(talk, 'MODE C'), block);
      assert.equal(await codes(talk, 'MODE Z'), deflate);
      assert.equal(await codes(talk, 'STRU R'), '504');
    });
  }

  const machine: [Persona, boolean][] = [
    [vsftpd, false],
    [proftpd, true],
    [pureftpd, true],
    [pyftpdlib, true],
    [inetutils, false],
  ];
  for (const [persona, has] of machine) {
    it(`${persona.name}: ${has ? 'has' : 'has no'} MLST`, async () => {
      const talk = await ready(persona);
      assert.equal(await codes(talk, 'MLST a.txt'), has ? '250  ty 250' : '500');
      assert.equal(
        (await ask(talk, 'FEAT')).some((line) => line.startsWith(' MLST')),
        has,
      );
    });
  }

  const stats: [Persona, string, string, string, boolean][] = [
    [vsftpd, '213', '213', '-rw-r--r--', true],
    [proftpd, '212', '450', ' -rw-r--r--', true],
    [pureftpd, '213', '213', '-rw-r--r--', false],
    [pyftpdlib, '213', '550', '-rw-r--r--', true],
    [inetutils, '211', '211', '-rw-r--r--', false],
  ];
  for (const [persona, folder, absent, mode, hidden] of stats) {
    it(`${persona.name}: STAT of a folder, of what is absent, of a file`, async () => {
      const talk = await ready(persona);
      const lines = await ask(talk, 'STAT docs');
      assert.ok(lines[0]?.startsWith(`${folder}-`));
      assert.ok(lines.at(-1)?.startsWith(`${folder} `));
      assert.equal(
        lines.some((line) => line.startsWith(mode) && line.endsWith(' .hidden')),
        hidden,
      );
      const dots = persona === vsftpd || persona === proftpd;
      assert.equal(
        lines.some((line) => line.endsWith(' ..')),
        dots,
      );
      assert.equal(lines[1]?.startsWith('total '), persona === inetutils);
      const missing = await ask(talk, 'STAT missing');
      assert.equal(missing[0]?.slice(0, 3), absent);
      const counts = new Map([
        [vsftpd, 2],
        [pureftpd, 2],
        [inetutils, 3],
      ]);
      assert.equal(missing.length, counts.get(persona) ?? 1);
      const file = await ask(talk, 'STAT /docs/Grüße.txt');
      assert.equal(file[1]?.endsWith(' /docs/Grüße.txt'), persona !== vsftpd);
    });
  }

  it('none but inetutils serves the default data port', async () => {
    const vs = await ready(vsftpd);
    assert.deepEqual(await ask(vs, 'RETR a.txt'), ['425 Use PORT or PASV first.']);
    const pure = await ready(pureftpd);
    assert.deepEqual(await ask(pure, 'RETR a.txt'), ['425 No data connection']);
    const pro = await ready(proftpd);
    assert.deepEqual(await ask(pro, 'RETR a.txt'), []);
    await pro.step('dial 2.2.2.2:3999 refused');
    assert.match(pro.said[0] ?? '', /^425/);
    const py = await ready(pyftpdlib);
    assert.equal(await codes(py, 'RETR a.txt'), '150');
    await py.step('time');
    assert.deepEqual(py.said, []);
    const inet = await ready(inetutils);
    assert.deepEqual(await ask(inet, 'RETR a.txt'), []);
    await inet.step('dial 2.2.2.2:4000 from 20');
    assert.match(inet.said[0] ?? '', /^150/);
  });

  const aborts: [Persona, string][] = [
    [vsftpd, '426 225'],
    [proftpd, '426 226'],
    [pureftpd, '150 226'],
    [pyftpdlib, '426 226'],
    [inetutils, '426 225'],
  ];
  for (const [persona, expected] of aborts) {
    it(`${persona.name}: ABOR is answered ${expected}`, async () => {
      const talk = await ready(persona);
      await talk.say('EPSV\r\n');
      await talk.step('connect');
      await talk.say('STOR new.txt\r\n');
      assert.equal(await codes(talk, 'ABOR'), expected);
      assert.equal(await codes(talk, 'NOOP'), '200');
    });
  }

  for (const persona of [vsftpd, proftpd, pureftpd, pyftpdlib, inetutils]) {
    it(`${persona.name}: a warm data connection after 550 is ${persona.warmAfterRefusal}`, async () => {
      const talk = await ready(persona);
      await talk.say('EPSV\r\n');
      await talk.step('connect');
      assert.equal(await codes(talk, 'RETR missing'), '550');
      const first = (await codes(talk, 'RETR a.txt')).slice(0, 3);
      const warm = persona === pyftpdlib ? '125' : '150';
      assert.equal(first, persona === proftpd ? '425' : warm);
    });
  }

  it('ProFTPD holds 226 back until the client closes, at most ten seconds', async () => {
    for (const release of ['end', 'time']) {
      const talk = await ready(proftpd);
      await talk.say('EPSV\r\n');
      await talk.step('connect');
      assert.equal(await codes(talk, 'RETR a.txt'), '150');
      await talk.step(release);
      assert.deepEqual(talk.said, ['226 Transfer complete']);
    }
  });

  it('Pure-FTPd ends an upload that was cut with 451, and only a download with 150', async () => {
    const talk = await ready(pureftpd);
    await talk.say('EPSV\r\n');
    await talk.step('connect');
    await talk.say('STOR new.txt\r\n');
    talk.said.length = 0;
    await talk.step('reset');
    assert.equal(talk.said.map((line) => line.slice(0, 3)).join(), '451,451');
    assert.equal(pureftpd.replies.transferCut.slice(0, 3), '150');
  });

  playAll([
    {
      title: 'pyftpdlib answers SIZE before the 226 of the STOR ahead of it',
      options: { persona: pyftpdlib },
      dialogue: `S: 220 pyftpdlib 1.5.7 ready.
        C: USER web
        C: PASS secret
        C: TYPE I
        C: EPSV
        S: 331 Username ok, send password.
        S: 230 Login successful.
        S: 200 Type set to: Binary.
        S: 229 Entering extended passive mode (|||5001|).
        connect
        C: STOR new.txt
        C: SIZE new.txt
        S: 125 Data connection already open. Transfer starting.
        S: 213 0
        D> hello
        end
        S: 226 Transfer complete.`,
    },
    {
      title: 'pyftpdlib answers RETR before the PORT ahead of it',
      options: { persona: pyftpdlib },
      dialogue: `S: 220 pyftpdlib 1.5.7 ready.
        C: USER web
        C: PASS secret
        C: TYPE I
        C: PORT 2,2,2,2,1,2
        C: RETR a.txt
        S: 331 Username ok, send password.
        S: 230 Login successful.
        S: 200 Type set to: Binary.
        S: 150 File status okay. About to open data connection.
        dial 2.2.2.2:258
        S: 200 Active data connection established.
        D< one\\ntwo\\n
        S: 226 Transfer complete.`,
    },
    {
      title: 'pyftpdlib gives a passive data connection thirty seconds',
      options: { persona: pyftpdlib },
      dialogue: `S: 220 pyftpdlib 1.5.7 ready.
        C: USER web
        C: PASS secret
        C: EPSV
        S: 331 Username ok, send password.
        S: 230 Login successful.
        S: 229 Entering extended passive mode (|||5001|).
        time
        S: 421 Passive data channel timed out.`,
    },
    {
      title: 'vsftpd shows a missing folder as an empty one',
      options: { persona: vsftpd },
      dialogue: `S: 220 (vsFTPd 3.0.3)
        C: USER web
        C: PASS secret
        C: EPSV
        S: 331 Please specify the password.
        S: 230 Login successful.
        S: 229 Entering Extended Passive Mode (|||5001|)
        connect
        C: LIST missing
        S: 150 Here comes the directory listing.
        D< 
        acknowledge
        S: 226 Transfer done (but failed to open directory).`,
    },
  ]);

  it('pyftpdlib closes a passive data connection on which data precede the command', async () => {
    const talk = await ready(pyftpdlib);
    await talk.say('EPSV\r\n');
    await talk.step('connect');
    await talk.step('D> too early');
    assert.ok(talk.actions.some(({ kind }) => kind === 'close'));
  });

  it('the reference persona is the default', async () => {
    const talk = await play('S: 220 Reference server ready.');
    assert.equal(talk.actions.length, 1);
  });
});
