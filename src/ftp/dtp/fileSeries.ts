import type { Clock } from '../../base/clock';
import { concatBytes } from '../../base/bytes';
import { Deferred } from '../../base/deferred';
import type { Decoded, ModeDecoder } from '../mode/decoder';
import type { NetError, Receiver } from '../net/network';
import { FtpError } from '../protocol/errors';
import type { DataConnection } from './dataConnection';
import { markGrace, StallTimer } from './stallTimer';

/** Files that follow one another on one data connection (RFC 959 §3.3), whole and in memory, in their order. */
export class FileSeries implements Receiver {
  private readonly whole: Uint8Array[] = [];
  private readonly wanted: Deferred<Uint8Array>[] = [];
  private chunks: Uint8Array[] = [];
  private over: FtpError | undefined;
  private readonly stall: StallTimer;

  constructor(
    private readonly connection: DataConnection,
    private readonly decoder: ModeDecoder,
    clock: Clock,
    stallTimeout: number,
  ) {
    this.stall = new StallTimer(clock, stallTimeout, () => this.handleSilence());
    connection.attach(this);
  }

  /** The next file, whose final reply has come; rejects when the connection ends before it is whole. */
  next(): Promise<Uint8Array> {
    const file = this.whole.shift();
    if (file) return Promise.resolve(file);
    if (this.over) return Promise.reject(this.over);
    const wanted = new Deferred<Uint8Array>();
    this.wanted.push(wanted);
    this.restartTimer();
    return wanted.promise;
  }

  /** Nobody wants another file; the connection is free for other use where it is still in order. */
  finish(): void {
    this.stall.stop();
    this.connection.detach();
    if (!this.decoder.atBoundary || this.whole.length > 0 || this.over) this.connection.close();
  }

  data(bytes: Uint8Array): void {
    this.decode((take) => this.decoder.push(bytes, take));
  }

  end(): void {
    this.decode((take) => this.decoder.close(take));
    this.stop('data-cut', 'The server closed the data connection.');
  }

  fault(error: NetError): void {
    this.stop('data-cut', 'The data connection broke.', error);
  }

  private decode(work: (take: (decoded: Decoded) => void) => void): void {
    try {
      work((decoded) => this.take(decoded));
    } catch (cause) {
      this.over ??=
        cause instanceof FtpError ? cause : new FtpError('protocol-violation', String(cause), { cause });
      this.stop('protocol-violation', 'The data are not in the mode that was agreed upon.', cause);
    }
  }

  private take(decoded: Decoded): void {
    if (decoded.kind === 'data') {
      this.restartTimer();
      this.chunks.push(decoded.bytes.slice());
    } else if (decoded.kind === 'end-of-file') {
      this.complete(concatBytes(this.chunks.splice(0)));
    }
  }

  private complete(file: Uint8Array): void {
    const wanted = this.wanted.shift();
    this.restartTimer();
    if (wanted) wanted.resolve(file);
    else this.whole.push(file);
  }

  private restartTimer(): void {
    this.stall.restart(this.wanted.length > 0 ? markGrace : undefined);
  }

  /** The decoder decides whether a file that was said to be sent is whole without the mark of its end. */
  private handleSilence(): void {
    if (this.wanted.length > 0) this.end();
    else this.stop('data-stalled', 'No byte arrived for too long.');
  }

  private stop(
    code: 'data-cut' | 'data-stalled' | 'protocol-violation',
    message: string,
    cause?: unknown,
  ): void {
    this.over ??= new FtpError(code, message, { cause });
    this.stall.stop();
    this.connection.close();
    for (const wanted of this.wanted.splice(0)) wanted.reject(this.over);
  }
}
