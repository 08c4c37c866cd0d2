import { concatBytes } from '../../../src/base/bytes';
import { finishSending, lost, mayKeep, sendBytes, type Said } from './dataConnection';
import type { DataLink } from './dataLink';
import type { FileOutcome } from './facts';
import type { FileFault } from './files';
import { writerFor } from './modes/codecs';
import { damagedDeflate, fillers, keepsOpen } from './modes/damage';
import { Outgoing, type FileText } from './modes/fileText';
import { markerAt, outlivesFiles } from './modes/mode';
import type { ModeWriter, Piece } from './modes/piece';
import type { ReplyKey } from './replies';
import type { Session, Transfer } from './session';
import type { Task } from './task';

/** Where a transfer's bytes come from. */
export interface Source {
  readonly offset: number;
  readonly text: FileText;
  /** A listing is text in whatever TYPE: the two sides need not agree on its filler byte. */
  readonly noFiller?: true;
  /** Fewer bytes than asked for are allowed; none are the end. */
  read(position: number, length: number): Task<FileOutcome<Uint8Array>>;
}

/** The body of a RETR or of a listing: sends the source, and closes unless the data connection may stay. */
export function* download(
  session: Session,
  link: DataLink,
  transfer: Transfer,
  source: Source,
  complete: ReplyKey,
): Task<Said> {
  const outcome = yield* sendSource(session, link, transfer, source);
  if (outcome === 'cut') return { key: 'transferCut' };
  if (outcome !== 'sent') return lost(session, link, outcome.fault);
  if (mayKeep(session, link) && keepsOpen(session.settings.damage)) return { key: complete, keep: true };
  yield* finishSending(session, link);
  return { key: complete };
}

type SendOutcome = 'sent' | 'cut' | { readonly fault: FileFault };

/** Sends a source in the session's mode and structure, up to the mark of its end. */
function* sendSource(
  session: Session,
  link: DataLink,
  transfer: Transfer,
  source: Source,
): Task<SendOutcome> {
  const wire = new OutgoingWire(session, link, transfer, source);
  const file = new Outgoing(source.text);
  const { markerEvery } = session.settings.wire;
  const marks = outlivesFiles(session.mode) && markerEvery > 0;
  for (let position = source.offset; ;) {
    const toMarker = marks ? markerEvery - (position % markerEvery) : session.settings.chunkSize;
    const outcome = yield* source.read(position, Math.min(toMarker, session.settings.chunkSize));
    if ('fault' in outcome) return outcome;
    if (outcome.value.length === 0) break;
    position += outcome.value.length;
    const pieces = file.pieces(outcome.value);
    if (marks && position % markerEvery === 0) pieces.push(markerPiece(position));
    if (!(yield* wire.send(pieces))) return 'cut';
  }
  return (yield* wire.finish()) ? 'sent' : 'cut';
}

/** Pieces, through the mode's writer and, in MODE Z, through deflate, to the data connection. */
class OutgoingWire {
  private readonly writer: ModeWriter;
  /** The last piece waits: it may turn out to be the one that ends the file. */
  private held: Piece | undefined;
  private readonly holds: boolean;
  private begun = false;

  constructor(
    private readonly session: Session,
    private readonly link: DataLink,
    private readonly transfer: Transfer,
    source: Source,
  ) {
    const { wire, damage } = session.settings;
    const how = {
      blockSize: wire.blockSize,
      ...(damage && { damage }),
      ...(source.noFiller && { noFiller: true as const }),
    };
    this.writer = writerFor(session, how);
    const marked = outlivesFiles(session.mode) || session.structure === 'R';
    this.holds = marked && !wire.endsApart;
  }

  *send(pieces: readonly Piece[]): Task<boolean> {
    const ready = this.held ? [this.held, ...pieces] : [...pieces];
    const last = ready.at(-1);
    // A marker is no place for the end of the file.
    this.held = this.holds && !last?.marker ? ready.pop() : undefined;
    return yield* this.put(this.written(ready), false);
  }

  *finish(): Task<boolean> {
    const { session } = this;
    const last = { ...(this.held ?? { bytes: new Uint8Array() }), endOfFile: true };
    if (!(yield* this.put(this.written([last]), true))) return false;
    while (session.settings.damage === 'endless-filler') {
      if (!(yield* this.put(fillers(session.mode), false))) return false;
    }
    return true;
  }

  private written(pieces: readonly Piece[]): Uint8Array {
    return concatBytes(pieces.map((piece) => this.writer.write(piece)));
  }

  private *put(bytes: Uint8Array, last: boolean): Task<boolean> {
    const { session, link, transfer } = this;
    const packed = session.mode === 'Z' ? yield* this.deflate(bytes, last) : bytes;
    return yield* sendBytes(session, link, transfer, packed);
  }

  private *deflate(bytes: Uint8Array, last: boolean): Task<Uint8Array> {
    const { session, link } = this;
    const outcome = yield* session.zlib({ stream: link.name, direction: 'deflate', bytes, last });
    const packed = 'fault' in outcome ? new Uint8Array() : outcome.value;
    const { damage } = session.settings;
    const first = !this.begun;
    this.begun ||= packed.length > 0;
    return damage ? damagedDeflate(packed, first, last, damage) : packed;
  }
}

function markerPiece(position: number): Piece {
  return { bytes: new TextEncoder().encode(markerAt(position)), marker: true };
}
