import type { Account } from './dialogues';
import type { SecureDialogue } from './secureDialogue';

/** Dialogues about TLS, in a folder with the file letter.txt, each on a control connection of its own. */
export const tlsDialogues: Record<string, (server: SecureDialogue, account: Account) => Promise<void>> = {
  features: async (server) => {
    await server.hear();
    await server.ask('FEAT');
    await server.secure();
    await server.ask('FEAT');
  },
  'other-mechanisms': async (server) => {
    await server.hear();
    await server.ask('AUTH', 'AUTH GSSAPI', 'AUTH TLS-P', 'PBSZ 0', 'PROT P', 'CCC');
  },
  'ssl-for-tls': async (server) => {
    await server.hear();
    await server.secure('AUTH SSL');
    await server.ask('PROT P', 'AUTH TLS');
  },
  protection: async (server, { user, password }) => {
    await server.hear();
    await server.secure();
    await server.ask('PROT P', 'PBSZ 0', 'PBSZ 100', 'PROT S', 'PROT E', 'PROT X', 'PROT C', 'PROT P');
    await server.ask(`USER ${user}`, `PASS ${password}`, 'PROT C', 'PROT P', 'AUTH TLS');
  },
  'clear-commands': async (server, account) => {
    await server.arrive(account);
    await server.ask('CCC');
  },
  'server-to-server': async (server, account) => {
    await server.arrive(account);
    await server.ask('CPSV', 'SSCN', 'SSCN ON', 'SSCN', 'SSCN OFF');
  },
  transfers: async (server, account) => {
    await server.arrive(account);
    await server.transfer('RETR letter.txt');
    await server.transfer('STOR new.txt', { text: 'two words' });
    await server.transfer('STOR empty.txt', { text: '' });
    await server.transfer('RETR empty.txt');
    await server.transfer('RETR new.txt');
    await server.ask('DELE new.txt', 'DELE empty.txt', 'QUIT');
  },
  'session-not-resumed': async (server, account) => {
    await server.arrive(account);
    await server.transfer('RETR letter.txt', { resume: false });
    await server.transfer('RETR letter.txt');
  },
  'upload-without-close-notify': async (server, account) => {
    await server.arrive(account);
    await server.transfer('STOR new.txt', { text: 'two words', end: 'FIN' });
    await server.ask('SIZE new.txt', 'DELE new.txt');
  },
  'refused-then-granted': async (server, account) => {
    await server.arrive(account);
    await server.transfer('RETR absent');
    await server.transfer('RETR letter.txt');
  },
};

/** Dialogues with a server that requires TLS for everything. */
export const strictDialogues: typeof tlsDialogues = {
  'login-in-clear': async (server, { user, password }) => {
    await server.hear();
    await server.ask(`USER ${user}`, `PASS ${password}`, 'QUIT');
  },
  'data-in-clear': async (server, { user, password }) => {
    await server.hear();
    await server.secure();
    await server.ask(`USER ${user}`, `PASS ${password}`, 'PBSZ 0', 'PROT C');
    server.say('EPSV');
    const [offer] = await server.hear();
    if (offer?.startsWith('229')) await server.ask('RETR letter.txt');
  },
};
