import type { ListingCommand } from '../../../src/ftp/listing/parseListing';

export interface ExpectedListing {
  readonly file: string;
  readonly how: ListingCommand;
  readonly format: string;
  /** One summary for each entry. */
  readonly entries: readonly string[];
}

/** Every line of these was understood; what is missing here was skipped. */
export const expectedListings: readonly ExpectedListing[] = [
  {
    file: 'vsftpd/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'file 600 807 1000:1000 2023-04-23T00:00:00Z day [.profile]',
      'directory 1777 4096 1000:1000 2024-03-09T23:59:00Z minute [incoming]',
      'file 644 73400320 1000:1000 2024-02-29T18:40:00Z minute [leap day.bin]',
      'symlink 777 - 1000:1000 2024-01-05T09:07:00Z minute [current] -> [releases/42]',
      'unknown 644 0 1000:1000 2024-01-05T09:07:00Z minute [pipe]',
      'file 644 5368709120 1000:1000 1999-12-31T00:00:00Z day [five gigabytes]',
    ],
  },
  {
    file: 'proftpd/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'directory 755 4096 ftp:ftp 2024-03-09T08:15:00Z minute [docs]',
      'file 644 531 ftp:ftp 2024-01-29T03:26:00Z minute [name]',
      'file 7755 10240 root:wheel 1993-09-02T00:00:00Z day [every special bit]',
      'file 7644 10240 root:wheel 1993-09-02T00:00:00Z day [special bits without x]',
      'symlink 777 - ftp:ftp 2021-07-01T00:00:00Z day [latest] -> [docs]',
      'file 644 531 someverylongowner:someverylonggroup 2024-01-29T03:26:00Z minute [long owners]',
    ],
  },
  {
    file: 'pure-ftpd/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'directory 755 4096 1000:ftpgroup 2024-03-09T08:15:00Z minute [docs]',
      'file 644 531 1000:ftpgroup 2024-01-29T03:26:00Z minute [name]',
      'file 644 531 1000:ftpgroup 2019-01-29T00:00:00Z day [2014 report]',
      'symlink 777 - 1000:ftpgroup 2024-03-01T12:00:00Z minute [link] -> [/srv/a -> b/]',
    ],
  },
  {
    file: 'pyftpdlib/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'directory 775 4096 jo:staff 2024-03-09T08:15:00Z minute [docs]',
      'file 644 531 jo:staff 2024-01-29T03:26:00Z minute [name]',
      'file 644 0 jo:staff 2008-09-11T00:00:00Z day [old]',
      'symlink 777 - jo:staff 2024-03-09T08:15:00Z minute [link] -> [name]',
    ],
  },
  {
    file: 'inetutils-ftpd/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'directory 755 4096 root:root 2024-03-09T08:15:00Z minute [docs]',
      'file 644 531 root:root 2024-01-29T03:26:00Z minute [name]',
      'file 664 531 root:staff 2024-01-29T03:26:00Z minute [with an access list]',
      'file 664 531 root:staff 2005-06-07T21:22:00Z minute [in ISO style]',
      'unknown 660 - root:disk 2024-03-09T08:15:00Z minute [sda]',
      'unknown 666 - root:root 2024-03-09T08:15:00Z minute [null]',
      'unknown 755 0 root:root 2024-03-09T08:15:00Z minute [socket]',
      'symlink 777 - root:root 2024-03-09T08:15:00Z minute [link] -> [name]',
    ],
  },
  {
    file: 'iis/good.txt',
    how: 'list',
    format: 'dos',
    entries: [
      'directory - - - 2000-04-27T21:09:00Z minute [licensed]',
      'directory - - - 2000-07-18T10:16:00Z minute [  two blanks before]',
      'file - 589 - 2069-04-14T00:00:00Z minute [readme.htm]',
      'file - 0 - 1999-12-31T23:59:00Z minute [four digits]',
      'file - 5368709120 - 2024-02-29T12:30:00Z minute [ one blank before]',
      'symlink - - - 2024-03-09T08:15:00Z minute [Documents] -> [C:\\Users\\jo\\Documents] directory',
      'symlink - - - 2024-03-09T08:15:00Z minute [current] -> [releases [42]] directory',
      'symlink - - - 2024-03-09T08:15:00Z minute [latest.txt] file',
    ],
  },
  {
    file: 'traps/good.txt',
    how: 'list',
    format: 'unix',
    entries: [
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [ a ]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [29 Jul 02:27 2014 Inv]',
      'file 644 531 root:other 1993-09-02T00:00:00Z day [1993]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [__proto__]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [total 7]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [...]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [a -> b]',
      'symlink 777 - root:other 2024-01-29T03:26:00Z minute [a -> b] -> [c/d]',
      'symlink 777 - root:other 2024-01-29T03:26:00Z minute [a] -> [b -> c/d]',
      'symlink 777 - root:other 2024-01-29T03:26:00Z minute [a] -> [b -> c/d]',
      'symlink 777 - root:other 2024-01-29T03:26:00Z minute [no arrow]',
      'file 644 531 root 2024-01-29T03:26:00Z minute [no group]',
      'file 644 531 - 2024-01-29T03:26:00Z minute [no owner]',
      'file 644 531 - 2024-01-29T03:26:00Z minute [no links]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [owner without links]',
      'file 644 531 jo:domain users 2024-01-29T03:26:00Z minute [blank in group]',
      'file 644 123456 owner:longgroup 2024-01-29T03:26:00Z minute [glued]',
      'file 644 - owner:group0123 2024-01-29T03:26:00Z minute [glued, ambiguous]',
      'file 644 - www1 2024-01-29T03:26:00Z minute [no size]',
      'file 644 - root:other 2024-01-29T03:26:00Z minute [rounded]',
      'file 644 - root:other 2024-01-29T03:26:00Z minute [beyond numbers]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [day first]',
      'file 644 531 root:other 1993-09-02T00:00:00Z day [day first, small month]',
      'file 644 531 root:other 2005-06-07T21:22:33Z second [with seconds]',
      'file 644 531 root:other - [in no calendar]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [one digit]',
      'file 644 531 root:other 2024-01-29T03:26:00Z minute [tabs]',
      'directory 755 4096 root:other 2024-01-29T03:26:00Z minute [blank before the mode]',
      'symlink 777 - root:other 2024-01-29T03:26:00Z minute [a] -> [b]',
      'unknown 660 - root:disk 2024-01-29T03:26:00Z minute [glued device]',
    ],
  },
  {
    file: 'proftpd/mlsd-good.txt',
    how: 'mlsd',
    format: 'mlsd',
    entries: [
      'directory 2775 - ftp:ftp 2024-03-09T08:15:00Z second perm=flcdmpe [docs]',
      'file 644 531 ftp:ftp 2024-01-29T03:26:11Z second perm=adfrw [name]',
      'symlink 777 - 105:50 2021-07-01T00:00:00Z second perm=adfrw [latest]',
      'symlink 777 - 105:50 2021-07-01T00:00:00Z second perm=adfrw [newest] -> [docs]',
    ],
  },
  {
    file: 'pure-ftpd/mlsd-good.txt',
    how: 'mlsd',
    format: 'mlsd',
    entries: [
      'directory 755 4096 1000:1000 2024-03-09T08:15:00Z second [docs]',
      'file 644 531 1000:1000 2024-01-29T03:26:11Z second [name]',
    ],
  },
  {
    file: 'pyftpdlib/mlsd-good.txt',
    how: 'mlsd',
    format: 'mlsd',
    entries: [
      'directory - 4096 - 2024-03-09T08:15:00Z second perm=elcmdfpmt [docs]',
      'file - 531 - 2024-01-29T03:26:11Z second perm=radfwmt [name]',
      'file - 0 - 2024-01-29T03:26:11Z second perm=radfwmt [total 7]',
    ],
  },
  {
    file: 'traps/mlsd-good.txt',
    how: 'mlsd',
    format: 'mlsd',
    entries: [
      'symlink - - - 2024-01-29T03:26:11Z second [link with target] -> [/etc/passwd]',
      'symlink - - - 2024-01-29T03:26:11Z second [link in capitals]',
      'symlink - - - 2024-01-29T03:26:11Z second [link without target]',
      'file - 531 - 2024-01-29T03:26:11.500Z millisecond perm=rw [all in capitals]',
      'file - 531 - 2024-01-29T03:26:11Z second [last semicolon missing]',
      'file - - - - [__proto__]',
      'file - - - - [ a ]',
      'directory - - - - [not a dot]',
      'file - - - - [facts that are no numbers]',
      'file - 532 - - [said twice]',
      'unknown - - - - [empty type]',
      'unknown - 7 - - [no type]',
      'unknown - - - - [foreign type]',
      'unknown - - - - [name without facts]',
      'directory 1777 - - - [whole st_mode]',
      'file - - jo:staff - [owners]',
    ],
  },
];

/** No line of these is an entry. `skipped`: how many of them are understood all the same. */
export const entrylessListings: readonly { file: string; how: ListingCommand; skipped: number }[] = [
  { file: 'vsftpd/bad.txt', how: 'list', skipped: 4 },
  { file: 'proftpd/bad.txt', how: 'list', skipped: 2 },
  { file: 'pure-ftpd/bad.txt', how: 'list', skipped: 2 },
  { file: 'pyftpdlib/bad.txt', how: 'list', skipped: 1 },
  { file: 'inetutils-ftpd/bad.txt', how: 'list', skipped: 1 },
  { file: 'iis/bad.txt', how: 'list', skipped: 3 },
  { file: 'traps/bad.txt', how: 'list', skipped: 6 },
  { file: 'proftpd/mlsd-bad.txt', how: 'mlsd', skipped: 3 },
  { file: 'traps/mlsd-bad.txt', how: 'mlsd', skipped: 6 },
];
