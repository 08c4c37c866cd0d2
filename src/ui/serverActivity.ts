import type {
  FtpErrorCode,
  OperationEvent,
  OperationName,
  RendezvousMethod,
  SessionPhase,
  StateEvent,
  TlsDetails,
  WireEvent,
} from '../ftp/index';
import { RoundTrips } from './roundTrips';
import { savedAside } from './savedPath';
import { TransferRate } from './transferRate';

export interface RunningTransfer {
  readonly direction: 'down' | 'up';
  readonly path: string;
  readonly bytes: number;
  readonly total: number | undefined;
  readonly rate: TransferRate;
}

export interface RunningOperation {
  readonly name: OperationName;
  readonly path: string;
  /** Of copies that follow one another, the first one's. */
  readonly begun: number;
  /** The other server, of a copy between two. */
  readonly peer?: string;
  transfer?: RunningTransfer;
}

export interface Finished {
  readonly at: number;
  readonly kind: 'saved' | 'read' | 'copied';
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly took: number;
}

/** What one server is doing, put together from its wire events. */
export class ServerActivity {
  phase: SessionPhase = 'closed';
  phaseSince = 0;
  /** Why there is no connection, while `phase` is 'failed'. */
  failure: FtpErrorCode | undefined;
  /** Of the control connection; absent in clear text, and until it is agreed upon. */
  tls: TlsDetails | undefined;
  readonly operations = new Map<number, RunningOperation>();
  /** Operations waiting for their turn. */
  waiting = 0;
  rendezvous: RendezvousMethod | undefined;
  readonly roundTrips = new RoundTrips();
  lastTransfer: Finished | undefined;
  /** Paths whose text did not reach the server. */
  readonly unsaved = new Set<string>();
  private copied = { begun: 0, ended: -Infinity };
  /** Bytes that wait under a temporary name for their rename. */
  private readonly aside = new Map<string, number>();

  constructor(readonly name: string) {}

  take(event: WireEvent): void {
    if (event.kind === 'sent' || event.kind === 'received') this.roundTrips.take(event);
    else if (event.kind === 'state') this.changeState(event);
    else if (event.kind === 'data' && event.phase === 'open') this.rendezvous = event.method;
    else if (event.kind === 'transfer') this.progress(event);
    else if (event.kind === 'operation') this.operation(event);
  }

  get isConnected(): boolean {
    return this.phase === 'connected';
  }

  get isConnecting(): boolean {
    return this.phase === 'connecting' || this.phase === 'signing-in' || this.phase === 'reconnecting';
  }

  private changeState({ state, at, tls }: StateEvent): void {
    if (state === 'secured') {
      // On the way to signing in.
      this.tls = tls;
      return;
    }
    if (state !== 'connected' && state !== 'signing-in') this.tls = undefined;
    this.enter(state, at);
  }

  private enter(phase: SessionPhase, at: number): void {
    if (!this.isConnecting) this.phaseSince = at;
    this.phase = phase;
  }

  private progress(event: WireEvent & { kind: 'transfer' }): void {
    const operation = this.operations.get(event.operation ?? 0);
    if (!operation) return;
    const { direction, path, bytes } = event;
    const rate = operation.transfer?.rate ?? new TransferRate();
    rate.add(event.at, bytes);
    operation.transfer = { direction, path, bytes, total: event.total ?? operation.transfer?.total, rate };
  }

  private operation(event: OperationEvent): void {
    const number = event.operation ?? 0;
    this.waiting = event.waiting;
    if (event.phase === 'begin') {
      this.operations.set(number, this.begin(event));
      return;
    }
    const operation = this.operations.get(number);
    this.operations.delete(number);
    if (operation?.name === 'copy') this.copied = { begun: operation.begun, ended: event.at };
    // An attempt that never got as far as a control connection ends without a state of its own.
    if (event.failed !== undefined && this.isConnecting) {
      this.enter('failed', event.at);
      this.failure = event.failed;
    }
    if (operation) this.conclude(operation, event);
  }

  /** A tree is copied file by file: however small they are, it is one long copy to whoever watches. */
  private begin({ name, path = '', at, peer }: OperationEvent): RunningOperation {
    const goesOn = name === 'copy' && at - this.copied.ended <= betweenFiles;
    const begun = goesOn ? this.copied.begun : at;
    return { name, path, begun, ...(peer === undefined ? {} : { peer }) };
  }

  private conclude(operation: RunningOperation, event: OperationEvent): void {
    const { name, path } = operation;
    const bytes = this.aside.get(path) ?? operation.transfer?.bytes ?? 0;
    const isRenameOfSave = this.aside.delete(path) && name === 'rename';
    const saves = name === 'write' || isRenameOfSave;
    const place = savedAside(path) ?? path;
    if (event.failed !== undefined) {
      // What a person stopped is no loss.
      if (saves && event.failed !== 'aborted') this.unsaved.add(place);
    } else if (name === 'write' && savedAside(path) !== undefined) {
      this.aside.set(path, bytes);
    } else if (saves || name === 'read' || name === 'copy') {
      const kind = saves ? 'saved' : name === 'read' ? 'read' : 'copied';
      if (saves) this.unsaved.delete(place);
      this.lastTransfer = { at: event.at, kind, path: place, bytes, took: event.at - operation.begun };
    }
  }
}

/** Milliseconds: enough to make a directory on the way. */
const betweenFiles = 1000;
