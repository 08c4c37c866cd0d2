// Theory of operation
//
// A copy holds the turns of both sessions, taken in one fixed order, so that two copies that go opposite ways cannot
// wait for each other. It looks at both ends, moves the bytes into a temporary name beside the target, keeps the
// modification time, compares the sizes, and renames at the end: whatever breaks, no partial file stays under the final
// name. Only where a server does not take such a name, or does not rename, the bytes go there directly, and after a
// failure the error says what is left.
import type { Random } from '../../base/random';
import { grouped } from '../../base/grouped';
import { addFacts, FtpError } from '../protocol/errors';
import type { Dialect } from '../relay/dialects';
import { FileCopy, type Copied, type PairMemory } from './copyFile';
import type { CopyEnd } from './copyParts';
import type { CopyOptions } from './ftpSession';
import type { Operations, Perform, Plan } from './operations';

/** A session of ours as an end of a copy. */
export interface CopyParty {
  readonly operations: Operations;
  readonly dialect: Dialect | undefined;
  readonly random: Random;
  /** Whose turn is taken first. */
  readonly serial: number;
  /** By target. */
  readonly pairs: WeakMap<Operations, PairMemory>;
}

/** Paths are normal. */
export async function copyBetween(
  from: CopyParty,
  path: string,
  to: CopyParty,
  targetPath: string,
  options: CopyOptions,
): Promise<Copied> {
  const within = from.operations === to.operations;
  const memory = memoryOf(from, to);
  const work = (source: Perform, target: Perform): Promise<Copied> => {
    const [start, end] = [endOf(from, path, source), endOf(to, targetPath, target)];
    return new FileCopy(start, end, within, memory, from.random, options).run();
  };
  const how = within ? '' : `, ${howText(from, to, memory, options)}`;
  const where = within ? targetPath : `${to.operations.name}:${targetPath}`;
  const sending = planOf(path, `Copy ${path} to ${where}${how}`, options);
  if (within) return from.operations.run({ ...sending, run: (perform) => work(perform, perform) });
  const receiving = planOf(
    targetPath,
    `Copy ${from.operations.name}:${path} to ${targetPath}${how}`,
    options,
  );
  return inBothTurns(
    [from, { ...sending, peer: to.operations.name }],
    [to, { ...receiving, peer: from.operations.name }],
    work,
  );
}

type CopyPlan = Omit<Plan<Copied>, 'run'>;

async function inBothTurns(
  [from, sending]: readonly [CopyParty, CopyPlan],
  [to, receiving]: readonly [CopyParty, CopyPlan],
  work: (source: Perform, target: Perform) => Promise<Copied>,
): Promise<Copied> {
  if (from.serial < to.serial) {
    return from.operations.run({
      ...sending,
      run: (source, signal) =>
        to.operations.run({ ...receiving, signal, run: (target) => work(source, target) }),
    });
  }
  return to.operations.run({
    ...receiving,
    run: (target, signal) =>
      from.operations.run({ ...sending, signal, run: (source) => work(source, target) }),
  });
}

function planOf(path: string, begin: string, { signal }: CopyOptions): CopyPlan {
  return { name: 'copy', urgency: 'bulk', path, signal, begin, end: endText };
}

function howText(
  from: CopyParty,
  to: CopyParty,
  memory: PairMemory,
  { route = 'relay' }: CopyOptions,
): string {
  if (route === 'relay' || (route === 'auto' && memory.relay !== undefined)) return 'through this computer';
  const passive = memory.listening === 'source' ? from : to;
  return `server to server, ${passive.operations.name} passive`;
}

function endText({ route, size, sizesEqual }: Copied): string {
  const bytes = size === undefined ? '' : ` ${grouped(size)} bytes`;
  return `Copied${bytes} ${route === 'direct' ? 'directly' : 'through this computer'}${sizesEqual ? ', sizes equal' : ''}`;
}

function endOf({ operations, dialect }: CopyParty, path: string, perform: Perform): CopyEnd {
  const { name } = operations;
  const performHere: Perform = (step) => perform(step).catch((error: unknown) => rejectAt(name, error));
  return { name, path, perform: performHere, dialect, note: (text) => operations.note(text) };
}

/** Of two servers, whose error it is. */
function rejectAt(side: string, error: unknown): never {
  throw error instanceof FtpError && error.facts.side === undefined ? addFacts(error, { side }) : error;
}

function memoryOf({ pairs }: CopyParty, { operations }: CopyParty): PairMemory {
  const known = pairs.get(operations);
  if (known) return known;
  const memory: PairMemory = {};
  pairs.set(operations, memory);
  return memory;
}
