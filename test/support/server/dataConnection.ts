import { securedData } from './commands/security';
import type { DataLink } from './dataLink';
import type { FileFault } from './files';
import { outlivesFiles } from './modes/mode';
import type { ReplyKey } from './replies';
import type { Session, Transfer } from './session';
import type { Task } from './task';

/** A reply that is still to be given. */
export interface Said {
  readonly key: ReplyKey;
  readonly values?: Readonly<Record<string, string | number>>;
  /** The file is whole, and the data connection stays open: 250 says so. */
  readonly keep?: boolean;
}

/**
 * One transfer from its preliminary to its final reply. `body` moves the bytes and answers what the final
 * reply shall be; ABOR and a lost connection overrule it.
 */
export function* transferOver(
  session: Session,
  command: string,
  preliminary: Said,
  body: (link: DataLink, transfer: Transfer) => Task<Said>,
): Task {
  yield () => session.transfer === undefined;
  const transfer: Transfer = { command, aborted: false };
  session.transfer = transfer;
  const link = yield* openDataConnection(session, transfer, preliminary);
  if (link) {
    transfer.link = link;
    const final = yield* body(link, transfer);
    const keep = final.keep === true && !transfer.aborted && !link.ended;
    if (transfer.aborted || link.ended) session.drop(link);
    const said: Said = transfer.aborted ? { key: 'transferAborted' } : keep ? { key: 'dataKept' } : final;
    session.reply(command, said.key, said.values);
    if (keep) keepOpen(session, link);
  }
  session.transfer = undefined;
}

/** RFC 959 §3.3: where the mode marks the end of a file, the data connection may carry the next one as well. */
export function mayKeep(session: Session, link: DataLink): boolean {
  const { keeps } = session.settings.wire;
  if (!outlivesFiles(session.mode)) return false;
  return typeof keeps === 'number' ? link.files + 1 < keeps : keeps;
}

/** RFC 959 §5.2: our reply said that it is open, and the client may close it. */
function keepOpen(session: Session, link: DataLink): void {
  link.files++;
  session.kept = link;
  session.emit({ kind: 'keep', data: link.name });
  // Its end is seen only while somebody reads.
  session.emit({ kind: 'more', data: link.name });
}

/** True when the bytes have left. */
export function* sendBytes(
  session: Session,
  link: DataLink,
  transfer: Transfer,
  bytes: Uint8Array,
): Task<boolean> {
  for (let offset = 0; offset < bytes.length; offset += session.settings.chunkSize) {
    const chunk = bytes.subarray(offset, offset + session.settings.chunkSize);
    link.unsent++;
    link.moved += chunk.length;
    session.emit({ kind: 'send', data: link.name, bytes: chunk });
    yield () => link.unsent === 0 || link.faulty || transfer.aborted;
    if (link.faulty || transfer.aborted) return false;
  }
  return true;
}

/** FIN, and then what this server program waits for before it says 226 (TESTING.md §2.2). */
export function* finishSending(session: Session, link: DataLink): Task {
  session.emit({ kind: 'end', data: link.name });
  link.finished = true;
  const { finalReply } = session.persona;
  if (finalReply === 'peer-closed') yield* session.within(LINGER_LIMIT, () => link.ended);
  if (finalReply === 'fin-acknowledged' && !isFreeToSpeak(session, link)) {
    yield* linger(session, link);
  }
}

/** After an upload the peer has closed already, for which ProFTPD waits; vsftpd waits as after a download. */
export function* finishReceiving(session: Session, link: DataLink): Task {
  if (link.ended && session.persona.finalReply === 'fin-acknowledged') {
    session.emit({ kind: 'end', data: link.name });
    link.finished = true;
    yield* linger(session, link);
  }
  session.drop(link);
}

function* linger(session: Session, link: DataLink): Task {
  session.emit({ kind: 'linger', data: link.name });
  yield* session.within(LINGER_LIMIT, () => link.finAcknowledged || link.faulty);
}

/** vsftpd in active mode: two processes hold the socket, and who closes it last is a race. */
function isFreeToSpeak({ settings }: Session, { name }: DataLink): boolean {
  return name.startsWith('dialled') && settings.activeRace?.() === 'at-once';
}

/** The next bytes of an upload; undefined at its end. */
export function* nextBytes(
  session: Session,
  link: DataLink,
  transfer: Transfer,
): Task<Uint8Array | undefined> {
  if (link.chunks.length === 0 && !link.ended) session.emit({ kind: 'more', data: link.name });
  yield () => link.chunks.length > 0 || link.ended || transfer.aborted;
  const chunk = transfer.aborted ? undefined : link.chunks.shift();
  link.moved += chunk?.length ?? 0;
  return chunk;
}

/** RFC 959 §3.2: an irrecoverable error closes the data connection. */
export function lost(session: Session, link: DataLink, fault: FileFault): Said {
  session.drop(link);
  return { key: fault === 'full' ? 'diskFull' : 'writeFailed', values: { reason: fault } };
}

