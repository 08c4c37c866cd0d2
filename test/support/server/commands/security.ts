import type { DataLink } from '../dataLink';
import { isTransfer } from '../police';
import type { ReplyKey } from '../replies';
import type { Session, Transfer } from '../session';
import type { Task } from '../task';
import type { TlsSettings } from '../tls/tlsSettings';
import { simple, type Handler, type HandlerTable } from './handler';

/** RFC 4217 and RFC 2228. CPSV is in rendezvous.ts. */
export const securityCommands: HandlerTable = {
  AUTH: {
    free: true,
    *run(session, argument) {
      if (!session.settings.tls?.explicit) return session.reply('AUTH', 'unknownCommand');
      if (session.security !== 'clear') return session.reply('AUTH', 'alreadySecure');
      if (!MECHANISMS.includes(argument.toUpperCase())) {
        return session.reply('AUTH', 'badMechanism', { argument });
      }
      session.resetAccess();
      session.reply('AUTH', 'secureNow', { argument });
      yield* session.secure();
    },
  },
  PBSZ: withTls((session, argument) => {
    if (session.security !== 'private') return session.reply('PBSZ', 'secureControlFirst');
    if (!/^\d+$/.test(argument)) return session.reply('PBSZ', 'syntax');
    session.bufferSized = true;
    session.reply('PBSZ', 'bufferSize');
  }),
  PROT: withTls((session, argument, tls) => {
    const level = argument.toUpperCase();
    if (session.security !== 'private') return session.reply('PROT', 'secureControlFirst');
    if (!session.bufferSized && !tls.needsNoBufferSize) return session.reply('PROT', 'bufferSizeFirst');
    if (level === 'S' || level === 'E') return session.reply('PROT', 'levelUnsupported', { argument });
    if (level !== 'C' && level !== 'P') return session.reply('PROT', 'badLevel', { argument });
    if (level === 'C' && tls.required === 'control and data' && !tls.acceptsClearLevel) {
      return session.reply('PROT', 'levelRefused');
    }
    // RFC 4217 §7: what is open has the protection that it was opened with.
    if (session.kept) session.drop(session.kept);
    session.protection = level;
    session.reply('PROT', 'levelSet', {
      argument: level,
      words: levelWords[level],
      word: levelWords[level].toLowerCase(),
    });
  }),
  /** RFC 4217 §6: commands in clear again, so that a firewall can read PORT. */
  CCC: withTls((session, _argument, tls) => {
    if (tls.ccc === false) return session.reply('CCC', 'unknownCommand');
    if (session.security !== 'private') return session.reply('CCC', 'secureControlFirst');
    session.reply('CCC', 'clearNow');
    session.security = 'cleared';
    session.emit({ kind: 'clear-control' });
  }),
  /** `SSCN ON`: this server is the TLS client of data connections, whoever dials. */
  SSCN: withTls((session, argument, tls) => {
    const wanted = argument.toUpperCase();
    if (!tls.sscn) return session.reply('SSCN', 'unknownCommand');
    if (!['', 'ON', 'OFF'].includes(wanted)) return session.reply('SSCN', 'syntax');
    if (wanted !== '') session.speaksFirst = wanted === 'ON';
    session.reply('SSCN', session.speaksFirst ? 'clientMethod' : 'serverMethod');
  }),
};

const MECHANISMS = ['TLS', 'TLS-C', 'SSL', 'TLS-P'];

const levelWords = { C: 'Clear', P: 'Private' } as const;

function withTls(answer: (session: Session, argument: string, tls: TlsSettings) => void): Handler {
  const { run } = simple((session, argument, verb) => {
    const { tls } = session.settings;
    if (tls) answer(session, argument, tls);
    else session.reply(verb, 'unknownCommand');
  });
  return { free: true, run };
}

/** True when it has said no: this server wants TLS first. */
export function refusedInClear(session: Session, verb: string): boolean {
  const { tls } = session.settings;
  if (tls?.required === undefined) return false;
  if (verb === 'USER' && session.security === 'clear') {
    session.reply(verb, 'secureFirst');
    session.closing = tls.hangsUp === true;
    return true;
  }
  const data = tls.refusesDataAt === 'rendezvous' ? isRendezvous(verb) : isTransfer(verb);
  if (tls.required !== 'control and data' || session.protection === 'P' || !data) return false;
  session.reply(verb, 'secureDataFirst');
  return true;
}

function isRendezvous(verb: string): boolean {
  return ['PASV', 'EPSV', 'PORT', 'EPRT'].includes(verb);
}

/**
 * TLS on a data connection: after the preliminary reply, or as soon as the connection was there. False when there is
 * none, or not the one that was asked for; then the final reply was given.
 */
export function* securedData(session: Session, link: DataLink, transfer: Transfer): Task<boolean> {
  if (link.security === 'clear') session.secureData(link);
  const over = () => link.security !== 'shaking' || link.faulty || transfer.aborted;
  yield* session.within(session.persona.acceptLimit, over);
  const refusal = transfer.aborted ? 'transferAborted' : refusalOf(session, link);
  if (refusal === undefined) return true;
  session.drop(link);
  session.reply(transfer.command, refusal);
  session.closing ||= refusal === 'notResumed' && session.settings.tls?.hangsUp === true;
  return false;
}

function refusalOf(session: Session, link: DataLink): ReplyKey | undefined {
  if (link.security !== 'private') return 'handshakeFailed';
  const wanted = session.settings.tls?.requireReuse === true && link.role === 'server';
  return wanted && !link.resumed ? 'notResumed' : undefined;
}
