import type { Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { Decoded, ModeDecoder } from '../mode/decoder';
import type { NetError, Receiver as NetReceiver } from '../net/network';
import { RemoteProtocolError } from '../protocol/errors';
import type { DataConnection } from './dataConnection';
import type { Flow, FlowEnd } from './flow';
import { markGrace, StallTimer } from './stallTimer';

/** Where received bytes go. Unless it keeps them, they are valid during the call only. */
export interface Sink {
  /** It keeps the bytes: nobody writes there again. */
  readonly keeps?: boolean;
  /** A promise says: wait, I am full. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** A record has ended; told in record structure only. */
  endRecord?(): Promise<void> | undefined;
  /** The server could begin again here (RFC 959 §3.5). The array stays as it is. */
  restartMarker?(marker: Uint8Array): void;
  /** No byte follows; what is still inside goes where it belongs. */
  finish?(): Promise<void>;
}

/** The user-DTP receiving: decodes the mode, and hands bytes on until the file ends, or `limit` is reached. */
export class DataReceiver implements Flow, NetReceiver {
  bytes = 0;
  private readonly outcome = new Deferred<FlowEnd>();
  private readonly stall: StallTimer;
  private over = false;
  private isTruncated = false;
  /** Milliseconds without a byte; undefined: the stall timer's own. */
  private patience: number | undefined;
  private waits = false;
  private stopping = false;

  constructor(
    private readonly connection: DataConnection,
    private readonly decoder: ModeDecoder,
    private readonly sink: Sink,
    private readonly limit: number,
    clock: Clock,
    stallTimeout: number,
  ) {
    this.stall = new StallTimer(clock, stallTimeout, () => this.handleSilence());
    connection.attach(this);
  }

  get keeps(): boolean {
    return this.sink.keeps === true;
  }

  get ended(): Promise<FlowEnd> {
    return this.outcome.promise;
  }

  data(chunk: Uint8Array): void {
    if (this.over) return;
    this.decode((emit) => this.decoder.push(chunk, emit));
  }

  end(): void {
    if (this.over) return;
    this.decode((emit) => this.decoder.close(emit));
    // Closed before anything came, in a mode that marks the end: the reply says why.
    if (!this.over) this.finish({ kind: 'cut' });
  }

  fault(error: NetError): void {
    if (error.fault !== 'truncated') return this.finish({ kind: 'broken', error });
    this.isTruncated = true;
    this.end();
  }

  cut(): void {
    this.finish({ kind: 'cut' });
  }

  expectEnd(): void {
    this.patience = markGrace;
    if (!this.over && !this.waits) this.stall.restart(this.patience);
  }

  /** After the final reply the decoder knows best whether a mark is missing. */
  private handleSilence(): void {
    if (this.patience === undefined) return this.finish({ kind: 'stalled' });
    this.connection.close();
    this.end();
  }

  /**
   * Takes what has come, and no more; one byte at least, so that who stops again and again still gets on. By a reset:
   * after a FIN the server would go on sending until what is under way is refused, a round trip longer.
   */
  stop(): void {
    this.stopping = true;
    if (this.bytes === 0) return;
    if (!this.over) this.connection.reset();
    this.finish({ kind: 'stopped' });
  }

  private decode(work: (emit: (decoded: Decoded) => void) => void): void {
    try {
      work((decoded) => this.take(decoded));
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      // Behind the end of a file, the file is whole, but the connection is not to be trusted.
      if (this.over) this.connection.close();
      else this.finish({ kind: 'violation', error });
    }
  }

  private take(decoded: Decoded): void {
    // Empty blocks and fillers without end are no sign of life.
    if (!this.over && signsOfLife.has(decoded.kind)) this.stall.restart(this.patience);
    if (decoded.kind === 'data') this.deliver(decoded.bytes);
    else if (decoded.kind === 'end-of-record') this.endRecord();
    else if (decoded.kind === 'restart-marker') this.sink.restartMarker?.(decoded.marker);
    else if (decoded.kind === 'end-of-file') this.complete();
  }

  private deliver(bytes: Uint8Array): void {
    if (this.over) throw new RemoteProtocolError('Data arrived behind the end of the file.');
    const room = Math.max(0, this.limit - this.bytes);
    const wanted = bytes.length <= room ? bytes : bytes.subarray(0, room);
    this.bytes += wanted.length;
    const full = wanted.length > 0 ? this.sink.write(wanted) : undefined;
    if (full) this.waitFor(full);
    if (this.stopping) this.stop();
    else if (wanted.length < bytes.length || this.bytes === this.limit) this.finish({ kind: 'enough' });
  }

  private endRecord(): void {
    const full = this.over ? undefined : this.sink.endRecord?.();
    if (full) this.waitFor(full);
  }

  private waitFor(full: Promise<void>): void {
    this.connection.pause();
    this.waits = true;
    this.stall.pause();
    full.then(
      () => {
        this.waits = false;
        if (this.over) return;
        this.stall.restart(this.patience);
        this.connection.resume();
      },
      (error: unknown) => this.finish({ kind: 'local', error }),
    );
  }

  /**
   * The file has ended. In stream mode our end is closed promptly (RFC 959 §5.2: ProFTPD holds its 226 back until it
   * is); in a mode that marks the end, the reply will say whether the connection stays.
   */
  private complete(): void {
    if (this.over) return;
    this.over = true;
    this.stall.stop();
    this.connection.detach();
    if (!this.connection.isReusable) this.connection.close();
    const flushed = this.sink.finish?.() ?? Promise.resolve();
    flushed.then(
      () => this.outcome.resolve({ kind: this.isTruncated ? 'truncated' : 'ended' }),
      (error: unknown) => this.outcome.resolve({ kind: 'local', error }),
    );
  }

  private finish(end: FlowEnd): void {
    if (this.over) return;
    this.over = true;
    this.stall.stop();
    this.connection.close();
    this.outcome.resolve(end);
  }
}

const signsOfLife: ReadonlySet<Decoded['kind']> = new Set<Decoded['kind']>(['data', 'end-of-record']);
