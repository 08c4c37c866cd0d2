import assert from 'node:assert/strict';
import { vsftpd } from '../support/server/personas/vsftpd';
import { login, play, playAll, sampleFiles, Talk } from './dialogue';

const passive = `C: PASV
  S: 227 Entering Passive Mode (1,1,1,1,19,137).
  connect`;

describe('reference server, transfers', () => {
  playAll([
    {
      title: 'sends a file in TYPE I, from an offset, and in TYPE A',
      dialogue: `${login}
        C: TYPE I
        S: 200 Type set to I.
        ${passive}
        C: RETR a.txt
        S: 150 Opening data connection for a.txt (8 bytes).
        D< one\\ntwo\\n
        S: 226 Transfer complete.
        end
        C: EPSV
        S: 229 Entering Extended Passive Mode (|||5001|).
        connect
        C: REST 4
        C: RETR a.txt
        S: 350 Restarting at 4.
        S: 150 Opening data connection for a.txt (4 bytes).
        D< two\\n
        S: 226 Transfer complete.
        C: TYPE A
        S: 200 Type set to A.
        ${passive}
        C: RETR a.txt
        S: 150 Opening data connection for a.txt (8 bytes).
        D< one|two|
        S: 226 Transfer complete.`,
    },
    {
      title: 'lists in every form',
      dialogue: `${login}
        ${passive}
        C: LIST
        S: 150 Here comes the listing.
        D< -rw-r--r--    1 web      web                 8 May  6 07:08 a.txt|drwxr-xr-x    2 web      web              4096 Jan  2 03:04 docs|drwxr-xr-x    2 web      web              4096 Jan  2 03:04 empty|lrwxrwxrwx    1 web      web                16 Jan  2 03:04 link -> docs/Grüße.txt|
        S: 226 Listing complete.
        ${passive}
        C: NLST docs
        S: 150 Here comes the listing.
        D< Grüße.txt|
        S: 226 Listing complete.
        ${passive}
        C: NLST -a docs
        S: 150 Here comes the listing.
        D< .hidden|Grüße.txt|
        S: 226 Listing complete.
        ${passive}
        C: MLSD docs
        S: 150 Here comes the listing.
        D< type=cdir;modify=20240102030405;perm=cdeflmp;unix.mode=0755; .|type=pdir;modify=20240102030405;perm=cdeflmp;unix.mode=0755; ..|type=file;size=0;modify=20240102030405;perm=adfrw;unix.mode=0644; .hidden|type=file;size=5;modify=20200101000000;perm=adfrw;unix.mode=0644; Grüße.txt|
        S: 226 Listing complete.
        ${passive}
        C: LIST missing
        S: 550 missing: No such file or directory.
        C: MLSD a.txt
        S: 550 a.txt: Not a directory.`,
    },
    {
      title: 'commands behind a transfer wait for it',
      dialogue: `${login}
        ${passive}
        C: STOR new.txt
        C: NOOP
        S: 150 Ready for the data.
        D> hello|
        end
        S: 226 Transfer complete.
        S: 200 NOOP okay.`,
    },
    {
      title: 'a warm data connection outlives a refused command',
      dialogue: `${login}
        ${passive}
        C: RETR missing
        S: 550 missing: No such file or directory.
        C: RETR docs/Grüße.txt
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        D< hello
        S: 226 Transfer complete.`,
    },
    {
      title: 'ABOR stops a transfer with 426 and 226, STAT looks on',
      dialogue: `${login}
        ${passive}
        C: STOR new.txt
        S: 150 Ready for the data.
        D> part
        C: STAT
        S: 213 4 bytes so far.
        C: ABOR
        S: 426 Transfer aborted.
        S: 226 Abort successful.
        C: ABOR
        S: 226 No transfer to abort.`,
    },
    {
      title: 'a client that goes away gets 426',
      dialogue: `${login}
        ${passive}
        C: STOR new.txt
        S: 150 Ready for the data.
        D> part
        reset
        S: 426 Data connection lost.`,
    },
    {
      title: 'dials the announced port from L-1',
      dialogue: `${login}
        C: PORT 2,2,2,2,1,2
        C: RETR docs/Grüße.txt
        S: 200 PORT okay.
        dial 2.2.2.2:258 from 20
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        D< hello
        S: 226 Transfer complete.
        C: EPRT |1|2.2.2.2|300|
        C: NLST empty
        S: 200 EPRT okay.
        dial 2.2.2.2:300 from 20 address-in-use
        dial 2.2.2.2:300
        S: 150 Here comes the listing.
        D< 
        S: 226 Listing complete.
        C: EPRT |1|2.2.2.2|300|
        C: NLST empty
        S: 200 EPRT okay.
        dial 2.2.2.2:300 from 20 refused
        S: 425 Cannot open the data connection.`,
    },
    {
      title: 'without PORT and PASV it dials U from L-1; 425 when that pair is in use',
      dialogue: `${login}
        C: RETR docs/Grüße.txt
        dial 2.2.2.2:4000 from 20
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        D< hello
        S: 226 Transfer complete.
        C: RETR docs/Grüße.txt
        dial 2.2.2.2:4000 from 20 address-in-use
        S: 425 Cannot open the data connection.`,
    },
    {
      title: 'refuses third hosts, unless told otherwise',
      dialogue: `${login}
        C: PORT 3,3,3,3,1,2
        S: 500 PORT to another host refused.
        C: EPRT |3|x|4|
        S: 522 Network protocol not supported, use (1,2).
        C: PORT 1,2,3
        S: 501 Syntax error in the argument.
        C: EPSV 2
        S: 522 Network protocol not supported, use (1).
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect 3.3.3.3
        C: NLST empty
        time
        S: 425 Cannot open the data connection.`,
    },
    {
      title: 'takes third hosts when told so',
      options: { settings: { thirdHosts: true } },
      dialogue: `${login}
        C: PORT 3,3,3,3,1,2
        S: 200 PORT okay.
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect 3.3.3.3
        C: NLST docs
        S: 150 Here comes the listing.
        D< Grüße.txt|
        S: 226 Listing complete.`,
    },
    {
      title: 'after EPSV ALL only EPSV',
      dialogue: `${login}
        C: EPSV ALL
        S: 200 Only EPSV from now on.
        C: PASV
        C: PORT 2,2,2,2,1,2
        S: 501 Refused after EPSV ALL.
        S: 501 Refused after EPSV ALL.
        C: EPSV
        S: 229 Entering Extended Passive Mode (|||5001|).`,
    },
  ]);

  it('stores, appends, restarts and finds unique names', async () => {
    const talk = await play(`${login}
      C: TYPE I
      S: 200 Type set to I.
      ${passive}
      C: STOR new.txt
      S: 150 Ready for the data.
      D> hello
      end
      S: 226 Transfer complete.
      ${passive}
      C: APPE new.txt
      S: 150 Ready for the data.
      D>  world
      end
      S: 226 Transfer complete.
      ${passive}
      C: REST 6
      C: STOR new.txt
      S: 350 Restarting at 6.
      S: 150 Ready for the data.
      D> w
      D> o
      end
      S: 226 Transfer complete.
      ${passive}
      C: STOU
      S: 150 FILE: unique.1
      D> u
      end
      S: 226 Transfer complete.`);
    assert.equal(talk.files.text('/new.txt'), 'hello world');
    assert.deepEqual(
      talk.files.versions('/new.txt').map((bytes) => new TextDecoder().decode(bytes)),
      ['hello', 'hello world', 'hello world'],
    );
    assert.equal(talk.files.text('/unique.1'), 'u');
  });

  it('TYPE A takes CR LF apart however it is cut', async () => {
    const talk = await play(`${login}
      ${passive}
      C: STOR new.txt
      S: 150 Ready for the data.`);
    for (const byte of new TextEncoder().encode('a\r\nb\rc\r')) {
      await talk.tell({ kind: 'data-bytes', data: 'accepted-1', bytes: Uint8Array.of(byte) });
    }
    await talk.step('end');
    assert.equal(talk.files.text('/new.txt'), 'a\nb\rc\r');
  });

  it('says 452 when the disk is full, and keeps what it has', async () => {
    const files = sampleFiles();
    files.freeBytes = 5;
    const talk = await play(
      `${login}
      ${passive}
      C: STOR new.txt
      S: 150 Ready for the data.
      D> 12345
      D> 6
      S: 452 No space left.`,
      { files },
    );
    assert.equal(talk.files.text('/new.txt'), '12345');
  });

  it('holds the final reply until its FIN is acknowledged, as vsftpd does', async () => {
    const talk = new Talk({ persona: vsftpd });
    await talk.tell({ kind: 'control-opened' });
    await talk.say('USER web\r\nPASS secret\r\nEPSV\r\n');
    talk.said.length = 0;
    await talk.step('connect');
    await talk.say('RETR a.txt\r\n');
    await talk.step('S: 150 Opening BINARY mode data connection for a.txt (8 bytes).');
    assert.deepEqual(talk.said, []);
    await talk.tell({ kind: 'data-fin-acknowledged', data: 'accepted-1' });
    await talk.step('S: 226 Transfer complete.');
  });
});
