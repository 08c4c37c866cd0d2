import type { Connection, Endpoint, Listener, Network, PortRange } from '../../../src/ftp/net/network';
import { NetError } from '../../../src/ftp/net/network';
import type { DialAction, SecureDataAction, Spoiling } from './actions';
import type { Fact } from './facts';
import type { Encounter } from './tls/encounters';
import type { SessionTls } from './tls/sessionTls';
import { TlsConnection } from './tls/tlsConnection';
import type { TrafficRecord } from './tls/traffic';
import { Wire } from './tls/wire';

/** What they need of their server. */
interface House {
  readonly network: Network;
  record(session: number, kind: 'data', remote: Endpoint): TrafficRecord | undefined;
  met(encounter: Encounter): void;
}

type Link = Wire | TlsConnection;

/** The data connections and data listeners of one session. */
export class DataSockets {
  /** Connections on which we have sent FIN and the peer has not. */
  readonly finished = new Set<string>();
  private readonly connections = new Map<string, Link>();
  private readonly listeners = new Map<string, Listener>();
  private readonly spoilt = new Map<string, Spoiling>();
  private readonly dialling = new AbortController();
  private readonly reading = new Set<string>();
  /** Connections on which the peer has sent FIN. */
  private readonly overs = new Set<string>();
  /** Connections whose FIN is to be acknowledged. */
  private readonly lingering = new Set<string>();
  private readonly sockets = new Set<Link>();
  private accepted = 0;

  constructor(
    private readonly house: House,
    private readonly session: number,
    /** Of the control connection. */
    private readonly local: Endpoint,
    private readonly tls: SessionTls | undefined,
    private readonly tell: (fact: Fact) => void,
  ) {}

  listen(name: string, ports: PortRange): void {
    if (this.spoilt.get(name) === 'fail') return this.tell({ kind: 'listen-failed', listener: name });
    const at = { host: this.local.host, ports, backlog: BACKLOG };
    this.house.network
      .listen(at, (connection) => this.arrived(name, this.wire(connection)))
      .then(
        (listener) => this.listening(name, listener),
        () => this.tell({ kind: 'listen-failed', listener: name }),
      );
  }

  unlisten(name: string): void {
    this.listeners.get(name)?.dispose();
    this.listeners.delete(name);
  }

  dial(action: DialAction): void {
    const { data, host, port, from, fromHost = this.local.host } = action;
    const own = from === undefined ? { host: fromHost } : { host: fromHost, port: from };
    this.house.network
      .connect({ host, port }, { from: own, noDelay: true, signal: this.dialling.signal })
      .then(
        (connection) => this.opened(data, this.wire(connection)),
        (error: unknown) => {
          if (!(error instanceof NetError)) throw error;
          this.tell({ kind: 'dial-failed', data, fault: dialFault(error) });
        },
      );
  }

  /** Somebody who is not the server dials the client's port and sends what nobody wants; then we dial. */
  async stranger(from: string, host: string, port: number, then: DialAction): Promise<void> {
    const how = { from: { host: from }, noDelay: true, signal: this.dialling.signal };
    const met = await this.house.network.connect({ host, port }, how).catch(() => undefined);
    const connection = met && this.wire(met);
    if (connection) this.sockets.add(connection);
    connection?.receive({ data: () => undefined, end: () => connection.close(), fault: () => undefined });
    connection?.write(new TextEncoder().encode('stranger'));
    if (!this.dialling.signal.aborted) this.dial(then);
  }

  spoil(name: string, how: Spoiling): void {
    this.spoilt.set(name, how);
  }

  /** TLS over it: the handshake begins, and its outcome is told. */
  secure({ data, role, fault }: SecureDataAction): void {
    const wire = this.connections.get(data);
    if (!(wire instanceof Wire) || !this.tls) return;
    let secure: TlsConnection;
    const begun = (connection: TlsConnection): void => {
      secure = connection;
      if (this.connections.get(data) !== wire) return connection.reset();
      this.connections.set(data, connection);
      this.sockets.delete(wire);
      this.sockets.add(connection);
    };
    this.tls.secureData(wire, role, fault, begun).then(
      (handshake) => {
        const endedProperly = (): boolean => secure.endedProperly;
        this.house.met({ session: this.session, kind: 'data', tls: { ...handshake, role }, endedProperly });
        this.tell({ kind: 'data-secured', data, resumed: handshake.resumed });
      },
      () => this.tell({ kind: 'data-fault', data }),
    );
  }

