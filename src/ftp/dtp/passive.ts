import { withTimeLimit } from '../../base/timeLimit';
import { NetError, type Connection } from '../net/network';
import type { RendezvousFailure } from '../pi/serverProfile';
import { FtpError } from '../protocol/errors';
import { parseEpsvReply, parsePasvReply } from '../protocol/hostPort';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import {
  arranged,
  showEndpoint,
  WayFailed,
  type Meeting,
  type Rendezvous,
  type RendezvousContext,
} from './rendezvous';
import { shield } from './shield';
import { clearRefused, isClearRefusal } from './tlsRefusal';

type Place = { readonly host: string; readonly port: number };
export type PassiveMethod = 'EPSV' | 'PASV';

/** The server-DTP listens, we dial, before the transfer command is sent. */
export interface PassiveRendezvous extends Rendezvous {
  readonly method: PassiveMethod;
  /** Dials where the reply to `method` says. Rejects with `WayFailed`. */
  dial(context: RendezvousContext, reply: Reply | undefined): Promise<Connection>;
}

// EPSV   229 Extended Passive mode OK (|||50123|)
export const extendedPassive = passiveBy('EPSV', (context, reply) => ({
  host: context.control.remote.host,
  port: parseEpsvReply(reply),
}));

// PASV   227 Entering Passive Mode (192,168,1,100,10,229)
export const passive = passiveBy('PASV', (context, reply) => choosePlace(context, parsePasvReply(reply)));

function passiveBy(
  method: PassiveMethod,
  read: (context: RendezvousContext, reply: Reply) => Place,
): PassiveRendezvous {
  const dial: PassiveRendezvous['dial'] = async (context, reply) =>
    dialPlace(
      method,
      context,
      placeOf(method, reply, (said) => read(context, said)),
    );
  return {
    method,
    dial,
    async arrange(context, prelude) {
      const replies = await context.control.batch([...prelude, { verb: method }], context.operation);
      const connection = await dial(context, replies.at(-1));
      return arranged(meetingAt(method, connection, context), replies.slice(0, -1));
    },
  };
}

function placeOf(method: PassiveMethod, reply: Reply | undefined, read: (reply: Reply) => Place): Place {
  if (isClearRefusal(reply)) throw clearRefused(reply, method);
  if (!reply || severityOf(reply) !== 'completed') throw refused(method, reply);
  try {
    return read(reply);
  } catch (cause) {
    throw refused(method, reply, cause);
  }
}

function refused(method: PassiveMethod, reply: Reply | undefined, cause?: unknown): WayFailed {
  const said = reply ? replyText(reply) : '';
  const message = `${method} refused: ${said}`;
  return new WayFailed(
    method,
    'refused',
    new FtpError('data-passive-refused', message, { reply, facts: { said }, cause }),
  );
}

/**
 * A server behind NAT, or a malicious one, names an address that is not its own: the control connection's peer
 * is dialled, whatever 227 says (CVE-2020-8284), unless the site says otherwise.
 */
function choosePlace(context: RendezvousContext, named: Place): Place {
  const peer = context.control.remote.host;
  if (context.trustPassiveAddress || named.host === peer) return named;
  const text = `the reply names ${named.host}; its control peer ${peer} is used`;
  context.tracer.data({ operation: context.operation, phase: 'address-replaced', method: 'PASV', text });
  return { host: peer, port: named.port };
}

async function dialPlace(
  method: PassiveMethod,
  context: RendezvousContext,
  place: Place,
): Promise<Connection> {
  const { clock, network, timeout } = context;
  return withTimeLimit(clock, timeout, 'data connection', context.signal, async (signal, ranOut) => {
    try {
      return await network.connect(place, { noDelay: true, signal });
    } catch (error) {
      if (context.signal.aborted) {
        throw new FtpError('aborted', 'The operation was cancelled.', { cause: error });
      }
      throw unreachable(method, place, ranOut() || isTimeOut(error) ? 'timed-out' : 'unreachable', error);
    }
  });
}

function isTimeOut(error: unknown): boolean {
  return error instanceof NetError && error.fault === 'timed-out';
}

function unreachable(
  method: PassiveMethod,
  place: Place,
  failure: RendezvousFailure,
  cause: unknown,
): WayFailed {
  const address = showEndpoint(place);
  const facts = { address, port: place.port };
  const message = `${method}: ${address} cannot be reached.`;
  return new WayFailed(method, failure, new FtpError('data-passive-unreachable', message, { facts, cause }));
}

/** The connection is there, in clear text as yet. */
export function meetingAt(
  method: PassiveMethod,
  connection: Connection,
  context: RendezvousContext,
): Meeting {
  const ended = new AbortController();
  let taken = false;
  return {
    method,
    isMet: true,
    connection: () => {
      taken = true;
      return shield(connection, method, context, ended);
    },
    dispose: () => {
      if (taken) ended.abort();
      else connection.close();
    },
  };
}
