import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { formatTimeValue } from '../protocol/facts';
import { refusal } from '../protocol/refusal';
import { severityOf, type Reply } from '../protocol/reply';
import { change } from './change';
import { explain } from './explain';
import type { Link } from './link';

// MFMT 20261120140200 /www/index.php          213 Modify=20261120140200; /www/index.php
// MDTM 20261120140200 /www/index.php          213 File modification time set.   (vsftpd)
// SITE UTIME 20261120140200 /www/index.php    200 UTIME okay.
/** By the first of the three ways that the server takes; what it does not know is not tried again. */
export async function setModified(link: Link, path: string, time: number): Promise<void> {
  const stamp = formatTimeValue(time).slice(0, wholeSeconds);
  const ways: readonly (Command & { readonly key: string })[] = [
    { key: 'MFMT', verb: 'MFMT', argument: `${stamp} ${path}` },
    { key: 'MDTM with a time', verb: 'MDTM', argument: `${stamp} ${path}` },
    { key: 'SITE UTIME', verb: 'SITE', argument: `UTIME ${stamp} ${path}` },
  ];
  let last: Reply | undefined;
  for (const { key, ...command } of ways) {
    if (link.refuses(key)) continue;
    const [reply] = await link.batch([command]);
    if (reply && severityOf(reply) === 'completed') return;
    link.learnFrom(key, reply);
    last = reply ?? last;
  }
  const facts = { path, command: 'MFMT' };
  const error = last
    ? refusal(last, 'MFMT', path)
    : new FtpError('not-supported', 'The server sets no times.', { facts });
  throw await explain(link, error, path, 'change');
}

/** YYYYMMDDHHMMSS: no known server sets fractions. */
const wholeSeconds = 14;

// SITE CHMOD 644 /www/index.php    200 SITE CHMOD command ok.
export async function setMode(link: Link, path: string, mode: number): Promise<void> {
  const octal = (mode & 0o7777).toString(8).padStart(3, '0');
  await change(link, { verb: 'SITE', argument: `CHMOD ${octal} ${path}` }, path, 'change');
}
