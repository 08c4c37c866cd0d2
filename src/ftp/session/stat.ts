import type { Entry } from '../listing/entry';
import { parseMlstLine } from '../listing/mlsd';
import type { Command } from '../protocol/command';
import { FtpError, RemoteProtocolError } from '../protocol/errors';
import { parseTimeValue } from '../protocol/facts';
import { baseName, parentPath } from '../protocol/pathname';
import { refusal } from '../protocol/refusal';
import type { Reply } from '../protocol/reply';
import { sizesOnlyFiles } from '../protocol/serverProgram';
import { explainEach } from './explain';
import { kindsOf } from './kindOf';
import type { Link } from './link';
import { list } from './list';
import { sizeFrom } from './sizeFrom';

type Answer = Entry | FtpError;

/**
 * What is at each path, in their order: by MLST where there is one, else by SIZE, MDTM and CWD together, else from its
 * directory's listing. Rejects only when nothing can be asked any more.
 */
export async function stat(link: Link, paths: readonly string[]): Promise<Answer[]> {
  const found = (await statByMlst(link, paths)) ?? (await statByParts(link, paths));
  const answers: Answer[] = [];
  for (const [index, path] of paths.entries()) {
    answers.push(found[index] ?? (await statByListing(link, path)));
  }
  return explained(link, paths, answers);
}

async function explained(
  link: Link,
  paths: readonly string[],
  answers: readonly Answer[],
): Promise<Answer[]> {
  const failures = answers.flatMap((error, index) =>
    error instanceof FtpError ? [{ error, path: paths[index] ?? '' }] : [],
  );
  const better = await explainEach(link, failures, 'read');
  return answers.map((answer) => {
    const index = failures.findIndex(({ error }) => error === answer);
    return better[index] ?? answer;
  });
}

// MLST /www/index.php
// 250-Begin
//  type=file;size=12944;modify=20261120140200; /www/index.php
// 250 End.
/** Undefined: there is no MLST. Undefined for a path: it did not tell. */
async function statByMlst(link: Link, paths: readonly string[]): Promise<(Answer | undefined)[] | undefined> {
  if (!link.can('MLST')) return undefined;
  const replies = await link.batch(paths.map((path): Command => ({ verb: 'MLST', argument: path })));
  for (const reply of replies) link.learnFrom('MLST', reply);
  if (link.refuses('MLST')) return undefined;
  if (paths.length > 1 && !link.profile.learned.fenced) assertInOrder(link, paths, replies);
  const found = paths.map((path, index) => fromMlst(link, path, replies[index]));
  return withTargets(link, paths, found);
}

/** A name that can only be that of another means that it is not known which reply is whose: one by one, then. */
function assertInOrder(link: Link, paths: readonly string[], replies: readonly Reply[]): void {
  const stray = replies.find((reply, index) => {
    const told = reply.code < 300 ? entryIn(link, reply) : undefined;
    return told && isOfAnother(told.name, index, paths);
  });
  if (!stray) return;
  link.profile.learned.fenced = true;
  const error = new RemoteProtocolError('The server answered out of order.', { reply: stray });
  link.control.lose(error);
  throw error;
}

/** `name`: bare, or a whole path. */
function isOfAnother(name: string, index: number, paths: readonly string[]): boolean {
  const asked = paths[index] ?? '';
  if (name === asked) return false;
  if (paths.includes(name)) return true;
  const sameName = (path: string): boolean => baseName(path) === baseName(name);
  return !sameName(asked) && paths.some(sameName);
}

function fromMlst(link: Link, path: string, reply: Reply | undefined): Answer | undefined {
  // 501: it does not take this path, and its directory's listing may tell.
  if (!reply || reply.code === 501) return undefined;
  if (reply.code >= 400) return refusal(reply, 'MLST', path);
  const entry = entryIn(link, reply);
  return entry && { ...entry, name: baseName(path) };
}

