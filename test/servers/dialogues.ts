import { once } from 'node:events';
import type { Dialogue } from './dialogue';
import { receiveAll, sendAll } from './wireClient';

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Dialogues of somebody who has not logged in yet. */
export const strangers: Record<string, (server: Dialogue, account: Account) => Promise<void>> = {
  greeting: async (server) => {
    await server.hear();
    await server.ask('QUIT');
    await server.hear();
  },
  login: async (server, { user, password }) => {
    await server.hear();
    await server.ask(`USER ${user}`, `PASS ${password}`, 'PWD', 'QUIT');
  },
  'login-refused': async (server, { user }) => {
    await server.hear();
    await server.ask(`USER ${user}`, 'PASS wrong');
  },
  'before-login': async (server) => {
    await server.hear();
    await server.ask('PWD', 'PASS early', 'FEAT', 'AUTH TLS');
  },
};

/** Dialogues of a user in the probe folder (see probeFolder.ts). A name says what it is about. */
export const dialogues: Record<string, (server: Dialogue) => Promise<void>> = {
  system: (server) => server.ask('SYST', 'NOOP', 'noop', 'ALLO 100', 'XYZZY', 'OPTS UTF8 ON'),
  features: (server) => server.ask('FEAT'),
  'missing-argument': (server) => server.ask('SIZE', 'RETR', 'RNTO', 'DELE'),
  directory: (server) =>
    server.ask('PWD', 'CWD absent', 'CWD letter.txt', 'CWD cellar', 'PWD', 'CDUP', 'PWD'),
  size: (server) => server.ask('TYPE I', 'SIZE letter.txt', 'SIZE absent', 'SIZE cellar'),
  'size-in-ascii': (server) => server.ask('TYPE A', 'SIZE letter.txt'),
  'modification-time': (server) => server.ask('MDTM letter.txt', 'MDTM absent', 'MDTM cellar'),
  'commands-in-one-segment': async (server) => {
    server.say('MDTM letter.txt', 'MDTM absent', 'MDTM .hidden', 'PWD', 'MDTM letter.txt');
    await server.hearFinal(5);
  },
  'set-modification-time': (server) =>
    server.ask('MFMT 20200203040506 letter.txt', 'MFMT 20200203040506 absent'),
  'change-mode': (server) => server.ask('SITE CHMOD 644 letter.txt', 'SITE CHMOD 644 absent'),
  'status-of-folder': (server) => server.ask('STAT .'),
  'status-of-absent': (server) => server.ask('STAT absent'),
  'status-of-file': (server) => server.ask('STAT letter.txt'),
  'status-and-restart-in-one-segment': async (server) => {
    server.say('CWD cellar', 'STAT .', 'REST 271828182', 'REST 0');
    await server.hearFinal(4);
  },
  'facts-of-one': (server) => server.ask('MLST letter.txt', 'MLST absent'),
  types: (server) => server.ask('TYPE I', 'TYPE A', 'TYPE A N', 'TYPE L 8', 'TYPE E', 'TYPE X'),
  modes: (server) => server.ask('MODE S', 'MODE B', 'MODE C', 'MODE Z', 'MODE X'),
  structures: (server) => server.ask('STRU F', 'STRU R', 'STRU P', 'STRU X'),
  'passive-forms': (server) => server.ask('EPSV', 'PASV', 'EPSV 1', 'EPSV 2', 'EPSV 3', 'EPSV ALL', 'PASV'),
  'active-forms': async (server) => {
    const { command } = await server.listen();
    const { port } = await server.listen(); // pyftpdlib dials at once
    await server.ask(command, `PORT 127,0,0,1,${port >> 8},${port & 255}`, 'EPRT |3|host|1|', 'PORT 1,2,3');
  },
  'third-host': (server) => server.ask('PORT 127,0,0,2,156,64', 'EPRT |1|127.0.0.2|40000|'),
  'no-rendezvous': async (server) => {
    // SYST asks whether the server is still waiting for something: 215 answers nothing else.
    server.say('RETR letter.txt', 'SYST');
    await server.hearUntil('215');
  },
  'abort-idle': (server) => server.ask('ABOR', 'NOOP'),
  list: async (server) => server.fetch('LIST', await server.openPassive()),
  'list-with-pasv': async (server) => server.fetch('LIST cellar', await server.openPassive('PASV')),
  'list-of-absent': async (server) => server.fetch('LIST absent', await server.openPassive()),
  names: async (server) => server.fetch('NLST', await server.openPassive()),
  'machine-listing': async (server) => server.fetch('MLSD', await server.openPassive()),
  retrieve: async (server) => {
    await server.ask('TYPE I');
    await server.fetch('RETR letter.txt', await server.openPassive());
  },
  'retrieve-in-ascii': async (server) => {
    await server.ask('TYPE A');
    await server.fetch('RETR letter.txt', await server.openPassive());
  },
  'retrieve-the-rest': async (server) => {
    await server.ask('TYPE I');
    const data = await server.openPassive();
    await server.ask('REST 5');
    await server.fetch('RETR letter.txt', data);
  },
  'restart-then-other-commands': async (server) => {
    await server.ask('TYPE I', 'REST 5');
    await server.fetch('RETR letter.txt', await server.openPassive());
  },
  'retrieve-actively': async (server) => {
    const { command, accepted } = await server.listen();
    await server.ask('TYPE I', command);
    server.say('RETR letter.txt');
    await server.hear();
    const bytes = await receiveAll(await accepted);
    await server.hearFinal();
    server.arrived(bytes);
  },
  'port-and-retrieve-in-one-segment': async (server) => {
    const { command, accepted } = await server.listen();
    await server.ask('TYPE I');
    server.say(command, 'RETR letter.txt');
    const bytes = await receiveAll(await accepted);
    await server.hear(3);
    server.arrived(bytes);
  },
  'passive-and-retrieve-in-one-segment': async (server) => {
    await server.ask('TYPE I');
    server.say('EPSV', 'RETR letter.txt');
    const bytes = await receiveAll(await server.dial(await server.hear()));
    await server.hear(2);
    server.arrived(bytes);
  },
  'retrieve-absent-then-present': async (server) => {
    const data = await server.openPassive();
    await server.ask('RETR absent');
    await server.fetch('RETR letter.txt', data);
  },
  'retrieve-folder': async (server) => server.fetch('RETR cellar', await server.openPassive()),
  'retrieve-cut-by-client': async (server) => {
    await server.ask('TYPE I');
    const data = await server.openPassive();
    server.say('RETR large.bin');
    await server.hear();
    data.resume();
    await once(data, 'data');
    data.destroy();
    await server.hear(); // Pure-FTPd's last word here is preliminary
    await server.ask('NOOP');
  },
  store: async (server) => {
    await server.ask('TYPE I');
    await server.store('STOR new.txt', await server.openPassive(), 'one');
    await server.store('STOR new.txt', await server.openPassive(), 'two');
    await server.store('APPE new.txt', await server.openPassive(), 'three');
    const data = await server.openPassive();
    await server.ask('REST 3');
    await server.store('STOR new.txt', data, 'THREE');
    await server.fetch('RETR new.txt', await server.openPassive());
    await server.ask('DELE new.txt');
  },
  'store-refused': async (server) =>
    server.store('STOR absent/new.txt', await server.openPassive(), 'never sent'),
  'store-and-size-in-one-segment': async (server) => {
    await server.ask('TYPE I');
    const data = await server.openPassive();
    server.say('STOR new.txt', 'SIZE new.txt');
    await server.hear();
    await sendAll(data, Buffer.from('twelve bytes'));
    await server.hear(2);
    await server.ask('DELE new.txt');
  },
  rename: (server) =>
    server.ask(
      ...['RNFR absent', 'RNTO new.txt', 'RNFR letter.txt', 'RNTO absent/new.txt'],
      ...['RNFR letter.txt', 'NOOP', 'RNTO new.txt'],
      ...['RNFR letter.txt', 'RNTO new.txt', 'RNFR new.txt', 'RNTO letter.txt'],
    ),
  'rename-and-delete-in-one-segment': async (server) => {
    await server.ask('TYPE I');
    await server.store('STOR new.txt', await server.openPassive(), 'one');
    server.say('RNFR new.txt', 'RNTO newer.txt', 'DELE newer.txt', 'DELE newer.txt');
    await server.hearFinal(4);
  },
  folders: (server) =>
    server.ask(
      ...['MKD new', 'MKD new', 'MKD absent/new', 'DELE new', 'RMD absent', 'RMD letter.txt'],
      ...['MKD new/inner', 'RMD new', 'RMD new/inner', 'RMD new'],
    ),
  'names-with-quotes-and-accents': (server) =>
    server.ask('MKD a "b"', 'RMD a "b"', 'MKD caf\xc3\xa9', 'RMD caf\xc3\xa9'),
};
