import { isIP } from 'node:net';
import { onAbort } from '../../../src/base/abort';
import { Deferred } from '../../../src/base/deferred';
import type { Disposable } from '../../../src/base/disposable';
import {
  NetError,
  type Connection,
  type ConnectHow,
  type Endpoint,
  type Listener,
  type Network,
} from '../../../src/ftp/net/network';
import type { SimHost } from './simHost';
import { SimListener } from './simListener';
import { SimConnection } from './tcp';

/** As in nodeNetwork: for one address while another one is left. */
const attemptLimit = 4_000;

/** A SYN and its six repeats stay without an answer (Linux). */
const connectLimit = 127_000;

type ListenAt = Parameters<Network['listen']>[0];
type Accepted = Parameters<Network['listen']>[1];

/** The network as one host sees it. */
export class SimNetwork implements Network {
  constructor(private readonly host: SimHost) {}

  async connect(to: { host: string; port: number }, how: ConnectHow): Promise<Connection> {
    if (how.signal.aborted) throw fault('aborted', 'connect', to.host);
    const addresses = this.host.world.resolve(to.host);
    let failure = fault('host-not-found', 'connect', to.host);
    for (const [index, address] of addresses.entries()) {
      const limit = index < addresses.length - 1 ? attemptLimit : connectLimit;
      try {
        return await this.attempt(endpoint(address, to.port), how, limit);
      } catch (error) {
        if (!(error instanceof NetError) || error.fault === 'aborted') throw error;
        failure = error;
      }
    }
    throw failure;
  }

  listen(at: ListenAt, accepted: Accepted): Promise<Listener> {
    return Promise.resolve().then(() => this.bind(at, accepted));
  }

  private bind(at: ListenAt, accepted: Accepted): Listener {
    const count = at.ports.last - at.ports.first + 1;
    const start = this.host.random.below(count);
    for (let tried = 0; tried < count; tried++) {
      const port = at.ports.first + ((start + tried) % count);
      const local = endpoint(at.host, port === 0 ? this.host.ephemeralPort() : port);
      if (!this.isOwn(local.host)) throw fault('address-not-available', 'listen', at.host);
      if (!this.isTaken(local)) return new SimListener(this.host, local, at.backlog, accepted);
    }
    throw fault('address-in-use', 'listen', at.host);
  }

  private attempt(remote: Endpoint, how: ConnectHow, limit: number): Promise<Connection> {
    const peer = this.host.world.hostOf(remote.host, this.host);
    if (!peer || !this.host.world.isLinked(this.host, peer)) {
      return Promise.reject(fault('unreachable', 'connect', remote.host));
    }
    const local = this.localEnd(remote, how);
    return this.dial(peer, local, remote, how, limit);
  }

  private dial(
    peer: SimHost,
    local: Endpoint,
    remote: Endpoint,
    how: ConnectHow,
    limit: number,
  ): Promise<Connection> {
    const { kernel } = this.host.world;
    const lane = kernel.lane();
    const done = new Deferred<Connection>();
    const guards: Disposable[] = [];
    const settled = (): void => guards.forEach((guard) => guard.dispose());
    const connection = new SimConnection({
      host: this.host,
      peer,
      local,
      remote,
      noDelay: how.noDelay,
      bound: how.from !== undefined,
      lane,
      opened: (open) => {
        settled();
        done.resolve(open);
      },
      failed: (error) => {
        settled();
        done.reject(error);
      },
    });
    const giveUp = (error: NetError): void => {
      done.reject(error);
      connection.vanish();
    };
    guards.push(onAbort(how.signal, () => giveUp(fault('aborted', 'connect', remote.host))));
    const expiry = kernel.schedule({
      after: limit,
      lane,
      what: `connect limit ${connection.toString()}`,
      fire: () => giveUp(fault('timed-out', 'connect', remote.host)),
    });
    guards.push({ dispose: () => kernel.cancel(expiry) });
    this.host.add(connection);
    connection.open();
    return done.promise;
  }

  private localEnd(remote: Endpoint, { from }: ConnectHow): Endpoint {
    const host = from?.host ?? this.host.world.sourceAddress(this.host, remote);
    if (!host || isIP(host) !== remote.family || !this.isOwn(host)) {
      throw fault('address-not-available', 'connect', remote.host);
    }
    const local = endpoint(host, from?.port ? from.port : this.host.ephemeralPort());
    // Linux, measured: a listener keeps others from binding its port, not the other way round.
    if (this.host.listenerAt(local)) throw fault('address-in-use', 'connect', host);
    if (this.host.pairIsTaken(local, remote)) throw fault('address-not-available', 'connect', host);
    return local;
  }

  /** A port is free to listen on unless there is a listener, or a socket that had not been bound to it. */
  private isTaken(local: Endpoint): boolean {
    return (
      this.host.listenerAt(local) !== undefined || this.host.socketsAt(local.port).some(({ bound }) => !bound)
    );
  }

  private isOwn(address: string): boolean {
    return ['0.0.0.0', '::', '127.0.0.1', '::1', ...this.host.addresses].includes(address);
  }
}

export function endpoint(host: string, port: number): Endpoint {
  return { host, port, family: isIP(host) === 6 ? 6 : 4 };
}

function fault(kind: NetError['fault'], during: 'connect' | 'listen', host: string): NetError {
  return new NetError(kind, during, `${during} ${host}: ${kind}`);
}
