import { finishSending, nextBytes, sendBytes, transferOver, type Said } from '../dataConnection';
import type { DataLink } from '../dataLink';
import { joinPath, type FileFault, type WriteStart } from '../files';
import { FromNetworkLines, ToNetworkLines } from '../lineEnds';
import type { ReplyKey } from '../replies';
import type { Session, Transfer } from '../session';
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
      if (!transfer) return session.reply('ABOR', 'abortIdle');
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
  yield* transferOver(session, 'RETR', { key: 'openingDownload', values }, (link, transfer) =>
    sendFile(session, link, transfer, handle.value, offset),
  );
  yield* session.file('close', handle.value);
}

function* sendFile(
  session: Session,
  link: DataLink,
  transfer: Transfer,
  handle: number,
  offset: number,
): Task<Said> {
  const lines = new ToNetworkLines();
  for (let position = offset; ;) {
    const outcome = yield* session.file('read', handle, position, session.settings.chunkSize);
    if ('fault' in outcome) return failed(session, link, 'writeFailed', outcome.fault);
    if (outcome.value.length === 0) break;
    position += outcome.value.length;
    const bytes = session.type === 'A' ? lines.translate(outcome.value) : outcome.value;
    if (!(yield* sendBytes(session, link, transfer, bytes))) return { key: 'transferCut' };
  }
  yield* finishSending(session, link);
  return { key: 'downloadComplete' };
}

function* store(
  session: Session,
  command: string,
  argument: string,
  start: WriteStart,
  preliminary: Said,
): Task {
  const handle = yield* session.file('openWrite', session.path(argument), start);
  if ('fault' in handle) return refuseTransfer(session, command, 'storeFailed', argument, handle.fault);
  yield* transferOver(session, command, preliminary, function* (link, transfer) {
    const said = yield* receiveFile(session, link, transfer, handle.value);
    yield* session.file('close', handle.value);
    return said;
  });
}

function* receiveFile(session: Session, link: DataLink, transfer: Transfer, handle: number): Task<Said> {
  const lines = new FromNetworkLines();
  const ascii = session.type === 'A';
  for (;;) {
    const chunk = yield* nextBytes(session, link, transfer);
    const bytes = !ascii ? chunk : chunk ? lines.translate(chunk) : lines.finish();
    if (bytes && bytes.length > 0) {
      const outcome = yield* session.file('write', handle, bytes);
      if ('fault' in outcome) {
        return failed(session, link, outcome.fault === 'full' ? 'diskFull' : 'writeFailed', outcome.fault);
      }
    }
    if (chunk) continue;
    if (link.faulty) return { key: 'transferCut' };
    session.drop(link);
    return { key: 'uploadComplete' };
  }
}

function failed(session: Session, link: DataLink, key: ReplyKey, fault: FileFault): Said {
  session.drop(link);
  return { key, values: { reason: fault } };
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
