import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { ModeEncoder } from '../mode/encoder';
import { NetError } from '../net/network';
import type { DataConnection } from './dataConnection';
import type { Flow, FlowEnd } from './flow';
import type { Piece, Pieces } from './pieces';
import { StallTimer } from './stallTimer';

/** The user-DTP sending: in stream mode the end of the file is our close (RFC 959 §3.4.1), else a mark in the data. */
export class DataSender implements Flow {
  bytes = 0;
  private readonly outcome = new Deferred<FlowEnd>();
  private readonly stall: StallTimer;
  private stopping = false;
  private interrupted = false;
  private wake: (() => void) | undefined;
  /** Bytes behind which a call ends. On a slow line one piece: while many wait, nobody can tell that it goes on. */
  private most = 0;

  constructor(
    private readonly connection: DataConnection,
    private readonly encoder: ModeEncoder,
    source: Pieces,
    private readonly clock: Clock,
    stallTimeout: number,
  ) {
    this.stall = new StallTimer(clock, stallTimeout, () => this.finish({ kind: 'stalled' }));
    // The server sends nothing; it only ever closes, or breaks off.
    connection.attach({
      data: () => undefined,
      end: () => this.handleServerClose(),
      fault: (error) => this.finish({ kind: 'broken', error }),
    });
    // Whoever made it knows of it before it asks for the first bytes.
    const work = Promise.resolve().then(() => this.pump(source));
    work.then(
      () => this.finishSending(),
      (error: unknown) =>
        // Whoever waits for room hears of the break first.
        this.finish(error instanceof NetError ? { kind: 'broken', error } : { kind: 'local', error }),
    );
  }

  get ended(): Promise<FlowEnd> {
    return this.outcome.promise;
  }

  /** A reset, since an orderly close would tell the server that the file is complete. */
  cut(): void {
    this.finish({ kind: 'cut' });
  }

  /** The file ends behind what was written: an orderly close, without waiting for room. */
  stop(): void {
    this.stopping = true;
    this.wake?.();
  }

  /**
   * Others come first: ends it by a reset, which does not wait behind what is under way. The server keeps what it has
   * got, and is asked later how much that is. One piece goes before it at least, so that who is interrupted again and
   * again still gets on.
   */
  interrupt(): void {
    this.interrupted = true;
    if (this.bytes > 0) this.finish({ kind: 'stopped' });
  }

  private async pump(source: Pieces): Promise<void> {
    try {
      for (;;) {
        const piece = source.take() ?? (await source.next());
        if (!piece || this.outcome.settled) return;
        const hasRoom = this.send(piece, source);
        if (this.interrupted) return this.interrupt();
        if (!hasRoom) await this.room();
        if (this.stopping) return;
      }
    } finally {
      source.release();
    }
  }

  /** With what else is there already, in one call. Whether there is room for more. */
  private send(first: Uint8Array, source: Pieces): boolean {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let piece: Piece = first; piece; piece = length < this.most ? source.take() : undefined) {
      parts.push(...this.encoder.data(piece));
      length += piece.length;
    }
    this.bytes += length;
    const hasRoom = parts.length === 0 || this.connection.writeAll(parts);
    this.stall.restart();
    return hasRoom || this.stopping;
  }

  /** Whatever ends the flow also ends the wait: nobody drains a broken connection. */
  private async room(): Promise<void> {
    const began = this.clock.now();
    await new Promise<void>((resolve, reject) => {
      this.wake = resolve;
      if (this.outcome.settled) resolve();
      this.connection.drained().then(resolve, reject);
    });
    this.most = this.clock.now() - began < shortWait ? mostAtOnce : 0;
  }

  private finishSending(): void {
    if (this.outcome.settled) return;
    this.stall.stop();
    const mark = this.encoder.endOfFile();
    if (mark.length > 0) this.connection.write(mark);
    // Without a mark, the end of the file is the end of the connection.
    if (mark.length > 0) this.connection.detach();
    else this.connection.finish();
    this.outcome.resolve({ kind: 'ended' });
  }

  /** In mid-file: the server does not want the rest, and says why on the control connection. */
  private handleServerClose(): void {
    if (this.outcome.settled) this.connection.close();
    else this.finish({ kind: 'cut' });
  }

  private finish(end: FlowEnd): void {
    if (this.outcome.settled) return;
    this.stall.stop();
    this.connection.reset();
    this.outcome.resolve(end);
    this.wake?.();
  }
}

/** A gigabyte in calls of this size took 0.18 s on the loopback, in those of 64 KiB 0.28 s, in larger ones no less. */
const mostAtOnce = 256 * 1024;

/** Milliseconds in which a line that is fast makes room. */
const shortWait = 100;
