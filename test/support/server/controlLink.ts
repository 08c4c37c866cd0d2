import type { Clock } from '../../../src/base/clock';
import type { Endpoint, Receiver } from '../../../src/ftp/net/network';
import { ControlOutbox } from './controlOutbox';
import type { Fact } from './facts';
import type { SessionTls } from './tls/sessionTls';
import type { Handshake, TlsConnection } from './tls/tlsConnection';
import type { Wire } from './tls/wire';
import type { HandshakeFault } from './tls/wireDuplex';

interface Ears {
  tell(fact: Fact): void;
  said(line: string): void;
  secured(handshake: Handshake): void;
  /** The outbox has closed or reset it. */
  closed(): void;
}

/** One control connection: in clear, in TLS after AUTH, perhaps in clear again after CCC. */
export class ControlLink {
  readonly outbox: ControlOutbox;
  private secure: TlsConnection | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly tls: SessionTls | undefined,
    clock: Clock,
    private readonly ears: Ears,
  ) {
    this.outbox = new ControlOutbox(
      wire,
      clock,
      (line) => ears.said(line),
      () => ears.closed(),
    );
  }

  /** The last that came was close_notify. */
  get endedProperly(): boolean {
    return this.secure?.endedProperly ?? false;
  }

  get local(): Endpoint {
    return this.wire.local;
  }

  get remote(): Endpoint {
    return this.wire.remote;
  }

  start(): void {
    this.wire.receive(this.receiver());
  }

  /** What comes from now on is TLS; what was said before still leaves in clear. */
  startTls(fault: HandshakeFault | undefined): void {
    this.wire.hold();
    this.outbox.put({ kind: 'turn', run: () => this.shake(fault) });
  }

  stopTls(): void {
    this.outbox.put({ kind: 'turn', run: () => this.leaveTls() });
  }

  reset(): void {
    if (this.secure) this.secure.reset();
    else this.wire.reset();
  }

  private shake(fault: HandshakeFault | undefined): undefined {
    const { tls, ears } = this;
    if (!tls) throw new Error('No TLS in the settings.');
    const begun = (connection: TlsConnection): void => {
      this.secure = connection;
      this.outbox.connection = connection;
    };
    tls.secureControl(this.wire, fault, begun).then(
      (handshake) => {
        ears.secured(handshake);
        this.secure?.receive(this.receiver());
        ears.tell({ kind: 'control-secured' });
      },
      () => ears.tell({ kind: 'control-ended' }),
    );
    return undefined;
  }

  private async leaveTls(): Promise<void> {
    const { secure } = this;
    this.secure = undefined;
    await secure?.leave(this.receiver());
    this.outbox.connection = this.wire;
  }

  private receiver(): Receiver {
    return {
      data: (bytes) => this.ears.tell({ kind: 'control-bytes', bytes: bytes.slice() }),
      end: () => this.ears.tell({ kind: 'control-ended' }),
      fault: () => this.ears.tell({ kind: 'control-ended' }),
    };
  }
}
