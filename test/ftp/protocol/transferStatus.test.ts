import assert from 'node:assert/strict';
import { bytesInStatus } from '../../../src/ftp/protocol/transferStatus';

const reply = (...lines: string[]) => ({
  code: 211,
  lines,
  bytes: lines.map((line) => new TextEncoder().encode(line)),
});

describe('bytes in the reply to STAT in mid-transfer', () => {
  const proftpd = [
    "211-Status of 'Portside'",
    ' Connected from 127.0.0.1 (127.0.0.1)',
    ' TYPE: BINARY, STRUcture: File, Mode: Stream',
    ' Total bytes transferred for session: 99',
    ' Passive data transfer from from 127.0.0.1 port 48350',
    ' STOR /new (2).iso (631072)',
    '211 End of status',
  ];
  const pyftpdlib = [
    '211-FTP server status:',
    ' Connected to: 127.0.0.1:37989',
    ' Data connection open:',
    ' Total bytes sent: 0',
    ' Total bytes received: 565536',
    ' Transfer elapsed time: 1.3 secs',
    '211 End of status.',
  ];
  const table: readonly [string, readonly string[], 'RETR' | 'STOR', number | undefined][] = [
    ['ProFTPD', proftpd, 'STOR', 631_072],
    ['ProFTPD, of another command', proftpd, 'RETR', undefined],
    ['pyftpdlib, upload', pyftpdlib, 'STOR', 565_536],
    ['pyftpdlib, download', pyftpdlib, 'RETR', 0],
    ['vsftpd', ['211-FTP server status:', '     TYPE: BINARY', '211 End of status'], 'STOR', undefined],
    ['no number', [' STOR /a ()', ' STOR /a (-1)', ' STOR /a (1e99)', ' STOR )'], 'STOR', undefined],
    [
      'no number behind the words',
      [' Total bytes received: many', ' Total bytes received:'],
      'STOR',
      undefined,
    ],
    ['Pure-FTPd', ['500 Unknown command'], 'STOR', undefined],
  ];
  for (const [title, lines, verb, bytes] of table) {
    it(title, () => assert.equal(bytesInStatus(reply(...lines), verb), bytes));
  }
});
