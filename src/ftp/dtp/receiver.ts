import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { Disposable } from '../../base/disposable';
import type { Connection, Receiver as NetReceiver } from '../net/network';
import type { Flow, FlowContext, FlowEnd } from './flow';

/** Where received bytes go. They are valid during the call only. */
export interface Sink {
  /** A promise says: wait, I am full. */
  write(bytes: Uint8Array): Promise<void> | undefined;
}

/** The user-DTP receiving in stream mode: hands bytes on until the server closes, or `limit` is reached. */
export class DataReceiver implements Flow, NetReceiver {
  bytes = 0;
  private readonly end$ = new Deferred<FlowEnd>();
  private stall: Disposable | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly sink: Sink,
    private readonly limit: number,
    private readonly clock: Clock,
    private readonly context: FlowContext,
  ) {
    this.watch();
    connection.receive(this);
  }

  get ended(): Promise<FlowEnd> {
    return this.end$.promise;
  }

  data(chunk: Uint8Array): void {
    if (this.end$.settled) return;
    const wanted = chunk.subarray(0, Math.max(0, this.limit - this.bytes));
    this.bytes += wanted.length;
    this.watch();
    const full = this.sink.write(wanted);
    this.context.onBytes(this.bytes);
    if (full) this.waitFor(full);
    if (wanted.length < chunk.length || this.bytes === this.limit) this.finish({ kind: 'enough' });
  }

  end(): void {
    this.finish({ kind: 'ended' });
  }

  fault(error: Extract<FlowEnd, { kind: 'broken' }>['error']): void {
    this.finish({ kind: 'broken', error });
  }

  cut(): void {
    this.finish({ kind: 'cut' });
  }

  private waitFor(full: Promise<void>): void {
    this.connection.pause();
    this.stall?.dispose();
    full.then(
      () => {
        if (this.end$.settled) return;
        this.watch();
        this.connection.resume();
      },
      (error: unknown) => this.finish({ kind: 'local', error }),
    );
  }

  private watch(): void {
    this.stall?.dispose();
    this.stall = this.clock.setTimer(
      this.context.stallTimeout,
      () => this.finish({ kind: 'stalled' }),
      'data stall',
    );
  }

  /** Closes our end promptly (RFC 959 §5.2): ProFTPD holds its 226 back until we do. */
  private finish(end: FlowEnd): void {
    if (this.end$.settled) return;
    this.stall?.dispose();
    this.connection.close();
    this.end$.resolve(end);
  }
}
