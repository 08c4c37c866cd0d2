import { Deferred } from '../../base/deferred';
import { onAbort } from '../../base/abort';
import type { Disposable } from '../../base/disposable';
import type { Connection, Endpoint, Listener, PortRange } from '../net/network';
import { FtpError } from '../protocol/errors';
import type { RendezvousMethod } from '../trace/wireEvent';
import type { DataConnection } from './dataConnection';
import { showEndpoint, WayFailed, type Meeting, type RendezvousContext } from './rendezvous';
import { shield } from './shield';

/** Few strangers can queue before the server's own connection does. */
const backlog = 4;

/** Listens on the address of the control connection for the one peer that may come: the server. */
export async function listen(
  method: RendezvousMethod,
  context: RendezvousContext,
  ports: PortRange,
): Promise<AwaitedPeer> {
  const host = context.control.local.host;
  const peer = new AwaitedPeer(method, context);
  try {
    peer.attach(
      await context.network.listen({ host, ports, backlog }, (arrival) => peer.handleArrival(arrival)),
    );
    return peer;
  } catch (cause) {
    const facts = { address: host };
    const error = new FtpError('data-active-unreachable', `Cannot listen on ${host}.`, { facts, cause });
    throw new WayFailed(method, 'unreachable', error);
  }
}

/** Our listening end of an active rendezvous: takes the first connection of the control peer, and closes. */
export class AwaitedPeer implements Meeting {
  private readonly arrived = new Deferred<Connection>();
  private readonly ended = new AbortController();
  private listener: Listener | undefined;
  private met = false;
  private taken = false;

  constructor(
    readonly method: RendezvousMethod,
    private readonly context: RendezvousContext,
  ) {}

  get local(): Endpoint {
    if (!this.listener) throw new Error('Not listening.');
    return this.listener.local;
  }

  get address(): string {
    return showEndpoint(this.local);
  }

  get isMet(): boolean {
    return this.met;
  }

  attach(listener: Listener): void {
    this.listener = listener;
  }

  /** RFC 438's SOCK secured a transfer by naming who may come; here it is who we already talk to. */
  handleArrival(arrival: Connection): void {
    const expected = this.context.control.remote.host;
    if (arrival.remote.host !== expected || this.arrived.settled) {
      const remote = showEndpoint(arrival.remote);
      arrival.reset();
      const text = `a stranger from ${remote} dialled the data port and was refused`;
      this.context.tracer.data({ operation: this.context.operation, phase: 'stranger', remote, text });
      return;
    }
    this.listener?.dispose();
    this.arrived.resolve(arrival);
  }

  /**
   * TLS begins behind the preliminary reply: pyftpdlib, which dials at EPRT, drops a data connection whose TLS begins
   * before it has read the transfer command. The others reply once they have dialled, so that it costs nothing.
   */
  async connection(answered: Promise<unknown>, reached: Promise<unknown>): Promise<DataConnection> {
    const connection = await this.arrival(reached);
    this.met = true;
    if (this.context.line.protect) await answered;
    this.taken = true;
    return shield(connection, this.method, this.context, this.ended);
  }

  private async arrival(reached: Promise<unknown>): Promise<Connection> {
    const { clock, timeout, signal } = this.context;
    let timer: Disposable | undefined;
    const startTimer = (): void => {
      if (this.arrived.settled) return;
      timer = clock.setTimer(timeout, () => this.arrived.reject(this.nobodyCame()), 'data connection');
    };
    // Where the server does not get as far as this, whoever asked is told of it, and ends the wait.
    reached.then(startTimer, () => undefined);
    const cancelled = new FtpError('aborted', 'The operation was cancelled.');
    const listener = onAbort(signal, () => this.arrived.reject(cancelled));
    try {
      return await this.arrived.promise;
    } finally {
      timer?.dispose();
      listener.dispose();
    }
  }

  dispose(): void {
    this.listener?.dispose();
    this.ended.abort();
    if (this.arrived.settled && !this.taken) this.closeUntaken();
    else this.arrived.reject(this.nobodyCame());
  }

  /** The server came, but the transfer was over already. */
  private closeUntaken(): void {
    this.arrived.promise.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  private nobodyCame(): WayFailed {
    const address = this.listener ? this.address : '';
    const message = `The server did not dial ${address}.`;
    const code = this.method === 'default-port' ? 'data-default-port-failed' : 'data-active-unreachable';
    return new WayFailed(this.method, 'timed-out', new FtpError(code, message, { facts: { address } }));
  }
}
