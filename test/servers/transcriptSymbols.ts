import { hostname } from 'node:os';

export interface Setting {
  readonly user: string;
  readonly password: string;
  readonly home: string;
  readonly folder: string;
  /** The server's port for control connections. */
  readonly port: number;
}

/** Puts symbols for what differs from run to run and from machine to machine: ports, dates, paths, speeds. */
export function withSymbols(line: string, setting: Setting): string {
  const { folder, home, user, password, port } = setting;
  const plain = line
    .replaceAll(folder, '<folder>')
    .replaceAll(home === '/' ? '"/"' : home, home === '/' ? '"<home>"' : '<home>')
    .replaceAll(password, '<password>');
  return patterns
    .reduce((text, [pattern, symbol]) => text.replace(pattern, symbol), plain)
    .replaceAll(new RegExp(`\\b(${user}|${hostname()}|port: ${port})\\b`, 'g'), (found) =>
      found === user ? '<user>' : found === hostname() ? '<hostname>' : 'port: <port>',
    );
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/127,0,0,1,\d+,\d+/g, '<host>,<port>'],
  [/\|1\|127\.0\.0\.1\|\d+\|/g, '|1|<host>|<port>|'],
  [/\(\|\|\|\d+\|\)/g, '(|||<port>|)'],
  [/127\.0\.0\.1(:\d+)?|\blocalhost\b/g, '<host>'],
  // MDTM, facts. The time somebody sets stays.
  [/(?<!C: MFMT .*)\b\d{14}(\.\d+)?\b/g, '<time>'],
  // A transfer we cut: 426 Transfer aborted; 458752 bytes transmitted. 426 Data connection: Broken pipe.
  [/(?<=Transfer aborted; )\d+/, '<count>'],
  [/(?<=426 Data connection: ).*/, '<reason>'],
  [/(?<=Connecting to port )\d+/, '<port>'],
  [/(?<=user number )\d+/, '<number>'],
  [/(?<=UNIX Type: L8 Version: ).*/, '<version>'],
  [/unique=[^;]*/g, 'unique=<unique>'],
  [/(UNIX\.(?:owner|group|ownername|groupname|uid|gid))=[^;]*/g, '$1=<owner>'],
  [/sizd=\d+|(?<=type=dir.*)size=\d+|size=\d+(?=.*type=[cp]?dir)/, 'size=<size>'],
  // -rw-r--r--   1 user     group          28 Nov 21 12:17 letter.txt
  [
    /^(.{3,4}-[-rwx]{9}) +\d+ +\S+ +\S+ +(\d+) +\w{3} +\d+ +[\d:]{4,5} /,
    '$1 <links> <owner> <group> $2 <date> ',
  ],
  // A folder's own size is the disk's business.
  [
    /^(.{3,4}d[-rwx]{9}) +\d+ +\S+ +\S+ +\d+ +\w{3} +\d+ +[\d:]{4,5} /,
    '$1 <links> <owner> <group> <size> <date> ',
  ],
  [/\btotal \d+/, 'total <blocks>'],
  // Pure-FTPd: 220-Local time is now 12:15. Server port: 20432.
  [/\btime is now [\d:]+/, 'time is now <clock>'],
  // 226 0.002 seconds (measured here), 14.02 Kbytes per second
  [
    /[\d.]+ seconds \(measured here\), [\d.]+ [KMG]?bytes per second/,
    '<seconds> seconds (measured here), <rate>',
  ],
];
