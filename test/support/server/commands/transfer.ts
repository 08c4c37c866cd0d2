import { transferOver, type Said } from '../dataConnection';
import { joinPath, type FileFault, type WriteStart } from '../files';
import { receiveInto } from '../incoming';
import type { FileText } from '../modes/fileText';
import { outlivesFiles } from '../modes/mode';
import { download, type Source } from '../outgoing';
import type { ReplyKey } from '../replies';
import type { Session } from '../session';
import type { Task } from '../task';
import type { HandlerTable } from './handler';

/** Files over a data connection: RFC 959 §4.1.3. */
export const transferCommands: HandlerTable = {
  RETR: { run: retrieve },
  STOR: {
    *run(session, argument) {
      const start = takeRestart(session) || 'new';
      yield* store(session, 'STOR', argument, start, { key: 'openingUpload', values: { name: argument } });
    },
  },
  APPE: {
    *run(session, argument) {
      session.restart = 0;
      yield* store(session, 'APPE', argument, 'end', { key: 'openingUpload', values: { name: argument } });
    },
  },
  STOU: {
    *run(session) {
      const name = yield* unusedName(session);
      yield* store(session, 'STOU', name, 'new', { key: 'openingUnique', values: { name } });
    },
  },
  ABOR: {
    *run(session) {
      const { transfer } = session;
      if (!transfer) {
        // RFC 959 §4.1.3: it closes the data connection, if one is open.
        if (session.kept) session.drop(session.kept);
        return session.reply('ABOR', 'abortIdle');
      }
      transfer.aborted = true;
      yield () => session.transfer !== transfer;
      session.reply('ABOR', 'aborted');
    },
  },
};

/** A transfer command that is refused before any data connection was used. */
export function refuseTransfer(
  session: Session,
  command: string,
  key: ReplyKey,
  argument: string,
  fault: FileFault,
): void {
  session.refuse(command, key, argument, fault);
  if (session.persona.warmAfterRefusal === 'closed' && session.rendezvous.kind === 'passive') {
    session.setRendezvous({ kind: 'spoiled' });
  }
}

function* retrieve(session: Session, argument: string): Task {
  const path = session.path(argument);
  const offset = takeRestart(session);
  const entry = yield* session.file('follow', path);
  if ('fault' in entry) return refuseTransfer(session, 'RETR', 'retrieveFailed', argument, entry.fault);
  const handle = yield* session.file('openRead', path);
  if ('fault' in handle) return refuseTransfer(session, 'RETR', 'retrieveFailed', argument, handle.fault);
  const values = { name: argument, size: Math.max(0, entry.value.size - offset) };
  const source: Source = {
    offset,
    text: textOf(session),
    read: (position, length) => session.file('read', handle.value, position, length),
  };
  yield* transferOver(session, 'RETR', { key: 'openingDownload', values }, (link, transfer) =>
    download(session, link, transfer, source, 'downloadComplete'),
  );
  yield* session.file('close', handle.value);
}

function* store(
  session: Session,
  command: string,
  argument: string,
  start: WriteStart,
  preliminary: Said,
): Task {
  const path = session.path(argument);
  const offset = start === 'end' ? yield* sizeOf(session, path) : start === 'new' ? 0 : start;
  const handle = yield* session.file('openWrite', path, start);
  if ('fault' in handle) return refuseTransfer(session, command, 'storeFailed', argument, handle.fault);
  yield* transferOver(session, command, preliminary, function* (link, transfer) {
    const sink = { handle: handle.value, offset, text: textOf(session) };
    const said = yield* receiveInto(session, link, transfer, sink);
    yield* session.file('close', handle.value);
    return said;
  });
}

function textOf({ structure, type }: Session): FileText {
  if (structure === 'R') return 'records';
  return type === 'A' ? 'lines' : 'bytes';
}

/** Where APPE begins: restart markers need to know. */
function* sizeOf(session: Session, path: string): Task<number> {
  if (!outlivesFiles(session.mode)) return 0;
  const entry = yield* session.file('follow', path);
  return 'fault' in entry ? 0 : entry.value.size;
}

function takeRestart(session: Session): number {
  const offset = session.restart;
  session.restart = 0;
  return offset;
}

function* unusedName(session: Session): Task<string> {
  for (let number = 1; ; number++) {
    const name = `unique.${number}`;
    const outcome = yield* session.file('stat', joinPath(session.directory, name));
    if ('fault' in outcome) return name;
  }
}
