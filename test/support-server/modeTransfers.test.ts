import { login, playAll, sampleFiles } from './dialogue';

/** Logged in, TYPE I, in a mode; a.txt is `one\ntwo\n`. */
function inMode(mode: string, more = ''): string {
  return `${login}
    C: TYPE I
    S: 200 Type set to I.
    C: MODE ${mode}
    S: 200 Mode set to ${mode}.
    ${more}
    C: PASV
    S: 227 Entering Passive Mode (1,1,1,1,19,137).
    connect`;
}

const records = `C: STRU R
    S: 200 Structure set to R.`;

const opened = 'S: 150 Opening data connection for a.txt (8 bytes).';
const kept = 'S: 250 File transferred, the data connection stays open.';
const again = 'S: 125 Data connection already open.';
const wire = { keeps: true, blockSize: 100, endsApart: false, markerEvery: 0 };

describe('reference server, transmission modes', () => {
  playAll([
    {
      title: 'block mode: files both ways, and listings',
      dialogue: `${inMode('B')}
        C: RETR a.txt
        ${opened}
        H< 40 00 08 'one' 0a 'two' 0a
        ${kept}
        C: STOR new.txt
        ${again}
        H> 00 00 02 'ab' 40 00
        H> 01 'c'
        ${kept}
        C: APPE new.txt
        ${again}
        H> 40 00 01 'd'
        ${kept}
        C: SIZE new.txt
        S: 213 4
        C: NLST docs
        ${again}
        H< 40 00 0d 'Grüße.txt' 0d 0a
        ${kept}`,
    },
    {
      title: 'block mode: the end in a block of its own, blocks of few bytes',
      dialogue: `${inMode('B')}
        C: RETR a.txt
        ${opened}
        H< 00 00 05 'one' 0a 't' 00 00 03 'wo' 0a 40 00 00
        ${kept}
        C: LIST empty
        ${again}
        H< 40 00 00
        ${kept}`,
      options: { settings: { wire: { ...wire, blockSize: 5, endsApart: true } } },
    },
    {
      title: 'compressed mode: the same',
      dialogue: `${inMode('C')}
        C: RETR a.txt
        ${opened}
        H< 00 40 08 'one' 0a 'two' 0a
        ${kept}
        C: STOR new.txt
        ${again}
        H> c3 84
        H> 'd' 00 40 02 'ab'
        ${kept}
        C: SIZE new.txt
        S: 213 9
        C: NLST docs
        ${again}
        H< 00 40 0d 'Grüße.txt' 0d 0a
        ${kept}`,
    },
    {
      title: 'records in stream mode: the end is marked, and the connection closed all the same',
      dialogue: `${inMode('S', records)}
        C: RETR a.txt
        ${opened}
        H$ 'one' ff 01 'two' ff 03
        S: 226 Transfer complete.`,
    },
    {
      title: 'records in block and compressed mode',
      dialogue: `${inMode('B', records)}
        C: RETR a.txt
        ${opened}
        H< 80 00 03 'one' c0 00 03 'two'
        ${kept}
        C: STOR new.txt
        ${again}
        H> 80 00 01 'x' 00 00 01 'y' 80 00 00 c0 00 01 'z'
        ${kept}
        C: MODE C
        S: 200 Mode set to C.
        C: RETR new.txt
        S: 125 Data connection already open.
        H< 00 80 01 'x' 00 80 01 'y' 00 c0 01 'z'
        ${kept}
        C: NLST docs
        ${again}
        H< 00 c0 0b 'Grüße.txt'
        ${kept}`,
    },
    {
      title: 'a record upload in stream mode that lacks its end was cut',
      dialogue: `${inMode('S', records)}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 'one' ff 01
        end
        S: 426 Data connection lost.
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 'one' ff 01 'two' ff ff ff 02
        S: 226 Transfer complete.
        gone
        C: SIZE new.txt
        S: 213 8`,
    },
    {
      title: 'sends restart markers, and restarts at one',
      dialogue: `${inMode('B')}
        C: RETR a.txt
        ${opened}
        H< 00 00 05 'one' 0a 't' 10 00 02 '@5' 40 00 03 'wo' 0a
        ${kept}
        C: REST @5
        S: 350 Restarting at @5.
        C: RETR a.txt
        ${again}
        H< 40 00 03 'wo' 0a
        ${kept}
        C: REST x
        S: 501 x is no restart marker of ours.
        C: MODE C
        S: 200 Mode set to C.
        C: RETR a.txt
        ${again}
        H< 05 'one' 0a 't' 00 10 02 '@5' 00 40 03 'wo' 0a
        ${kept}
        C: MODE S
        S: 200 Mode set to S.
        C: REST @5
        S: 501 Syntax error in the argument.`,
      options: { settings: { wire: { ...wire, markerEvery: 5 } } },
    },
    {
      title: 'answers the markers of an upload, and takes the rest from there',
      dialogue: `${inMode('B')}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 00 00 03 'abc' 10 00 02 'm1' 00 00 01 'x'
        S: 110 MARK m1 = @3
        end
        S: 426 Data connection lost.
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect
        C: REST @3
        C: STOR new.txt
        S: 350 Restarting at @3.
        S: 150 Ready for the data.
        H> 40 00 01 'd'
        ${kept}
        C: RETR new.txt
        ${again}
        H< 40 00 04 'abcd'
        ${kept}`,
    },
    {
      title: 'keeps a data connection for as many files as it likes',
      dialogue: `${inMode('B')}
        C: RETR a.txt
        ${opened}
        H< 40 00 08 'one' 0a 'two' 0a
        ${kept}
        C: STOR new.txt
        ${again}
        H> 40 00 01 'd'
        S: 226 Transfer complete.
        gone
        C: RETR new.txt
        dial 2.2.2.2:4000 from 20
        S: 150 Opening data connection for new.txt (1 bytes).
        H< 40 00 01 'd'
        ${kept}`,
      options: { settings: { wire: { ...wire, keeps: 2 } } },
    },
    {
      title: 'or for none at all',
      dialogue: `${inMode('C')}
        C: RETR docs/Grüße.txt
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        H$ 00 40 05 'hello'
        S: 226 Transfer complete.
        end
        gone`,
      options: { settings: { wire: { ...wire, keeps: false } } },
    },
    {
      title: 'queued downloads follow one another on the data connection',
      dialogue: `${inMode('B')}
        C: RETR a.txt
        C: RETR missing
        C: RETR docs/Grüße.txt
        ${opened}
        ${kept}
        S: 550 missing: No such file or directory.
        ${again}
        H< 40 00 08 'one' 0a 'two' 0a 40 00 05 'hello'
        ${kept}`,
    },
    {
      title: 'queued uploads may come in one go',
      dialogue: `${inMode('B')}
        C: STOR x
        C: STOR y
        S: 150 Ready for the data.
        H> 40 00 01 'x' 00 00 01 'y' 40 00 00
        ${kept}
        ${again}
        ${kept}
        C: SIZE y
        S: 213 1`,
    },
    {
      title: 'sees that the client has closed the data connection between files',
      dialogue: `${inMode('B')}
        C: STOR x
        S: 150 Ready for the data.
        H> 40 00 01 'x'
        ${kept}
        end
        gone
        C: RETR x
        dial 2.2.2.2:4000 from 20
        S: 150 Opening data connection for x (1 bytes).
        H< 40 00 01 'x'
        ${kept}`,
    },
  ]);
});

