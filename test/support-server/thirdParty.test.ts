import { login, playAll } from './dialogue';

const list = `S: 150 Here comes the listing.
  D< Grüße.txt|
  S: 226 Listing complete.`;

const thirdHosts = { settings: { thirdHosts: true } };
const historical = { settings: { thirdHosts: true, historical: true } };
const strict = { settings: { thirdHosts: true, historical: 'strict' } } as const;

/** The server's host is 1.1.1.1, its L is 21; the client is 2.2.2.2; the other server is 3.3.3.3. */
describe('reference server, third hosts', () => {
  playAll([
    {
      title: 'are refused unless allowed',
      dialogue: `${login}
        C: PORT 3,3,3,3,19,138
        S: 500 PORT to another host refused.
        C: EPRT |1|3.3.3.3|5002|
        S: 500 EPRT to another host refused.
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect 3.3.3.3
        gone
        connect
        C: NLST docs
        ${list}`,
    },
    {
      title: 'are dialled where PORT names them',
      dialogue: `${login}
        C: PORT 3,3,3,3,19,138
        S: 200 PORT okay.
        C: NLST docs
        dial 3.3.3.3:5002 from 20
        ${list}`,
      options: thirdHosts,
    },
    {
      title: 'may dial',
      dialogue: `${login}
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        C: NLST docs
        connect 3.3.3.3
        ${list}`,
      options: thirdHosts,
    },
  ]);
});

describe('reference server, RFC 438 and RFC 478', () => {
  playAll([
    {
      title: 'are unknown unless asked for',
      dialogue: `${login}
        C: LSTN R
        S: 500 LSTN not understood.
        C: SOCK 3.3.3.3 20
        S: 500 SOCK not understood.`,
      options: thirdHosts,
    },
    {
      title: 'SOCK: whom to dial, once',
      dialogue: `${login}
        C: SOCK 3.3.3.3 5002
        S: 200 SOCK okay.
        C: NLST docs
        dial 3.3.3.3:5002 from 20
        ${list}
        C: NLST docs
        dial 2.2.2.2:4000 from 20
        ${list}`,
      options: historical,
    },
    {
      title: 'SOCK wants an address and a port, and third hosts allowed',
      dialogue: `${login}
        C: SOCK
        S: 501 Syntax error in the argument.
        C: SOCK 3.3.3.3
        S: 501 Syntax error in the argument.
        C: SOCK host.example 20
        S: 501 Syntax error in the argument.
        C: SOCK 3.3.3.3 70000
        S: 501 Syntax error in the argument.
        C: SOCK 3.3.3.3 20
        S: 500 SOCK to another host refused.
        C: SOCK 2.2.2.2 5002
        S: 200 SOCK okay.`,
      options: { settings: { historical: true } },
    },
    {
      title: 'RFC 478: PASV after SOCK listens on L-1, for that peer alone',
      dialogue: `${login}
        C: SOCK 3.3.3.3 1020
        S: 200 SOCK okay.
        C: PASV
        S: 200 Listening on the data socket.
        listens 20
        connect 4.4.4.4
        gone
        connect
        gone
        C: NLST docs
        connect 3.3.3.3
        ${list}`,
      options: historical,
    },
    {
      title: 'RFC 438: LSTN S, and SOCK behind it: whom to admit',
      dialogue: `${login}
        C: LSTN S
        S: 255 5001
        connect 4.4.4.4
        C: SOCK 3.3.3.3 1020
        S: 200 SOCK okay.
        gone
        connect 3.3.3.3
        C: NLST docs
        ${list}`,
      options: historical,
    },
    {
      title: 'RFC 438: LSTN R is for receiving',
      dialogue: `${login}
        C: LSTN R
        S: 255 5001
        connect
        C: STOR new.txt
        S: 150 Ready for the data.
        D> hello
        end
        S: 226 Transfer complete.
        C: LSTN R
        S: 255 5001
        connect
        C: NLST docs
        S: 503 LSTN said otherwise.
        gone
        C: LSTN S
        S: 255 5001
        C: STOR new.txt
        S: 503 LSTN said otherwise.
        C: LSTN X
        S: 501 Syntax error in the argument.`,
      options: historical,
    },
    {
      title: 'strict: the port that SOCK names must be the peer’s, too',
      dialogue: `${login}
        C: LSTN S
        S: 255 5001
        C: SOCK 3.3.3.3 20
        S: 200 SOCK okay.
        connect 3.3.3.3
        gone
        C: SOCK 3.3.3.3 4001
        S: 200 SOCK okay.
        connect 3.3.3.3
        C: NLST docs
        ${list}`,
      options: strict,
    },
    {
      title: 'a data connection that stayed open goes when SOCK or LSTN comes',
      dialogue: `${login}
        C: MODE B
        S: 200 Mode set to B.
        C: LSTN S
        S: 255 5001
        connect
        C: NLST docs
        S: 150 Here comes the listing.
        H< 40 00 0d 'Grüße.txt' 0d 0a
        S: 250 File transferred, the data connection stays open.
        C: SOCK 3.3.3.3 20
        S: 200 SOCK okay.
        gone`,
      options: historical,
    },
  ]);
});
