import { parseSocket, plainHost } from '../addresses';
import type { Active, Rendezvous, Session } from '../session';
import type { Task } from '../task';
import type { Handler, HandlerTable } from './handler';
import { listen } from './listen';

/*
 * Theory of operation
 *
 * Before PORT there was SOCK. RFC 438 and RFC 478 proposed how two servers could meet with it; this is how they read
 * on TCP. A socket is `<host> <port>`: an address in its usual text form, a blank, the port in decimal. All of it
 * holds for the next transfer command alone.
 *
 *   RFC 478   SOCK <host> <port>   200          "be prepared to use" it: dials there when the transfer command comes
 *             PASV                 200          after SOCK: listens on L-1, the default data port, for that peer alone
 *   RFC 438   LSTN R | LSTN S      255 <port>   listens: to receive (STOR, APPE), or to send (RETR)
 *             SOCK <host> <port>   200          after LSTN: admits that peer alone
 *
 * By "that peer" a host is meant, and its port as well where the settings are strict: a server whose L-1 is taken
 * dials from another port. A server without `historical` knows none of this, as every server of today.
 */
export const historicalCommands: HandlerTable = {
  LSTN: historical(function* (session, argument) {
    const direction = argument.toUpperCase();
    if (direction !== 'R' && direction !== 'S') return session.reply('LSTN', 'syntax');
    const local = yield* listen(session, 'LSTN', { direction });
    if (local) session.reply('LSTN', 'socketAllocated', { port: local.port });
  }),
  SOCK: historical(function* (session, argument) {
    const peer = parseSocket(argument);
    if (!peer) return session.reply('SOCK', 'syntax');
    const known = plainHost(peer.host) === plainHost(session.remote.host);
    if (!known && !session.settings.thirdHosts) {
      return session.reply('SOCK', 'portRefused', { command: 'SOCK' });
    }
    const { rendezvous } = session;
    if (rendezvous.kind === 'passive' && rendezvous.direction !== undefined) {
      rendezvous.admits = peer;
      for (const link of rendezvous.arrived.splice(0)) {
        if (link.remote && session.admits(link.remote)) rendezvous.arrived.push(link);
        else session.drop(link);
      }
    } else session.setRendezvous({ kind: 'active', ...peer, bySocket: true });
    session.reply('SOCK', 'socketSet');
  }),
};

export function isNamedBySocket(rendezvous: Rendezvous): rendezvous is Active {
  return rendezvous.kind === 'active' && rendezvous.bySocket === true;
}

/** RFC 478: PASV after SOCK. */
export function* listenForSocket(session: Session, { host, port }: Active): Task {
  const own = session.settings.controlPort - 1;
  const admits = { host, port };
  const local = yield* listen(session, 'PASV', { ports: { first: own, last: own }, admits });
  if (local) session.reply('PASV', 'dataSocketOpen');
}

function historical(run: Handler['run']): Handler {
  return {
    *run(session, argument, verb) {
      if (session.settings.historical === false) return session.reply(verb, 'unknownCommand');
      yield* run(session, argument, verb);
    },
  };
}
