import type { Endpoint } from '../net/network';
import { FtpError } from '../protocol/errors';
import { formatEprt, formatPort } from '../protocol/hostPort';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import { listen, type AwaitedPeer } from './awaitedPeer';
import { arranged, WayFailed, type Arrangement, type Rendezvous, type RendezvousContext } from './rendezvous';
import { clearRefused, isClearRefusal } from './tlsRefusal';
import type { Command } from '../protocol/command';

type ActiveMethod = 'EPRT' | 'PORT';

// EPRT |1|192.168.0.5|50210|   200 EPRT command successful
export const extendedActive: Rendezvous = {
  method: 'EPRT',
  arrange: (context, prelude) =>
    arrangeActive('EPRT', context, prelude, ({ host, port, family }) => formatEprt(host, port, family)),
};

// PORT 192,168,0,5,196,34   200 PORT command successful
export const active: Rendezvous = {
  method: 'PORT',
  arrange: (context, prelude) =>
    arrangeActive('PORT', context, prelude, ({ host, port }) => formatPort(host, port)),
};

/** We listen, then tell the server where: it dials once it has the transfer command (RFC 959 §5.2). */
async function arrangeActive(
  method: ActiveMethod,
  context: RendezvousContext,
  prelude: readonly Command[],
  format: (place: Endpoint) => string,
): Promise<Arrangement> {
  const peer = await listen(method, context, context.activePorts);
  try {
    const argument = format(announced(context, peer.local));
    const ahead = [...prelude, { verb: method, argument }];
    const read = (replies: readonly Reply[]): readonly Reply[] => {
      const reply = replies.at(-1);
      if (isClearRefusal(reply)) throw clearRefused(reply, method);
      if (!reply || severityOf(reply) !== 'completed') throw refused(method, peer, reply);
      return replies.slice(0, -1);
    };
    if (context.waitsForCommand) return { meeting: peer, ahead, read };
    // Nothing behind it: pyftpdlib dials before it answers, and answers what stands behind meanwhile.
    return arranged(peer, read(await context.control.batch(ahead, context.operation)));
  } catch (error) {
    peer.dispose();
    throw error;
  }
}

function announced(context: RendezvousContext, local: Endpoint): Endpoint {
  const host = context.activeAddress ?? local.host;
  return { host, port: local.port, family: host.includes(':') ? 6 : 4 };
}

function refused(method: ActiveMethod, peer: AwaitedPeer, reply: Reply | undefined): WayFailed {
  const said = reply ? replyText(reply) : '';
  const facts = { said, address: peer.address };
  return new WayFailed(
    method,
    'refused',
    new FtpError('data-active-refused', `${method} refused: ${said}`, { reply, facts }),
  );
}
