import { compactTime, parseCompactTime } from '../listingText';
import type { Session } from '../session';
import type { Task } from '../task';
import { simple, type HandlerTable } from './handler';

/** Directories, names and what is known of files: RFC 959 §4.1.3, RFC 3659 §3 and §4. */
export const treeCommands: HandlerTable = {
  PWD: simple((session) => session.reply('PWD', 'workingDirectory', { quoted: quoted(session.directory) })),
  CWD: { run: (session, argument) => changeDirectory(session, 'CWD', argument) },
  CDUP: { run: (session) => changeDirectory(session, 'CDUP', '..') },
  DELE: {
    *run(session, argument) {
      const outcome = yield* session.file('remove', session.path(argument));
      if ('fault' in outcome) return session.refuse('DELE', 'deleteFailed', argument, outcome.fault);
      session.reply('DELE', 'deleted', { name: argument, path: session.path(argument) });
    },
  },
  MKD: {
    *run(session, argument) {
      const path = session.path(argument);
      const outcome = yield* session.file('makeDirectory', path);
      if ('fault' in outcome) return session.refuse('MKD', 'makeFailed', argument, outcome.fault);
      session.reply('MKD', 'made', { quoted: quoted(path), path });
    },
  },
  RMD: {
    *run(session, argument) {
      const outcome = yield* session.file('removeDirectory', session.path(argument));
      if ('fault' in outcome) return session.refuse('RMD', 'removeFailed', argument, outcome.fault);
      session.reply('RMD', 'removed', { path: session.path(argument) });
    },
  },
  RNFR: {
    *run(session, argument) {
      const outcome = yield* session.file('stat', session.path(argument));
      if ('fault' in outcome) return session.refuse('RNFR', 'renameFromFailed', argument, outcome.fault);
      session.renameFrom = session.path(argument);
      session.reply('RNFR', 'renameReady');
    },
  },
  RNTO: {
    *run(session, argument) {
      const from = session.renameFrom;
      session.renameFrom = undefined;
      if (from === undefined) return session.reply('RNTO', 'renameFirst');
      const outcome = yield* session.file('rename', from, session.path(argument));
      if ('fault' in outcome) return session.refuse('RNTO', 'renameFailed', argument, outcome.fault);
      session.reply('RNTO', 'renamed');
    },
  },
  SIZE: { run: size },
  MDTM: { run: modified },
  MFMT: { run: (session, argument) => setModified(session, 'MFMT', argument) },
};

/** RFC 959 appendix II: a `"` inside is doubled. */
export function quoted(path: string): string {
  return path.replaceAll('"', '""');
}

function* changeDirectory(session: Session, command: string, argument: string): Task {
  const path = session.path(argument);
  const outcome = yield* session.file('follow', path);
  const fault =
    'fault' in outcome ? outcome.fault : outcome.value.type === 'directory' ? undefined : 'not-directory';
  if (fault) return session.refuse(command, 'directoryFailed', argument, fault);
  session.directory = path;
  session.reply(command, 'directoryChanged', { path });
}

function* size(session: Session, argument: string): Task {
  if (session.type === 'A' && session.persona.sizeInAscii === 'refused') {
    return session.reply('SIZE', 'sizeInAscii');
  }
  const outcome = yield* session.file('follow', session.path(argument));
  if ('fault' in outcome) return session.refuse('SIZE', 'sizeFailed', argument, outcome.fault);
  if (outcome.value.type === 'directory') {
    return session.refuse('SIZE', 'sizeFailed', argument, 'is-directory');
  }
  session.reply('SIZE', 'size', { size: outcome.value.size });
}

function* modified(session: Session, argument: string): Task {
  // `MDTM 20240101000000 name` sets the time, as ncftpd began and vsftpd and rclone know it.
  if (parseCompactTime(argument.slice(0, 14)) !== undefined && argument.charAt(14) === ' ') {
    return yield* setModified(session, 'MDTM', argument);
  }
  const outcome = yield* session.file('follow', session.path(argument));
  if ('fault' in outcome) return session.refuse('MDTM', 'modifiedFailed', argument, outcome.fault);
  session.reply('MDTM', 'modified', { time: compactTime(outcome.value.modified) });
}

function* setModified(session: Session, command: string, argument: string): Task {
  const blank = argument.indexOf(' ');
  const time = parseCompactTime(argument.slice(0, blank));
  if (blank < 0 || time === undefined) return session.reply(command, 'syntax');
  const name = argument.slice(blank + 1);
  const outcome = yield* session.file('setModified', session.path(name), time);
  if ('fault' in outcome) return session.refuse(command, 'modifiedFailed', name, outcome.fault);
  session.reply(command, 'modifiedSet', { time: argument.slice(0, blank), name });
}
