import { finishReceiving, lost, mayKeep, nextBytes, type Said } from './dataConnection';
import type { DataLink } from './dataLink';
import type { FileFault } from './files';
import { readerFor } from './modes/codecs';
import { Incoming, type FileText } from './modes/fileText';
import { markerAt } from './modes/mode';
import type { ModeReader, Piece } from './modes/piece';
import type { Session, Transfer } from './session';
import type { Task } from './task';

/** Where a transfer's bytes go to. */
export interface Sink {
  readonly handle: number;
  /** Where in the stored file the first byte goes. */
  readonly offset: number;
  readonly text: FileText;
}

/** Takes a file in the session's mode and structure off a data connection and stores it; says what came of it. */
export function* receiveInto(session: Session, link: DataLink, transfer: Transfer, sink: Sink): Task<Said> {
  const reader = readerFor(session);
  const store = new Store(session, transfer, sink);
  for (;;) {
    const chunk = yield* nextBytes(session, link, transfer);
    const plain = session.mode === 'Z' ? yield* inflate(session, link, transfer, chunk) : chunk;
    if (plain && 'fault' in plain) return chunk ? lost(session, link, plain.fault) : { key: 'uploadCut' };
    const fault = yield* store.put(plain ? reader.push(plain) : []);
    if (fault !== undefined) return lost(session, link, fault);
    if (reader.state === 'broken') return lost(session, link, 'failed');
    if (reader.state === 'ended') return yield* ended(session, link, reader, store);
    if (chunk) continue;
    const cutOff = link.endedBare && session.settings.tls?.strictEnd === true;
    if (link.faulty || cutOff || !reader.endsByClose) return { key: 'uploadCut' };
    return yield* ended(session, link, reader, store);
  }
}

function* ended(session: Session, link: DataLink, reader: ModeReader, store: Store): Task<Said> {
  if (reader.rest.length > 0) link.chunks.unshift(reader.rest);
  const fault = yield* store.finish();
  if (fault !== undefined) return lost(session, link, fault);
  const keep = mayKeep(session, link);
  if (!keep) yield* finishReceiving(session, link);
  return { key: 'uploadComplete', keep };
}

function* inflate(
  session: Session,
  link: DataLink,
  transfer: Transfer,
  chunk: Uint8Array | undefined,
): Task<Uint8Array | { readonly fault: FileFault } | undefined> {
  if (transfer.aborted) return undefined;
  const last = chunk === undefined;
  const bytes = chunk ?? new Uint8Array();
  const outcome = yield* session.zlib({ stream: link.name, direction: 'inflate', bytes, last });
  return 'fault' in outcome ? outcome : outcome.value;
}

/** The stored file as it grows. */
class Store {
  private readonly file: Incoming;
  private position: number;

  constructor(
    private readonly session: Session,
    private readonly transfer: Transfer,
    private readonly sink: Sink,
  ) {
    this.file = new Incoming(sink.text);
    this.position = sink.offset;
  }

  *put(pieces: readonly Piece[]): Task<FileFault | undefined> {
    for (const piece of pieces) {
      if (piece.marker) {
        this.confirm(piece);
        continue;
      }
      const fault = yield* this.write(this.file.stored(piece));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  *finish(): Task<FileFault | undefined> {
    return yield* this.write(this.file.finish());
  }

  /** `110 MARK yyyy = mmmm`: the user's marker, and ours for the same place (RFC 959 §3.5, §5.4). */
  private confirm({ bytes }: Piece): void {
    const marker = new TextDecoder().decode(bytes);
    this.session.reply(this.transfer.command, 'marked', { marker, own: markerAt(this.position) });
  }

  private *write(bytes: Uint8Array): Task<FileFault | undefined> {
    if (bytes.length === 0) return undefined;
    const outcome = yield* this.session.file('write', this.sink.handle, bytes);
    if ('fault' in outcome) return outcome.fault;
    this.position += bytes.length;
    return undefined;
  }
}
