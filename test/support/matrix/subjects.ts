import type { Entry, FtpSession } from '../../../src/ftp';
import { equalBytes } from '../../../src/base/bytes';
import type { MemoryFiles } from '../server/memoryFiles';
import type { CaseId, Scenario } from './caseId';

/** One operation of the matrix: how it is done, and what the model says of it. */
export interface Subject {
  run(session: FtpSession, signal: AbortSignal | undefined): Promise<unknown>;
  /** What is wrong with a value that was resolved with; undefined: nothing. */
  wrongValue(value: unknown, id: CaseId): string | undefined;
  /** What is wrong with the tree; undefined: nothing. */
  wrongTree(files: MemoryFiles, resolved: boolean): string | undefined;
  /** Another client, in the middle of it all. */
  interfere(files: MemoryFiles): void;
  /** Whether the tree is as it was before. */
  untouched(files: MemoryFiles): boolean;
}

export const target = '/target.bin';
export const note = '/note.txt';
const folder = '/box';
const source = `${folder}/from.bin`;
const moved = `${folder}/to.bin`;
const intruder = `${folder}/intruder`;

const oldBytes = pattern(3000, 7);
const newBytes = pattern(4000, 11);
const otherBytes = pattern(1234, 13);
const listed = Array.from({ length: 24 }, (_, index) => `entry-${String(index).padStart(2, '0')}`);

/** The tree before the operation. */
export function furnish(files: MemoryFiles): void {
  files.put(target, oldBytes).put(note, 'a note').put(source, oldBytes);
  listed.forEach((name, index) => files.put(`${folder}/${name}`, new Uint8Array(index)));
}

export const subjects: Readonly<Record<Scenario['operation'], Subject>> = {
  list: {
    run: (session, signal) => session.list(folder, withSignal(signal)),
    wrongValue: (value, id) => wrongListing(summary(value), id),
    wrongTree: (files) => unless(targetIs(files, oldBytes) && isIntact(files), 'list changed files'),
    interfere: (files) => void files.put(intruder, ''),
    untouched: isIntact,
  },
  read: {
    run: (session, signal) => session.read(target, withSignal(signal)),
    wrongValue: (value) => unless(isOneOf(value, [oldBytes, otherBytes]), `read ${show(value)}`),
    wrongTree: (files) => unless(isOneOf(files.at(target), [oldBytes, otherBytes]), 'read changed the file'),
    interfere: (files) => void files.put(target, otherBytes),
    untouched: (files) => targetIs(files, oldBytes),
  },
  write: {
    run: (session, signal) => session.write(target, newBytes, withSignal(signal)),
    wrongValue: (value) => unless(value === undefined, `write resolved with ${show(value)}`),
    wrongTree: wrongAfterWrite,
    interfere: (files) => void files.put(target, otherBytes),
    untouched: (files) => targetIs(files, oldBytes),
  },
  rename: {
    run: (session, signal) => session.rename(source, moved, withSignal(signal)),
    wrongValue: (value) => unless(value === undefined, `rename resolved with ${show(value)}`),
    wrongTree: wrongAfterRename,
    interfere: (files) => void files.put(moved, otherBytes),
    untouched: (files) => isOneOf(files.at(source), [oldBytes]) && !files.at(moved),
  },
};

/** What the second phase lists. */
export const rootNames = ['box', 'note.txt', 'target.bin'];

/** Names that no operation may leave behind. */
export function leftOvers(files: MemoryFiles): string[] {
  const known = ['from.bin', 'to.bin', 'intruder', ...listed];
  const strange = files.names(folder).filter((name) => !known.includes(name));
  return [...strange, ...files.names('/').filter((name) => !rootNames.includes(name))];
}

/** A listing as lines that can be compared. */
function summary(value: unknown): string[] {
  return (value as Entry[]).map(({ name, type, size }) => `${name} ${type} ${size}`);
}

function wrongListing(lines: string[], id: CaseId): string | undefined {
  const expected = [...listed.map((name, index) => `${name} file ${index}`), 'from.bin file 3000'];
  const own = lines.filter((line) => line !== 'intruder file 0');
  // Stream mode, 226, no size: an end at a line's end is an end.
  const comparable = endsUnseen(id) ? expected.slice(0, own.length) : expected;
  return unless(own.join() === comparable.join(), `listed ${own.join()}`);
}

function endsUnseen({ point, kind }: CaseId): boolean {
  if (kind === 'reset-as-end') return !point.startsWith('reply') && !point.startsWith('out');
  return point.startsWith('in') && kind === 'cut-226';
}

/** Direct STOR: the old bytes, a beginning of the new ones and a failure, or the new ones. */
function wrongAfterWrite(files: MemoryFiles, resolved: boolean): string | undefined {
  const there = files.at(target);
  if (!there) return 'the target is gone';
  if (isOneOf(there, [newBytes, otherBytes])) return undefined;
  if (resolved) return `write resolved; ${there.length} bytes are there`;
  const begun = equalBytes(there, newBytes.subarray(0, there.length));
  return unless(begun || equalBytes(there, oldBytes), `${there.length} bytes of neither version`);
}

function wrongAfterRename(files: MemoryFiles, resolved: boolean): string | undefined {
  const [from, to] = [files.at(source), files.at(moved)];
  if (resolved && from) return 'rename resolved; the old name is there';
  if (!isOneOf(from ?? to, [oldBytes, otherBytes])) return 'the file is lost, or not the same';
  return unless(!from || !to || equalBytes(to, otherBytes), 'both names are there');
}

function isIntact(files: MemoryFiles): boolean {
  const names = files.names(folder).filter((name) => name !== 'intruder');
  return names.join() === [...listed, 'from.bin'].join();
}

function targetIs(files: MemoryFiles, bytes: Uint8Array): boolean {
  return isOneOf(files.at(target), [bytes]);
}

function isOneOf(value: unknown, versions: readonly Uint8Array[]): boolean {
  return value instanceof Uint8Array && versions.some((version) => equalBytes(value, version));
}

function unless(fine: boolean, complaint: string): string | undefined {
  return fine ? undefined : complaint;
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function pattern(length: number, step: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * step) % 251);
}
