import type { Endpoint, Network } from '../../../src/ftp/net/network';
import { SimNetwork } from './simNetwork';
import type { Cut, ResetShape, Reuse } from './rules';
import { endpointKey, Segment } from './segment';
import type { SeededRandom } from './seed';
import { Flow } from './flow';
import type { SimConnection } from './tcp';
import type { SimListener } from './simListener';
import type { SimWorld } from './simWorld';

const ephemeralPorts = { first: 32_768, count: 28_232 };

/** A computer: addresses, ports and sockets. Its knobs hold for connections opened after they were turned. */
export class SimHost {
  /** How what arrives here is cut; a function decides by connection. */
  cut: Cut | ((connection: SimConnection) => Cut) = 'whole';
  /** Hands over all that has arrived in one call. */
  merge = false;
  resetShape: ResetShape = 'error';
  /** 'when-answering': on connections where what was sent last was an answer, as Linux (see `Acknowledger`). */
  delayedAcknowledgement: boolean | 'when-answering' = false;
  /** For accepted connections; inetutils-ftpd leaves Nagle on. */
  noDelay = true;
  reuse: Reuse = 'never';
  /** Milliseconds that the side that closed first keeps the port pair. */
  timeWait = 60_000;
  /** Nothing leaves it and nothing arrives. */
  vanished = false;

  readonly network: Network;
  readonly random: SeededRandom;
  private readonly sockets = new Map<string, SimConnection>();
  private readonly listening = new Set<SimListener>();
  private readonly timeWaits = new Map<string, number>();

  constructor(
    readonly world: SimWorld,
    readonly name: string,
    readonly addresses: readonly string[],
  ) {
    this.random = world.kernel.random.fork(`host ${name}`);
    this.network = new SimNetwork(this);
  }

  /** Connections that somebody on this host still holds; orphans and TIME-WAIT are the system's. */
  get connections(): SimConnection[] {
    return [...this.sockets.values()].filter((socket) => socket.held);
  }

  get listeners(): SimListener[] {
    return [...this.listening];
  }

  /** Loses its memory: every socket is gone without a word, and old segments are answered by RST. */
  reboot(): void {
    for (const listener of this.listening) listener.vanish();
    for (const socket of [...this.sockets.values()]) socket.vanish();
    this.listening.clear();
    this.timeWaits.clear();
    this.vanished = false;
  }

  cutFor(connection: SimConnection): Cut {
    return typeof this.cut === 'function' ? this.cut(connection) : this.cut;
  }

  add(socket: SimConnection): void {
    this.sockets.set(pairKey(socket.local, socket.remote), socket);
  }

  forget(socket: SimConnection): void {
    const key = pairKey(socket.local, socket.remote);
    if (this.sockets.get(key) === socket) this.sockets.delete(key);
  }

  /** Both FINs are acknowledged. */
  leave(socket: SimConnection, closedFirst: boolean): void {
    this.forget(socket);
    if (closedFirst) {
      this.timeWaits.set(pairKey(socket.local, socket.remote), this.world.kernel.now + this.timeWait);
    }
  }

  addListener(listener: SimListener): void {
    this.listening.add(listener);
  }

  removeListener(listener: SimListener): void {
    this.listening.delete(listener);
  }

  listenerAt(at: Endpoint): SimListener | undefined {
    return [...this.listening].find((listener) => listener.covers(at));
  }

  socketsAt(port: number): SimConnection[] {
    return [...this.sockets.values()].filter(({ local, occupies }) => local.port === port && occupies);
  }

  pairIsTaken(local: Endpoint, remote: Endpoint): boolean {
    const key = pairKey(local, remote);
    return this.sockets.get(key)?.occupies === true || (this.reuse === 'never' && this.inTimeWait(key));
  }

  ephemeralPort(): number {
    const taken = new Set([...this.sockets.values()].map(({ local }) => local.port));
    for (const { local } of this.listening) taken.add(local.port);
    for (;;) {
      const port = ephemeralPorts.first + this.random.below(ephemeralPorts.count);
      if (!taken.has(port)) return port;
    }
  }

  /** False: dropped, and to be sent again. */
  arrived(segment: Segment): boolean {
    const key = pairKey(segment.to, segment.from);
    const socket = this.sockets.get(key);
    if (socket?.occupies) {
      socket.arrived(segment);
      return true;
    }
    if (segment.rst) return true;
    const listener = segment.syn ? this.listenerAt(segment.to) : undefined;
    if (!listener) {
      // TIME-WAIT answers nothing but a new attempt; the last acknowledgement of a FIN needs none.
      if (!this.inTimeWait(key)) this.refuse(segment);
      return true;
    }
    // Seen from the other side, the pair of this connection rests here still.
    if (this.reuse === 'never' && this.inTimeWait(key)) return false;
    return listener.offered(segment);
  }

  private refuse({ from, to }: Segment): void {
    const peer = this.world.hostOf(from.host, this);
    if (!peer) return;
    const { kernel } = this.world;
    new Flow(kernel, this, peer, kernel.lane(), () => undefined).send(new Segment(to, from, { rst: true }));
  }

  private inTimeWait(key: string): boolean {
    const until = this.timeWaits.get(key);
    if (until === undefined) return false;
    if (this.world.kernel.now < until) return true;
    this.timeWaits.delete(key);
    return false;
  }
}

function pairKey(local: Endpoint, remote: Endpoint): string {
  return `${endpointKey(local)} ${endpointKey(remote)}`;
}
