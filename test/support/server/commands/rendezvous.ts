import { formatHostPort, parseExtended, parseHostPort, plainHost, type Address } from '../addresses';
import type { Session } from '../session';
import { isNamedBySocket, listenForSocket } from './historical';
import { listen } from './listen';
import type { Task } from '../task';
import { type HandlerTable } from './handler';

/** Who dials whom: RFC 959 §4.1.2 PORT and PASV, RFC 2428 EPRT and EPSV. */
export const rendezvousCommands: HandlerTable = {
  PASV: {
    *run(session) {
      if (session.onlyExtended) return session.reply('PASV', 'afterExtendedAll');
      if (isNamedBySocket(session.rendezvous)) return yield* listenForSocket(session, session.rendezvous);
      yield* goPassive(session, 'PASV');
    },
  },
  /** PASV with the roles of TLS swapped: the server that listens speaks first. */
  CPSV: {
    *run(session) {
      if (!session.settings.tls?.cpsv) return session.reply('CPSV', 'unknownCommand');
      if (session.protection === 'C') return session.reply('CPSV', 'secureDataFirst');
      yield* goPassive(session, 'CPSV');
    },
  },
  EPSV: {
    *run(session, argument) {
      if (argument.toUpperCase() === 'ALL') {
        session.onlyExtended = true;
        return session.reply('EPSV', 'extendedAll');
      }
      const family = plainHost(session.local.host).includes(':') ? '2' : '1';
      if (argument !== '' && argument !== family) return session.reply('EPSV', 'otherFamily', { family });
      const local = yield* listen(session, 'EPSV');
      if (!local) return;
      session.reply('EPSV', 'extendedPassive', { port: local.port });
      yield* watchTime(session);
    },
  },
  PORT: {
    *run(session, argument) {
      const address = parseHostPort(argument);
      yield* announce(session, 'PORT', address);
    },
  },
  EPRT: {
    *run(session, argument) {
      const address = parseExtended(argument);
      const known = address?.family === '1' || address?.family === '2';
      if (address && !known) return session.reply('EPRT', 'otherFamily', { family: '1,2' });
      yield* announce(session, 'EPRT', address);
    },
  },
};

function* goPassive(session: Session, command: 'PASV' | 'CPSV'): Task {
  const local = yield* listen(session, command, command === 'CPSV' ? { speaksFirst: true } : {});
  if (!local) return;
  const host = plainHost(session.local.host);
  if (host.includes(':')) return session.reply(command, 'passiveFailed');
  session.reply(command, 'passive', { numbers: formatHostPort({ host, port: local.port }) });
  yield* watchTime(session);
}

/** pyftpdlib counts from its 227 on, and closes the session with 421 (handlers.py, PassiveDTP.timeout). */
function* watchTime(session: Session): Task {
  const { rendezvous, persona } = session;
  if (persona.accepts !== 'at-once' || rendezvous.kind !== 'passive') return;
  session.giveTurn();
  const over = () => rendezvous.arrived.length > 0 || session.rendezvous !== rendezvous;
  if (yield* session.within(persona.acceptLimit, over)) return;
  session.setRendezvous({ kind: 'default' });
  session.reply('idle', 'passiveLate');
}

function* announce(session: Session, command: string, address: Address | undefined): Task {
  if (session.onlyExtended) return session.reply(command, 'afterExtendedAll');
  if (!address) return session.reply(command, 'syntax');
  const own = plainHost(address.host) === plainHost(session.remote.host);
  if (!own && !session.settings.thirdHosts) return session.reply(command, 'portRefused');
  if (session.persona.dials === 'at-transfer') {
    session.setRendezvous({ kind: 'active', ...address });
    return session.reply(command, 'portSet');
  }
  // pyftpdlib dials here and answers once connected: a RETR in the same segment gets its 150 first (FACTS.md).
  session.setRendezvous({ kind: 'default' });
  const dialled = session.dial(address.host, address.port, undefined);
  session.rendezvous = { kind: 'active', ...address, dialled };
  session.giveTurn();
  yield () => dialled.state !== 'opening';
  session.reply(command, dialled.state === 'open' ? 'portSet' : 'cannotConnect');
}
