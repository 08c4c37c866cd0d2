import { login, play, playAll } from './dialogue';

describe('reference server, access', () => {
  playAll([
    {
      title: 'logs in with user and password',
      dialogue: `${login}
        C: PWD
        S: 257 "/" is the current directory.`,
    },
    {
      title: 'refuses a wrong password',
      dialogue: `S: 220 Reference server ready.
        C: USER web
        S: 331 Password required for web.
        C: PASS wrong
        S: 530 Login incorrect.
        C: PWD
        S: 530 Log in with USER and PASS.`,
    },
    {
      title: 'admits anonymous with any password',
      dialogue: `S: 220 Reference server ready.
        C: USER anonymous
        S: 331 Password required for anonymous.
        C: PASS somebody@example.com
        S: 230 User anonymous logged in.`,
    },
    {
      title: 'demands an account',
      options: { settings: { users: new Map([['web', { password: 'secret', account: 'ships' }]]) } },
      dialogue: `S: 220 Reference server ready.
        C: USER web
        S: 331 Password required for web.
        C: PASS secret
        S: 332 Account required.
        C: PWD
        S: 530 Log in with USER and PASS.
        C: ACCT ships
        S: 230 User web logged in.`,
    },
    {
      title: 'greets with 120 first, and refuses as many logins as told',
      options: { settings: { greetingDelay: true, refuseLogins: 1 } },
      dialogue: `S: 120 Ready in a moment.
        ${login.replace('C: PASS secret\n  S: 230 User web logged in.', 'C: PASS secret')}
        S: 530 Login incorrect.
        C: USER web
        S: 331 Password required for web.
        C: PASS secret
        S: 230 User web logged in.`,
    },
    {
      title: 'closes after QUIT',
      dialogue: `${login}
        C: QUIT
        S: 221 Goodbye.
        closed`,
    },
    {
      title: 'says 421 when idle',
      options: { settings: { idleLimit: 1000 } },
      dialogue: `${login}
        time
        S: 421 Idle for too long, closing.
        closed`,
    },
    {
      title: 'REIN forgets the login',
      dialogue: `${login}
        C: REIN
        S: 220 Ready for a new user.
        C: PWD
        S: 530 Log in with USER and PASS.`,
    },
  ]);
});

describe('reference server, settings', () => {
  playAll([
    {
      title: 'lists its features',
      dialogue: `${login}
        C: FEAT
        S: 211-Features
        S:  EPRT
        S:  EPSV
        S:  MDTM
        S:  MFMT
        S:  MLST type*;size*;modify*;perm*;unix.mode*;
        S:  MODE Z
        S:  REST STREAM
        S:  SIZE
        S:  TVFS
        S:  UTF8
        S: 211 End`,
    },
    {
      title: 'answers a batch in order',
      dialogue: `${login}
        C: SYST
        C: OPTS UTF8 ON
        C: TYPE I
        C: MODE X
        C: STRU P
        C: NOOP
        C: XYZZY
        S: 215 UNIX Type: L8
        S: 200 UTF8 ON set.
        S: 200 Type set to I.
        S: 504 Mode X is not implemented.
        S: 504 Structure P is not implemented.
        S: 200 NOOP okay.
        S: 500 XYZZY not understood.`,
    },
  ]);

  it('takes verbs in any case, and bare line feeds', async () => {
    const talk = await play(login);
    await talk.say('noop\nNoOp\n');
    await talk.step('S: 200 NOOP okay.');
    await talk.step('S: 200 NOOP okay.');
  });

  it('takes the Telnet layer off', async () => {
    const talk = await play(login);
    await talk.say(Uint8Array.from([255, 251, 1, 255, 244, 255, 242, 0x4e, 0x4f, 0x4f, 0x50, 13, 10]));
    await talk.step('S: 200 NOOP okay.');
    await talk.say(Uint8Array.from([0x43, 0x57, 0x44, 0x20, 255, 255, 13, 10]));
    await talk.step('S: 550 ÿ: No such file or directory.');
  });

  it('refuses a line above the limit, and goes on', async () => {
    const talk = await play(login);
    await talk.say(`CWD ${'x'.repeat(5000)}\r\nNOOP\r\n`);
    await talk.step('S: 500 Line too long.');
    await talk.step('S: 200 NOOP okay.');
  });

  it('takes command lines byte by byte', async () => {
    const talk = await play(login);
    for (const byte of new TextEncoder().encode('SIZE docs/Grüße.txt\r\n')) {
      await talk.say(Uint8Array.of(byte));
    }
    await talk.step('S: 550 SIZE is not available in TYPE A.');
  });
});