function entryIn(link: Link, reply: Reply): Entry | undefined {
  const context = { now: 0, decode: (bytes: Uint8Array) => link.control.encoding.decode(bytes) };
  for (const line of reply.bytes.slice(1, -1)) {
    const entry = parseMlstLine(line, context);
    if (entry) return entry;
  }
  return undefined;
}

/** What the symbolic links among them lead to. */
async function withTargets(
  link: Link,
  paths: readonly string[],
  found: readonly (Answer | undefined)[],
): Promise<(Answer | undefined)[]> {
  const links = paths.filter((_, index) => isLink(found[index]));
  if (links.length === 0) return [...found];
  const kinds = (await kindsOf(link, links)).values();
  return found.map((answer) => {
    if (!isLink(answer)) return answer;
    const kind = kinds.next().value;
    return kind === undefined || kind === 'absent' ? answer : { ...answer, targetType: kind };
  });
}

function isLink(answer: Answer | undefined): answer is Entry {
  return answer !== undefined && !(answer instanceof FtpError) && answer.type === 'symlink';
}

// SIZE /www/index.php   213 12944
// MDTM /www/index.php   213 20261120140200
// CWD /www/index.php    550 Failed to change directory.
/** Of many paths, those that have a size are not asked whether they are directories. */
async function statByParts(link: Link, paths: readonly string[]): Promise<(Entry | undefined)[]> {
  const isShort = paths.length <= fewPaths || !sizesOnlyFiles(link.profile.program);
  const parts = await partsOf(link, paths, isShort ? ['SIZE', 'MDTM', 'CWD'] : ['SIZE', 'MDTM']);
  const unsized = isShort
    ? []
    : paths.filter((_, index) => sizeFrom(parts[index]?.get('SIZE')) === undefined);
  const entered = await partsOf(link, unsized, ['CWD']);
  return paths.map((path, index) => {
    const directory = entered[unsized.indexOf(path)] ?? [];
    return fromParts(path, new Map([...(parts[index] ?? []), ...directory]));
  });
}

/** So many that all there is to ask of them leaves in one segment, even of short names. */
const fewPaths = 10;

/** The replies about each path, by their commands. */
async function partsOf(
  link: Link,
  paths: readonly string[],
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Reply>[]> {
  const verbs = wanted.filter((verb) => !link.refuses(verb));
  const questions = paths.flatMap((path) => verbs.map((verb): Command => ({ verb, argument: path })));
  const replies = (await link.batch(questions)).values();
  return paths.map(() => {
    const mine = new Map<string, Reply>();
    for (const verb of verbs) {
      const reply = replies.next().value;
      if (reply) mine.set(verb, reply);
    }
    mine.forEach((reply, verb) => link.learnFrom(verb, reply));
    return mine;
  });
}

function fromParts(path: string, parts: ReadonlyMap<string, Reply>): Entry | undefined {
  const modified = timeFrom(parts.get('MDTM'));
  const found = { name: baseName(path), ...(modified && { modified }) };
  const directory = parts.get('CWD');
  if (directory && directory.code < 300) return { ...found, type: 'directory' };
  const size = sizeFrom(parts.get('SIZE'));
  return size === undefined ? undefined : { ...found, type: 'file', size };
}

function timeFrom(reply: Reply | undefined): Entry['modified'] {
  return reply?.code === 213 ? parseTimeValue((reply.lines[0] ?? '').slice(4).trim()) : undefined;
}

async function statByListing(link: Link, path: string): Promise<Answer> {
  const name = baseName(path);
  try {
    const entry = (await list(link, parentPath(path))).find((candidate) => candidate.name === name);
    if (entry) return entry;
    const facts = { path };
    return new FtpError('not-found', `${path} is not in the listing of its directory.`, { facts });
  } catch (error) {
    if (!(error instanceof FtpError) || link.control.loss || link.signal.aborted) throw error;
    return error;
  }
}
