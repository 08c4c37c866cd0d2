import { concatBytes } from '../../base/bytes';
import type { Entry } from '../listing/entry';
import { parseListing } from '../listing/parseListing';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { joinPath } from '../protocol/pathname';
import { refusal } from '../protocol/refusal';
import type { Sink } from '../dtp/receiver';
import { startReceiving } from '../dtp/startFlow';
import type { TransferResult } from '../dtp/transfer';
import { explain } from './explain';
import { kindsOf } from './kindOf';
import type { Link } from './link';

/** What is in a directory: by MLSD where there is one, else by LIST. Symbolic links know what they lead to. */
export async function list(link: Link, path: string): Promise<Entry[]> {
  try {
    return await resolveLinks(link, path, await readDirectory(link, path));
  } catch (error) {
    throw await explain(link, error, path, 'list');
  }
}

async function readDirectory(link: Link, path: string): Promise<Entry[]> {
  if (link.can('MLSD') || link.can('MLST')) {
    try {
      return parse(link, 'mlsd', await receive(link, path, { verb: 'MLSD', argument: path }));
    } catch (error) {
      if (!(error instanceof FtpError) || error.code !== 'not-supported') throw error;
      link.learnFrom('MLSD', error.reply);
      link.learnFrom('MLST', error.reply);
    }
  }
  return parse(link, 'list', await listInside(link, path));
}

/**
 * LIST without a path, from inside the directory. A path with blanks, or one that begins with `-`, would be taken for
 * options; and of a missing directory vsftpd lists nothing, with 226: CWD refuses it.
 */
async function listInside(link: Link, path: string): Promise<Uint8Array> {
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
  if (error instanceof FtpError && error.reply && error.facts.command === 'LIST') return undefined;
  throw error;
}

async function receive(link: Link, path: string, command: Command, enter?: Command): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const result = await link.transfer({
    command,
    path,
    direction: 'down',
    prelude: enter ? [enter] : [],
    check: ([entered]) => {
      if (entered && entered.code >= 400) throw refusal(entered, 'CWD', path);
    },
    start: (begun) => startReceiving(begun, collector(chunks, path), Infinity, link.options),
  });
  return wholeListing(result, concatBytes(chunks), command, path);
}

function collector(chunks: Uint8Array[], path: string): Sink {
  let count = 0;
  return {
    write: (bytes) => {
      count += bytes.length;
      if (count > maxListingBytes) return Promise.reject(tooLarge(path, count));
      chunks.push(bytes.slice());
      return undefined;
    },
  };
}

function tooLarge(path: string, bytes: number): FtpError {
  return new FtpError('too-large', 'The listing is too large to be one.', { facts: { path, bytes } });
}

/** A listing announces no size, so that a 226 proves little: a reset, or a line without its end, tells of a cut. */
function wholeListing(
  result: TransferResult,
  bytes: Uint8Array,
  { verb }: Command,
  path: string,
): Uint8Array {
  // RFC 3659 §7.2: each entry of MLSD ends with CR LF. Of LIST nothing is promised; but where TLS ended without
  // close_notify, as it always does on IIS, whole lines and the reply are all there is to go by.
  const endsWithLine = verb === 'MLSD' || result.end === 'truncated';
  const halfLine = endsWithLine && bytes.length > 0 && bytes.at(-1) !== lineFeed;
  if (result.end !== 'broken' && !halfLine) return bytes;
  throw new FtpError('data-cut', 'The listing broke off.', { facts: { path, bytes: bytes.length } });
}

const lineFeed = 0x0a;

/** 40 MiB hold some 400 000 entries: more than a person can look at, less than would exhaust the host. */
const maxListingBytes = 40 * 1024 * 1024;

function parse(link: Link, format: 'mlsd' | 'list', bytes: Uint8Array): Entry[] {
  const context = {
    now: link.options.clock.wallTime(),
    decode: (name: Uint8Array) => link.control.encoding.decode(name),
  };
  const { entries, unparsed } = parseListing(bytes, format, context);
  if (entries.length === 0 && unparsed > 0) {
    throw new FtpError('listing-unknown', 'The listing has a format that is not known.');
  }
  return entries;
}

/** A link shows where it points, not what is there; one batch asks for all of them. */
async function resolveLinks(link: Link, path: string, entries: Entry[]): Promise<Entry[]> {
  const isLink = (entry: Entry): boolean => entry.type === 'symlink' && entry.targetType === undefined;
  const paths = entries.filter(isLink).map(({ name }) => joinPath(path, name));
  if (paths.length === 0) return entries;
  const kinds = (await kindsOf(link, paths)).values();
  return entries.map((entry) => {
    const kind = isLink(entry) ? kinds.next().value : undefined;
    return kind === undefined || kind === 'absent' ? entry : { ...entry, targetType: kind };
  });
}
