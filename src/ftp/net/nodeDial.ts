import { lookup } from 'node:dns/promises';
import { connect, isIP, type TcpNetConnectOpts } from 'node:net';
import { onAbort } from '../../base/abort';
import { NetError, type Connection, type ConnectHow, type Network } from './network';
import { nodeConnection } from './nodeConnection';
import { nodeFault } from './nodeFault';
import { Inlet } from './nodeInlet';

/**
 * Milliseconds for one address of a host while another one is left; the last has no limit of ours.
 *
 * Node's own limit is 250: too little for a satellite link or for one lost SYN (sent again after a second,
 * RFC 6298 §2), so that a host with two addresses can never be reached. `autoSelectFamilyAttemptTimeout`
 * would raise it, but Node ignores that as soon as a local address is given. Hence we walk the addresses.
 * One after another and never two at once: many servers allow a user one connection.
 */
const attemptLimit = 4_000;

/** Rejects with `NetError`; leaves no listener on the signal. */
export const nodeDial: Network['connect'] = async (to, how) => {
  const addresses = await resolve(to.host, how);
  let failure = new NetError('host-not-found', 'connect', `${to.host} has no address.`);
  for (const [index, address] of addresses.entries()) {
    const limit = index < addresses.length - 1 ? attemptLimit : undefined;
    try {
      return await attempt(socketOptions(address, to.port, how), how.signal, limit);
    } catch (error) {
      if (!(error instanceof NetError) || error.fault === 'aborted') throw error;
      failure = error;
    }
  }
  throw failure;
};

function socketOptions(host: string, port: number, how: ConnectHow): TcpNetConnectOpts {
  const options = { host, port, noDelay: how.noDelay, allowHalfOpen: true, autoSelectFamily: false };
  if (!how.from) return options;
  // Bound before it connects, be it to the wildcard: only then does libuv set SO_REUSEADDR, without which
  // nobody can listen on this port later (RFC 959 §3.2: the user-DTP's default data port is the local port
  // of the control connection).
  const anyAddress = isIP(host) === 6 ? '::' : '0.0.0.0';
  return { ...options, localAddress: how.from.host ?? anyAddress, localPort: how.from.port ?? 0 };
}

async function resolve(host: string, how: ConnectHow): Promise<string[]> {
  if (isIP(host)) return [host];
  // The resolver cannot be stopped; whoever aborts does not wait for it.
  const found = lookup(host, { all: true, family: isIP(how.from?.host ?? '') });
  const addresses = await abortable(found, how.signal).catch((error: Error) => {
    throw error instanceof NetError ? error : nodeFault(error, 'connect');
  });
  return addresses.map(({ address }) => address);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((fulfil, reject) => {
    const watch = onAbort(signal, () => reject(aborted()));
    work.finally(() => watch.dispose()).then(fulfil, reject);
  });
}

function attempt(options: TcpNetConnectOpts, signal: AbortSignal, limit?: number): Promise<Connection> {
  if (signal.aborted) return Promise.reject(aborted());
  return new Promise((fulfil, reject) => {
    const inlet = new Inlet();
    const socket = connect({ ...options, onread: inlet.onread });
    const settled = (): void => {
      watch.dispose();
      clearTimeout(timer);
    };
    const giveUp = (error: NetError): void => {
      settled();
      socket.destroy();
      reject(error);
    };
    const watch = onAbort(signal, () => giveUp(aborted()));
    const timer = limit === undefined ? undefined : setTimeout(() => giveUp(timedOut(options)), limit);
    socket.once('connect', () => {
      settled();
      const connection = nodeConnection(socket, inlet);
      if (connection) fulfil(connection);
      else reject(new NetError('reset', 'connect', `${options.host} closed the connection at once.`));
    });
    // Stays for good: the last words of a socket that was given up are no error of the process.
    socket.on('error', (error) => giveUp(nodeFault(error, 'connect')));
  });
}

function aborted(): NetError {
  return new NetError('aborted', 'connect', 'The connection attempt was aborted.');
}

function timedOut({ host, port }: TcpNetConnectOpts): NetError {
  return new NetError('timed-out', 'connect', `No answer from ${host}, port ${port}.`);
}