/** ProFTPD (src/data.c, pr_inet_lingering_close) gives up after ten seconds. */
const LINGER_LIMIT = 10_000;

function* openDataConnection(
  session: Session,
  transfer: Transfer,
  preliminary: Said,
): Task<DataLink | undefined> {
  const { rendezvous, persona, kept } = session;
  if (kept) return reuse(session, transfer, kept);
  if (rendezvous.kind === 'passive' && isWrongWay(rendezvous.direction, transfer.command)) {
    session.setRendezvous({ kind: 'default' });
    session.reply(transfer.command, 'wrongDirection');
    return undefined;
  }
  const early = persona.accepts === 'at-once';
  if (early && rendezvous.kind !== 'spoiled') sayEarly(session, transfer, preliminary);
  const link = yield* meet(session, transfer);
  if (transfer.aborted) {
    if (link) session.drop(link);
    session.reply(transfer.command, 'transferAborted');
    return undefined;
  }
  if (!link) {
    const refused = persona.defaultPort === 'refused' && rendezvous.kind === 'default';
    const without = refused || rendezvous.kind === 'spoiled';
    session.reply(transfer.command, without ? 'noRendezvous' : 'cannotConnect');
    return undefined;
  }
  if (session.protection === 'C') session.emit({ kind: 'accept', data: link.name });
  if (!early) session.reply(transfer.command, preliminary.key, preliminary.values);
  if (session.protection === 'C') return link;
  if (!(yield* securedData(session, link, transfer))) return undefined;
  session.emit({ kind: 'accept', data: link.name });
  return link;
}

function reuse(session: Session, transfer: Transfer, kept: DataLink): DataLink {
  session.kept = undefined;
  kept.moved = 0;
  session.reply(transfer.command, 'alreadyOpen');
  return kept;
}

/** RFC 438: `LSTN R` is for receiving, `LSTN S` for sending. */
function isWrongWay(direction: 'R' | 'S' | undefined, command: string): boolean {
  return direction !== undefined && (direction === 'R') !== ['STOR', 'APPE', 'STOU'].includes(command);
}

/** pyftpdlib: 125 when the data connection is there already, else 150 without waiting for it. */
function sayEarly(session: Session, transfer: Transfer, preliminary: Said): void {
  const { rendezvous } = session;
  const there =
    (rendezvous.kind === 'passive' && rendezvous.arrived.length > 0) ||
    (rendezvous.kind === 'active' && rendezvous.dialled?.state === 'open');
  if (there) session.reply(transfer.command, 'alreadyOpen');
  else session.reply(transfer.command, preliminary.key, preliminary.values);
  session.giveTurn();
}

function* meet(session: Session, transfer: Transfer): Task<DataLink | undefined> {
  const { rendezvous, persona } = session;
  if (rendezvous.kind === 'passive') {
    const over = () => rendezvous.arrived.length > 0 || transfer.aborted;
    yield* session.within(persona.acceptLimit, over);
    const link = rendezvous.arrived.shift();
    session.setRendezvous({ kind: 'default' });
    return link;
  }
  session.rendezvous = { kind: 'default' };
  if (rendezvous.kind === 'active') {
    if (rendezvous.dialled) return yield* answered(session, transfer, rendezvous.dialled);
    return yield* dialTo(session, transfer, rendezvous.host, rendezvous.port);
  }
  if (rendezvous.kind === 'spoiled' || persona.defaultPort === 'refused') return undefined;
  return yield* meetAtDefaultPort(session, transfer);
}

/** RFC 959 §3.2: the user-DTP listens on U, the control connection's own port; the server dials from L-1. */
function* meetAtDefaultPort(session: Session, transfer: Transfer): Task<DataLink | undefined> {
  const { remote, persona } = session;
  if (persona.defaultPort === 'nothing') {
    yield () => transfer.aborted;
    return undefined;
  }
  const port = persona.defaultPort === 'U' ? remote.port : remote.port - 1;
  return yield* answered(session, transfer, session.dial(remote.host, port, ownPort(session)));
}

function* dialTo(
  session: Session,
  transfer: Transfer,
  host: string,
  port: number,
): Task<DataLink | undefined> {
  const from = ownPort(session);
  const link = session.dial(host, port, from);
  const first = yield* answered(session, transfer, link);
  if (first || link.fault !== 'address-in-use' || from === undefined) return first;
  // Somebody else on this machine has L-1. PORT named the client's end of the pair: any port of ours will do.
  return yield* answered(session, transfer, session.dial(host, port, undefined));
}

function* answered(session: Session, transfer: Transfer, link: DataLink): Task<DataLink | undefined> {
  yield* session.within(session.persona.acceptLimit, () => link.state !== 'opening' || transfer.aborted);
  if (link.state === 'open') return link;
  session.drop(link);
  return undefined;
}

function ownPort(session: Session): number | undefined {
  return session.persona.dialsFrom === 'L-1' ? session.settings.controlPort - 1 : undefined;
}
