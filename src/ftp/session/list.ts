import type { Entry } from '../listing/entry';
import type { ListingCommand } from '../listing/parseListing';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { joinPath } from '../protocol/pathname';
import { refusal } from '../protocol/refusal';
import { replyText, type Reply } from '../protocol/reply';
import { startReceiving } from '../dtp/startFlow';
import type { TransferResult } from '../dtp/transferRequest';
import { explain } from './explain';
import { kindsOf, type Kind } from './kindOf';
import type { Link } from './link';
import { canListByStatus, giveUpStatus, listByStatus } from './listByStatus';
import { ListingSink } from './listingSink';

/**
 * What is in a directory: by MLSD where there is one, else by STAT where that is safe, else by LIST. Symbolic links know
 * what they lead to.
 */
export async function list(
  link: Link,
  path: string,
  kindKnown: KindKnown = () => undefined,
): Promise<Entry[]> {
  try {
    return await resolveLinks(link, path, await readDirectory(link, path), kindKnown);
  } catch (error) {
    throw await explain(link, error, path, 'list');
  }
}

async function readDirectory(link: Link, path: string): Promise<Entry[]> {
  if (link.can('MLSD') || link.can('MLST')) {
    try {
      return entriesOf(await receive(link, path, { verb: 'MLSD', argument: path }));
    } catch (error) {
      if (!(error instanceof FtpError) || error.code !== 'not-supported') throw error;
      link.learnFrom('MLSD', error.reply);
      link.learnFrom('MLST', error.reply);
    }
  }
  const byStatus = canListByStatus(link);
  if (byStatus) {
    const told = sinkFor(link, path, 'list');
    if (await listByStatus(link, path, told)) return entriesOf(told);
  }
  const listing = await listInside(link, path);
  // Of a directory that it may not read, LIST tells nothing either.
  if (byStatus && listing.length > 0) giveUpStatus(link);
  return entriesOf(listing);
}

/**
 * LIST without a path, from inside the directory. A path with blanks, or one that begins with `-`, would be taken for
 * options; and of a missing directory vsftpd lists nothing, with 226: CWD refuses it.
 */
async function listInside(link: Link, path: string): Promise<ListingSink> {
  const { learned } = link.profile;
  const enter = { verb: 'CWD', argument: path };
  if (learned.listAll !== false) {
    const all = await receive(link, path, { verb: 'LIST', argument: '-a' }, enter).catch(forgiveOption);
    if (all && (all.length > 0 || learned.listAll)) {
      learned.listAll = true;
      return all;
    }
  }
  // Nothing, or a refusal: a server that takes `-a` for a name (Windows CE, RepRap). One without it decides.
  const plain = await receive(link, path, { verb: 'LIST' }, enter);
  if (plain.length > 0 && learned.listAll === undefined) learned.listAll = false;
  return plain;
}

/** A refusal of LIST itself; that of CWD is about the directory. */
function forgiveOption(error: unknown): undefined {
  if (!(error instanceof FtpError)) throw error;
  if (isNegative(error.reply) && error.facts.command === 'LIST') return undefined;
  throw error;
}

function isNegative(reply: Reply | undefined): boolean {
  return reply !== undefined && reply.code >= 400;
}

async function receive(link: Link, path: string, command: Command, enter?: Command): Promise<ListingSink> {
  const how = command.verb === 'MLSD' ? 'mlsd' : 'list';
  let sink = sinkFor(link, path, how);
  const result = await link.transfer({
    command,
    path,
    direction: 'down',
    prelude: enter ? [enter] : [],
    isShort: true,
    // LIST may be out by then: what it lists is the wrong directory, and is thrown away.
    review: ([entered]) => {
      if (entered && isNegative(entered)) throw refusal(entered, 'CWD', path);
    },
    start: (begun) => {
      sink = sinkFor(link, path, how);
      link.closeOurHalf(begun);
      return startReceiving(begun, sink, Infinity, link.options);
    },
  });
  return wholeListing(result, sink, command, path);
}

function sinkFor(link: Link, path: string, how: ListingCommand): ListingSink {
  const { clock } = link.options;
  const decode = (name: Uint8Array): string => link.control.encoding.decode(name);
  return new ListingSink(how, { now: clock.wallTime(), decode }, path, clock);
}

/** A listing announces no size, so that a 226 proves little: a reset, or a line without its end, tells of a cut. */
function wholeListing(
  result: TransferResult,
  listing: ListingSink,
  { verb }: Command,
  path: string,
): ListingSink {
  if (listing.length === 0 && result.reply) assertOpened(result.reply, verb, path);
  // RFC 3659 §7.2: each entry of MLSD ends with CR LF. Of LIST nothing is promised; but where TLS ended without
  // close_notify, as it always does on IIS, whole lines and the reply are all there is to go by.
  const needsLine = verb === 'MLSD' || result.end === 'truncated';
  if (result.end !== 'broken' && (listing.endsWithLine || !needsLine)) return listing;
  throw new FtpError('data-cut', 'The listing broke off.', { facts: { path, bytes: listing.length } });
}

// 226 Transfer done (but failed to open directory).
/** vsftpd says so of a directory that may be entered, but not read: it is not empty. */
function assertOpened(reply: Reply, command: string, path: string): void {
  const said = replyText(reply);
  if (!said.includes('failed to open directory')) return;
  throw new FtpError('no-permission', `${command} refused: ${said}`, {
    reply,
    facts: { command, path, said },
  });
}

function entriesOf(listing: ListingSink): Entry[] {
  const { entries, unparsed } = listing.take();
  if (entries.length === 0 && unparsed > 0) {
    throw new FtpError('listing-unknown', 'The listing has a format that is not known.');
  }
  return entries;
}

type KindKnown = (link: Entry) => Kind | undefined;

/** A link shows where it points, not what is there; one batch asks for all that are not known. */
async function resolveLinks(
  link: Link,
  path: string,
  entries: Entry[],
  kindKnown: KindKnown,
): Promise<Entry[]> {
  const links = entries.filter((entry) => entry.type === 'symlink' && entry.targetType === undefined);
  if (links.length === 0) return entries;
  const kinds = new Map(links.map((entry) => [entry, kindKnown(entry)]));
  const open = links.filter((entry) => kinds.get(entry) === undefined);
  const paths = open.map(({ name }) => joinPath(path, name));
  const told = paths.length > 0 ? await kindsOf(link, paths) : [];
  for (const [index, entry] of open.entries()) kinds.set(entry, told[index]);
  return entries.map((entry) => {
    const kind = kinds.get(entry);
    return kind === undefined || kind === 'absent' ? entry : { ...entry, targetType: kind };
  });
}