describe('reference server, names and directories', () => {
  playAll([
    {
      title: 'walks directories',
      dialogue: `${login}
        C: CWD docs
        S: 250 Directory is now /docs.
        C: CWD missing
        S: 550 missing: No such file or directory.
        C: CWD Grüße.txt
        S: 550 Grüße.txt: Not a directory.
        C: CDUP
        S: 250 Directory is now /.
        C: CWD ../..
        S: 250 Directory is now /.`,
    },
    {
      title: 'doubles quotes in 257',
      dialogue: `${login}
        C: MKD say "hi"
        S: 257 "/say ""hi""" created.
        C: CWD say "hi"
        S: 250 Directory is now /say "hi".
        C: PWD
        S: 257 "/say ""hi""" is the current directory.`,
    },
    {
      title: 'keeps blanks at both ends of a name',
      dialogue: `${login}
        C: MKD  x 
        S: 257 "/ x " created.
        C: RMD x
        S: 550 x: No such file or directory.
        C: RMD  x 
        S: 250 Removed.`,
    },
    {
      title: 'renames over a file, and only after RNFR',
      dialogue: `${login}
        C: RNTO b.txt
        S: 503 RNFR first.
        C: RNFR a.txt
        C: RNTO docs/Grüße.txt
        S: 350 Ready for RNTO.
        S: 250 Renamed.
        C: RNFR a.txt
        S: 550 a.txt: No such file or directory.
        C: RNFR docs
        S: 350 Ready for RNTO.
        C: NOOP
        S: 200 NOOP okay.
        C: RNTO other
        S: 503 RNFR first.`,
    },
    {
      title: 'refuses what rmdir, mkdir and unlink refuse',
      dialogue: `${login}
        C: RMD docs
        S: 550 docs: Directory not empty.
        C: MKD docs
        S: 550 docs: File exists.
        C: DELE docs
        S: 550 docs: Is a directory.
        C: RMD empty
        S: 250 Removed.
        C: DELE link
        S: 250 Deleted.`,
    },
    {
      title: 'tells and sets times and modes',
      dialogue: `${login}
        C: MDTM a.txt
        S: 213 20240506070809
        C: MDTM 20230102030405 a.txt
        S: 213 Modify=20230102030405; a.txt
        C: MFMT 20220102030405 docs/Grüße.txt
        S: 213 Modify=20220102030405; docs/Grüße.txt
        C: MDTM docs/Grüße.txt
        S: 213 20220102030405
        C: MFMT 20220231030405 a.txt
        S: 501 Syntax error in the argument.
        C: SITE UTIME 202101020304 a.txt
        S: 200 SITE UTIME okay.
        C: SITE UTIME a.txt 20200101000000 20210506070809 20200101000000 UTC
        S: 200 SITE UTIME okay.
        C: MDTM a.txt
        S: 213 20210506070809
        C: SITE CHMOD 600 a.txt
        S: 200 SITE CHMOD okay.
        C: MLST a.txt
        S: 250-Facts
        S:  type=file;size=8;modify=20210506070809;perm=adfrw;unix.mode=0600; /a.txt
        S: 250 End
        C: TYPE I
        S: 200 Type set to I.
        C: SIZE a.txt
        S: 213 8
        C: SIZE docs
        S: 550 docs: Is a directory.
        C: MLST link
        S: 250-Facts
        S:  type=OS.unix=slink:docs/Grüße.txt;modify=20240102030405;perm=adfrw;unix.mode=0777; /link
        S: 250 End`,
    },
    {
      title: 'lists over the control connection',
      dialogue: `${login}
        C: STAT docs
        S: 213-Status of docs
        S: -rw-r--r--    1 web      web                 0 Jan  2 03:04 .hidden
        S: -rw-r--r--    1 web      web                 5 Jan  1  2020 Grüße.txt
        S: 213 End
        C: STAT missing
        S: 550 missing: No such file or directory.
        C: STAT
        S: 211-Status
        S:  Logged in as web
        S: 211 End`,
    },
  ]);
});
