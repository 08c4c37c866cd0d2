import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { Disposable } from '../../base/disposable';
import type { Connection, NetError } from '../net/network';
import type { Flow, FlowContext, FlowEnd } from './flow';

/** The user-DTP sending in stream mode: the end of the file is our close (RFC 959 §3.4.1). */
export class DataSender implements Flow {
  bytes = 0;
  private readonly end$ = new Deferred<FlowEnd>();
  private stall: Disposable | undefined;

  constructor(
    private readonly connection: Connection,
    source: AsyncIterable<Uint8Array>,
    private readonly clock: Clock,
    private readonly context: FlowContext,
  ) {
    // The server sends nothing; it only ever closes, or breaks off.
    connection.receive({
      data: () => undefined,
      end: () => this.handleServerClose(),
      fault: (error) => this.finish({ kind: 'broken', error }),
    });
    this.watch();
    this.pump(source).then(
      () => this.finishSending(),
      (error: unknown) => this.finish({ kind: 'local', error }),
    );
  }

  get ended(): Promise<FlowEnd> {
    return this.end$.promise;
  }

  /** A reset, since an orderly close would tell the server that the file is complete. */
  cut(): void {
    this.finish({ kind: 'cut' });
  }

  private async pump(source: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of source) {
      for (let offset = 0; offset < chunk.length; offset += pieceBytes) {
        if (this.end$.settled) return;
        await this.sendPiece(chunk.subarray(offset, offset + pieceBytes));
      }
    }
  }

  private async sendPiece(piece: Uint8Array): Promise<void> {
    const roomLeft = this.connection.write(piece);
    this.bytes += piece.length;
    this.context.onBytes(this.bytes);
    this.watch();
    // Whatever ends the flow also ends the wait: nobody drains a broken connection.
    if (!roomLeft) await Promise.race([this.connection.drained(), this.end$.promise]);
  }

  private finishSending(): void {
    if (this.end$.settled) return;
    this.stall?.dispose();
    this.connection.end();
    this.end$.resolve({ kind: 'ended' });
  }

  /** In mid-file: the server does not want the rest, and says why on the control connection. */
  private handleServerClose(): void {
    if (this.end$.settled) this.connection.close();
    else this.finish({ kind: 'cut' });
  }

  private watch(): void {
    this.stall?.dispose();
    this.stall = this.clock.setTimer(
      this.context.stallTimeout,
      () => this.finish({ kind: 'stalled' }),
      'data stall',
    );
  }

  private finish(end: FlowEnd | { kind: 'broken'; error: NetError }): void {
    if (this.end$.settled) return;
    this.stall?.dispose();
    this.connection.reset();
    this.end$.resolve(end);
  }
}

/** One write; small enough for progress to move, large enough to cost nothing. */
const pieceBytes = 64 * 1024;
