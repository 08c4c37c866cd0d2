import type { Endpoint, Connection, Listener } from '../../../src/ftp/net/network';
import type { Segment } from './segment';
import type { SimHost } from './simHost';
import { SimConnection } from './tcp';

const anyAddress = new Set(['0.0.0.0', '::']);

/** A listening port. */
export class SimListener implements Listener {
  /** The SYN has come, the last acknowledgement of the handshake has not. */
  private readonly opening = new Set<SimConnection>();
  private open = true;

  constructor(
    private readonly host: SimHost,
    readonly local: Endpoint,
    private readonly backlog: number,
    private readonly accepted: (connection: Connection) => void,
  ) {
    host.addListener(this);
  }

  /** `::` takes both families. */
  covers({ host, port, family }: Endpoint): boolean {
    if (port !== this.local.port) return false;
    if (this.local.host === host || host === '::' || this.local.host === '::') return true;
    const either = anyAddress.has(host) || anyAddress.has(this.local.host);
    return either && family === this.local.family;
  }

  /** A SYN. False: the queue is full. */
  offered({ from, to }: Segment): boolean {
    if (this.opening.size >= Math.max(1, this.backlog)) return false;
    const peer = this.host.world.hostOf(from.host, this.host);
    if (!peer) return true;
    const connection = new SimConnection({
      host: this.host,
      peer,
      local: to,
      remote: from,
      noDelay: this.host.noDelay,
      bound: true,
      lane: this.host.world.kernel.lane(),
      opened: (done) => {
        this.opening.delete(done);
        this.accepted(done);
      },
      failed: () => this.opening.delete(connection),
    });
    this.opening.add(connection);
    this.host.add(connection);
    connection.open();
    return true;
  }

  dispose(): void {
    if (!this.open) return;
    this.vanish();
    for (const connection of [...this.opening]) connection.reset();
  }

  /** Without a word to those who are about to connect. */
  vanish(): void {
    this.open = false;
    this.host.removeListener(this);
  }
}
