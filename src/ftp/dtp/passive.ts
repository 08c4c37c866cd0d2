import { withTimeLimit } from '../../base/timeLimit';
import { NetError, type Connection } from '../net/network';
import type { RendezvousFailure } from '../pi/serverProfile';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { parseEpsvReply, parsePasvReply } from '../protocol/hostPort';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import {
  showEndpoint,
  WayFailed,
  type Arrangement,
  type Meeting,
  type Rendezvous,
  type RendezvousContext,
} from './rendezvous';
import { shield } from './shield';
import { clearRefused, isClearRefusal } from './tlsRefusal';

type Place = { readonly host: string; readonly port: number };
type PassiveMethod = 'EPSV' | 'PASV';

// EPSV   229 Extended Passive mode OK (|||50123|)
export const extendedPassive: Rendezvous = {
  method: 'EPSV',
  arrange: (context, prelude) =>
    arrangePassive('EPSV', context, prelude, (reply) => ({
      host: context.control.remote.host,
      port: parseEpsvReply(reply),
    })),
};

// PASV   227 Entering Passive Mode (192,168,1,100,10,229)
export const passive: Rendezvous = {
  method: 'PASV',
  arrange: (context, prelude) =>
    arrangePassive('PASV', context, prelude, (reply) => choosePlace(context, parsePasvReply(reply))),
};

/** The server-DTP listens, we dial, before the transfer command is sent. */
async function arrangePassive(
  method: PassiveMethod,
  context: RendezvousContext,
  prelude: readonly Command[],
  read: (reply: Reply) => Place,
): Promise<Arrangement> {
  const replies = await context.control.batch([...prelude, { verb: method }], context.operation);
  const reply = replies.at(-1);
  const place = placeOf(method, reply, read);
  const connection = await dial(method, context, place);
  return { meeting: meetingAt(method, connection, context), prelude: replies.slice(0, -1) };
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

async function dial(method: PassiveMethod, context: RendezvousContext, place: Place): Promise<Connection> {
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

function meetingAt(method: PassiveMethod, connection: Connection, context: RendezvousContext): Meeting {
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
