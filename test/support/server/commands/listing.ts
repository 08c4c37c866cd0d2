import { transferOver } from '../dataConnection';
import { nameOf, parentOf, type FileEntry, type FileFault } from '../files';
import { facts, longLine } from '../listingText';
import { download, type Source } from '../outgoing';
import type { ReplyKey } from '../replies';
import type { Session } from '../session';
import type { Task } from '../task';
import type { HandlerTable } from './handler';
import { refuseTransfer } from './transfer';

/** What is in a directory: RFC 959 §4.1.3 LIST, NLST and STAT, RFC 3659 §7 MLSD and MLST. */
export const listingCommands: HandlerTable = {
  LIST: { run: (session, argument) => list(session, 'LIST', argument, longLine) },
  NLST: { run: (session, argument) => list(session, 'NLST', argument, (entry) => entry.name) },
  MLSD: { run: listFacts },
  MLST: { run: showFacts },
  STAT: {
    *run(session, argument) {
      if (argument !== '') return yield* statPath(session, argument);
      const { transfer } = session;
      if (!transfer) return session.reply('STAT', 'status');
      const bytes = transfer.link?.moved ?? 0;
      const [sent, received] = transfer.command === 'RETR' ? [bytes, 0] : [0, bytes];
      session.reply('STAT', 'statusInTransfer', { verb: transfer.command, bytes, sent, received });
    },
  },
};

type Line = (entry: FileEntry, wallTime: number) => string;
type Found = { entries: FileEntry[]; folder: boolean } | { fault: FileFault };

function* list(session: Session, command: string, argument: string, line: Line): Task {
  const { all, path } = session.persona.listOptions ? splitOptions(argument) : { all: false, path: argument };
  const found = yield* find(session, path, { dots: all && command === 'LIST', hidden: all });
  if ('fault' in found) {
    if (session.persona.listAbsent === 'empty') return yield* sendLines(session, command, [], 'listAbsent');
    return refuseTransfer(session, command, 'listFailed', path, found.fault);
  }
  const lines = found.entries.map((entry) => line(entry, session.now));
  yield* sendLines(session, command, lines, 'listComplete');
}

function* listFacts(session: Session, argument: string): Task {
  const path = session.path(argument);
  const folder = yield* session.file('follow', path);
  if ('fault' in folder) return refuseTransfer(session, 'MLSD', 'listFailed', argument, folder.fault);
  const entries = yield* session.file('list', path);
  if ('fault' in entries) return refuseTransfer(session, 'MLSD', 'listFailed', argument, entries.fault);
  const above = yield* session.file('follow', parentOf(path));
  const lines = [`${facts(folder.value, 'cdir')} .`];
  if (!('fault' in above)) lines.push(`${facts(above.value, 'pdir')} ..`);
  for (const entry of entries.value) lines.push(`${facts(entry)} ${entry.name}`);
  yield* sendLines(session, 'MLSD', lines, 'listComplete');
}

/** ` type=file;size=215;… /index.html` between two lines of 250. */
function* showFacts(session: Session, argument: string): Task {
  const path = session.path(argument);
  const outcome = yield* session.file('stat', path);
  if ('fault' in outcome) return session.refuse('MLST', 'machineFailed', argument, outcome.fault);
  session.say('MLST', ['250-Facts', ` ${facts(outcome.value)} ${path}`, '250 End']);
}

function* statPath(session: Session, argument: string): Task {
  const form = session.persona.statPath;
  const { path } = session.persona.listOptions ? splitOptions(argument) : { path: argument };
  const found = yield* find(session, path, form);
  if ('fault' in found) {
    if (form.absent === 'refused') return session.refuse('STAT', 'statAbsent', path, found.fault);
    const text =
      form.absent === 'text' ? [`/bin/ls: cannot access '${path}': No such file or directory`] : [];
    return sayStat(session, form.folderCode, text);
  }
  const lines = found.entries.map((entry) => `${form.lead}${longLine(entry, session.now)}`);
  if (form.total && found.folder) lines.unshift(`total ${found.entries.length * 4}`);
  sayStat(session, found.folder ? form.folderCode : form.fileCode, lines, path);
}

function sayStat(session: Session, code: number, lines: readonly string[], path = ''): void {
  const { first, last } = session.persona.statPath;
  const name = (text: string) => text.replaceAll('{path}', path);
  session.say('STAT', [`${code}-${name(first)}`, ...lines, `${code} ${name(last)}`]);
}

function* find(session: Session, argument: string, show: { dots: boolean; hidden: boolean }): Task<Found> {
  const path = session.path(argument);
  const target = yield* session.file('follow', path);
  if ('fault' in target) {
    // A link that leads nowhere is still shown.
    const itself = yield* session.file('stat', path);
    return 'fault' in itself ? target : { entries: [itself.value], folder: false };
  }
  if (target.value.type !== 'directory') {
    const whole = session.persona.statPath.fileName === 'path';
    const name = whole ? argument : nameOf(path);
    return { entries: [{ ...target.value, name }], folder: false };
  }
  const outcome = yield* session.file('list', path);
  if ('fault' in outcome) return outcome;
  const entries = outcome.value.filter((entry) => show.hidden || !entry.name.startsWith('.'));
  if (!show.dots) return { entries, folder: true };
  const above = yield* session.file('follow', parentOf(path));
  const up = 'fault' in above ? target.value : above.value;
  return { entries: [{ ...target.value, name: '.' }, { ...up, name: '..' }, ...entries], folder: true };
}

function* sendLines(session: Session, command: string, lines: readonly string[], final: ReplyKey): Task {
  // Lines are records in STRU R, and TYPE A in every TYPE else.
  const records = session.structure === 'R';
  const end = records ? '\n' : '\r\n';
  const bytes = new TextEncoder().encode(lines.map((line) => line + end).join(''));
  const source: Source = {
    offset: 0,
    text: records ? 'records' : 'bytes',
    noFiller: true,
    *read(position, length) {
      return { value: bytes.subarray(position, position + length) };
    },
  };
  yield* transferOver(session, command, { key: 'openingList' }, (link, transfer) =>
    download(session, link, transfer, source, final),
  );
}

/** `-la folder`: as `ls` reads it. A name that begins with `-` is taken for options, as on real servers. */
function splitOptions(argument: string): { all: boolean; path: string } {
  let rest = argument;
  let all = false;
  while (rest.startsWith('-')) {
    const blank = rest.indexOf(' ');
    const option = blank < 0 ? rest : rest.slice(0, blank);
    all ||= option.includes('a');
    rest = blank < 0 ? '' : rest.slice(blank + 1);
  }
  return { all, path: rest };
}
