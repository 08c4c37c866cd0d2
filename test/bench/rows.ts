import type { DaemonName } from '../servers/daemon';

/** The daemons whose round trips are counted. */
export type Counted = Extract<DaemonName, 'vsftpd' | 'proftpd' | 'pure-ftpd'>;

export const counted: readonly Counted[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

export interface RowFacts {
  readonly title: string;
  /** Round trips that Portside may take at most. */
  readonly bar: Readonly<Record<Counted, number>>;
  /** Contains a login, from which the server's own time is taken off: ProFTPD's is a third of a second. */
  readonly signsIn?: true;
}

const everywhere = (bar: number): RowFacts['bar'] => ({ vsftpd: bar, proftpd: bar, 'pure-ftpd': bar });
const slower = (others: number, pure: number): RowFacts['bar'] => ({
  vsftpd: others,
  proftpd: others,
  'pure-ftpd': pure,
});

/** The operations of an editor, and what each may cost over a long link, plain FTP. */
export const rows = {
  'first folder': { title: 'connect, log in, list: unknown server', bar: slower(9.3, 8.3), signsIn: true },
  'known server': { title: 'the same, server remembered', bar: slower(7.3, 6.3), signsIn: true },
  list: { title: 'list a directory after a pause', bar: slower(2.2, 1.2) },
  read: { title: 'read a small file after a pause', bar: everywhere(1.2) },
  write: { title: 'write a small file after a pause, size verified', bar: slower(2.2, 1.2) },
  'twenty stats': {
    title: 'stat of 20 unknown files, window grown',
    bar: { vsftpd: 2.2, proftpd: 1.2, 'pure-ftpd': 1.2 },
  },
  'known stat': { title: 'stat of a known file', bar: everywhere(0) },
  'absent stat': { title: 'stat of a file known to be absent', bar: everywhere(0) },
  rename: { title: 'rename', bar: everywhere(1.2) },
  delete: { title: 'delete', bar: everywhere(1.2) },
  'make directory': { title: 'make a directory', bar: everywhere(1.2) },
  'twenty in turn': {
    title: '20 small files, passive, one after another',
    bar: { vsftpd: 64, proftpd: 84, 'pure-ftpd': 44 },
  },
  'twenty at once': {
    title: '20 small files, passive, all at once',
    bar: { vsftpd: 64, proftpd: 84, 'pure-ftpd': 44 },
  },
  'twenty active': {
    title: '20 small files, active, all at once',
    bar: { vsftpd: 45, proftpd: 64, 'pure-ftpd': 24 },
  },
} as const satisfies Record<string, RowFacts>;

export type Row = keyof typeof rows;

export const rowNames = Object.keys(rows) as Row[];

/** What the account finds where it arrives: sixty small files in a folder. */
export const benchFolder = 'bench';
export const benchFiles: readonly string[] = Array.from({ length: 60 }, (_, n) => `file-${n + 10}.txt`);
export const benchContent = 'one line of a small text file\n'.repeat(40);