/** RFC 959 §3.2: when the server must close the data connection. */
describe('reference server, when it closes', () => {
  const retrieved = `${inMode('B')}
    C: RETR docs/Grüße.txt
    S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
    H< 40 00 05 'hello'
    ${kept}`;
  const changes = [
    ['PORT', 'C: PORT 2,2,2,2,4,1', 'S: 200 PORT okay.'],
    ['EPRT', 'C: EPRT |1|2.2.2.2|1025|', 'S: 200 EPRT okay.'],
    ['PASV', 'C: PASV', 'S: 227 Entering Passive Mode (1,1,1,1,19,137).'],
    ['EPSV', 'C: EPSV', 'S: 229 Entering Extended Passive Mode (|||5001|).'],
  ] as const;

  playAll([
    {
      title: '1: a file in a mode that ends it by the close',
      dialogue: `${inMode('S')}
        C: RETR docs/Grüße.txt
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        D< hello
        S: 226 Transfer complete.`,
    },
    {
      title: '2: ABOR in mid-transfer',
      dialogue: `${inMode('B')}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 00 00 01 'a'
        C: ABOR
        S: 426 Transfer aborted.
        S: 226 Abort successful.
        gone`,
    },
    {
      title: '2: ABOR between transfers',
      dialogue: `${retrieved}
        C: ABOR
        S: 226 No transfer to abort.
        gone`,
    },
    ...changes.map(([verb, command, reply]) => ({
      title: `3: ${verb}`,
      dialogue: `${retrieved}
        ${command}
        ${reply}
        gone`,
    })),
    {
      title: '4: QUIT',
      dialogue: `${retrieved}
        C: QUIT
        S: 221 Goodbye.
        gone
        closed`,
    },
    {
      title: '4: the control connection ends without a word',
      dialogue: `${retrieved}
        hang up
        gone
        closed`,
    },
    {
      title: '5: a full disk',
      dialogue: `${inMode('B')}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 40 00 03 'abc'
        S: 452 No space left.
        gone`,
      options: { files: full() },
    },
    {
      title: '5: what came is no block',
      dialogue: `${inMode('B')}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 0f 00 01 'a'
        S: 451 Local error: failed.
        gone`,
    },
    {
      title: 'and not when a file is refused, or the mode changes',
      dialogue: `${retrieved}
        C: RETR missing
        S: 550 missing: No such file or directory.
        C: MODE C
        S: 200 Mode set to C.
        C: TYPE A
        S: 200 Type set to A.
        C: RETR docs/Grüße.txt
        ${again}
        H< 00 40 05 'hello'
        ${kept}`,
    },
    {
      title: '§5.2: the client has closed right behind its file: so does the server, and says 226',
      dialogue: `${inMode('B')}
        C: STOR new.txt
        S: 150 Ready for the data.
        H> 00 00 01 'a'
        H> 40 00 00
        ${kept}
        end
        gone`,
    },
  ]);
});

function full(): ReturnType<typeof sampleFiles> {
  const files = sampleFiles();
  files.freeBytes = 2;
  return files;
}
