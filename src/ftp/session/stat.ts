import type { Entry } from '../listing/entry';
import { parseMlstLine } from '../listing/mlsd';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { parseTimeValue } from '../protocol/facts';
import { baseName, parentPath } from '../protocol/pathname';
import { refusal } from '../protocol/refusal';
import type { Reply } from '../protocol/reply';
import { explain } from './explain';
import { kindOf } from './kindOf';
import type { Link } from './link';
import { list } from './list';
import { sizeFrom } from './sizeFrom';

/** One path: by MLST where there is one, else by SIZE, MDTM and CWD together, else from its directory's listing. */
export async function stat(link: Link, path: string): Promise<Entry> {
  try {
    return (
      (await statByMlst(link, path)) ?? (await statByParts(link, path)) ?? (await statByListing(link, path))
    );
  } catch (error) {
    throw await explain(link, error, path, 'read');
  }
}

// MLST /www/index.php
// 250-Begin
//  type=file;size=12944;modify=20261120140200; /www/index.php
// 250 End.
async function statByMlst(link: Link, path: string): Promise<Entry | undefined> {
  if (!link.can('MLST')) return undefined;
  const reply = await link.command('MLST', path);
  link.learnFrom('MLST', reply);
  if (reply.code >= 500 && link.refuses('MLST')) return undefined;
  if (reply.code >= 400) throw refusal(reply, 'MLST', path);
  const entry = entryIn(link, reply);
  if (!entry) return undefined;
  const named = { ...entry, name: baseName(path) };
  return named.type === 'symlink' ? withTarget(link, path, named) : named;
}

function entryIn(link: Link, reply: Reply): Entry | undefined {
  const context = { now: 0, decode: (bytes: Uint8Array) => link.control.encoding.decode(bytes) };
  for (const line of reply.bytes.slice(1, -1)) {
    const entry = parseMlstLine(line, context);
    if (entry) return entry;
  }
  return undefined;
}

async function withTarget(link: Link, path: string, entry: Entry): Promise<Entry> {
  const kind = await kindOf(link, path);
  return kind === 'absent' ? entry : { ...entry, targetType: kind };
}

// SIZE /www/index.php   213 12944
// MDTM /www/index.php   213 20261120140200
// CWD /www/index.php    550 Failed to change directory.
async function statByParts(link: Link, path: string): Promise<Entry | undefined> {
  const verbs = ['SIZE', 'MDTM', 'CWD'].filter((verb) => !link.refuses(verb));
  const replies = await link.batch(verbs.map((verb): Command => ({ verb, argument: path })));
  verbs.forEach((verb, index) => link.learnFrom(verb, replies[index]));
  const replyTo = (verb: string): Reply | undefined => replies[verbs.indexOf(verb)];
  const directory = replyTo('CWD');
  const modified = timeFrom(replyTo('MDTM'));
  const found = { name: baseName(path), ...(modified && { modified }) };
  if (directory && directory.code < 300) return { ...found, type: 'directory' };
  const size = sizeFrom(replyTo('SIZE'));
  return size === undefined ? undefined : { ...found, type: 'file', size };
}

function timeFrom(reply: Reply | undefined): Entry['modified'] {
  return reply?.code === 213 ? parseTimeValue((reply.lines[0] ?? '').slice(4).trim()) : undefined;
}

async function statByListing(link: Link, path: string): Promise<Entry> {
  const name = baseName(path);
  const entry = (await list(link, parentPath(path))).find((candidate) => candidate.name === name);
  if (entry) return entry;
  throw new FtpError('not-found', `${path} is not in the listing of its directory.`, { facts: { path } });
}