  accept(name: string): void {
    const connection = this.connections.get(name);
    if (!connection || this.reading.has(name)) return;
    this.reading.add(name);
    connection.receive({
      data: (bytes) => {
        connection.pause();
        this.tell({ kind: 'data-bytes', data: name, bytes: bytes.slice() });
      },
      end: () => {
        this.finished.delete(name);
        this.overs.add(name);
        const bare = connection instanceof TlsConnection && !connection.endedProperly;
        this.tell({ kind: 'data-ended', data: name, bare });
        if (this.lingering.delete(name)) this.tell({ kind: 'data-fin-acknowledged', data: name });
      },
      fault: () => {
        this.forget(name);
        this.tell({ kind: 'data-fault', data: name });
      },
    });
  }

  more(name: string): void {
    this.connections.get(name)?.resume();
  }

  send(name: string, bytes: Uint8Array, quietly = false): void {
    const connection = this.connections.get(name);
    if (!connection) return;
    const roomy = connection.write(bytes);
    if (quietly) return;
    const sent = (): void => this.tell({ kind: 'data-sent', data: name });
    if (roomy) return sent();
    connection.drained().then(sent, () => this.tell({ kind: 'data-fault', data: name }));
  }

  end(name: string): void {
    const connection = this.connections.get(name);
    if (connection) this.finished.add(name);
    connection?.end();
  }

  endBare(name: string): void {
    const connection = this.connections.get(name);
    if (connection) this.finished.add(name);
    if (connection instanceof TlsConnection) connection.endBare();
    else connection?.end();
  }

  /** Through a real socket an acknowledged FIN cannot be seen: there it waits for the peer's close instead. */
  linger(name: string): void {
    const connection = this.connections.get(name);
    const told = (): void => this.tell({ kind: 'data-fin-acknowledged', data: name });
    if (connection?.finAcknowledged) connection.finAcknowledged.then(told, told);
    else if (this.overs.has(name)) told();
    else this.lingering.add(name);
  }

  close(name: string): void {
    this.forget(name)?.close();
  }

  reset(name: string): void {
    this.forget(name)?.reset();
  }

  break(name: string): void {
    this.reset(name);
    this.tell({ kind: 'data-fault', data: name });
  }

  hangUp(name: string): void {
    this.close(name);
    this.tell({ kind: 'data-ended', data: name });
  }

  /** Everything goes at once; `how` is what the peers see. */
  dispose(how: 'close' | 'reset'): void {
    this.dialling.abort();
    for (const listener of this.listeners.values()) listener.dispose();
    this.listeners.clear();
    for (const connection of this.sockets) connection[how]();
    this.sockets.clear();
    this.connections.clear();
  }

  private wire(connection: Connection): Wire {
    return new Wire(connection, this.house.record(this.session, 'data', connection.remote));
  }

  private forget(name: string): Link | undefined {
    const connection = this.connections.get(name);
    if (connection) this.sockets.delete(connection);
    this.connections.delete(name);
    this.overs.delete(name);
    this.lingering.delete(name);
    this.finished.delete(name);
    return connection;
  }

  private listening(name: string, listener: Listener): void {
    const spoiling = this.spoilt.get(name);
    if (this.dialling.signal.aborted || spoiling === 'shut') listener.dispose();
    else this.listeners.set(name, listener);
    this.tell({ kind: 'listening', listener: name, local: listener.local });
  }

  private arrived(listener: string, connection: Wire): void {
    this.sockets.add(connection);
    if (this.dialling.signal.aborted) return connection.reset();
    const spoiling = this.spoilt.get(listener);
    if (spoiling === 'ignore') return;
    const data = `accepted-${++this.accepted}`;
    this.connections.set(data, connection);
    this.tell({ kind: 'data-opened', data, remote: connection.remote, listener });
    this.spoilNow(data, spoiling);
  }

  private opened(data: string, connection: Wire): void {
    this.sockets.add(connection);
    if (this.dialling.signal.aborted) return connection.reset();
    this.connections.set(data, connection);
    this.tell({ kind: 'data-opened', data, remote: connection.remote });
    this.spoilNow(data, this.spoilt.get(data));
  }

  private spoilNow(data: string, how: Spoiling | undefined): void {
    if (how === 'end') this.end(data);
    if (how === 'reset') this.break(data);
  }
}

/** As vsftpd, ProFTPD and Pure-FTPd listen. */
const BACKLOG = 5;

/** Linux answers EADDRNOTAVAIL to connect and EADDRINUSE to bind when the pair or the port is taken. */
function dialFault(error: NetError): NetError['fault'] {
  return error.fault === 'address-not-available' ? 'address-in-use' : error.fault;
}
