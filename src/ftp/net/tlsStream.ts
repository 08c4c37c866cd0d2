import { Duplex } from 'node:stream';
import type { Connection, NetError } from './network';

/** Told how the peer's half ended, instead of the stream, which then stays as it is. */
export interface StreamWatcher {
  finished(): void;
  failed(error: NetError): void;
}

/**
 * A connection as a stream of Node, for node:tls. It takes the reading over from whoever had it. Its chunks are valid
 * during the 'data' event only, as those of the connection: node:tls deciphers them inside it, and a copy of each would
 * be a tenth of what a download costs.
 *
 * Also over a real socket: node:tls would read a `net.Socket` below this level, where nobody can tell a `close_notify`
 * from a bare FIN, and would never give the socket back (CCC). Measured, it costs nothing that a server could outrun.
 */
export class ConnectionStream extends Duplex {
  watcher: StreamWatcher | undefined;
  private spared = false;
  private unwritten: ((error?: Error) => void) | undefined;
  private hurried = false;

  constructor(private readonly connection: Connection) {
    super({ allowHalfOpen: true, emitClose: true });
    connection.receive({
      data: (bytes) => this.handOn(bytes),
      end: () => (this.watcher ? this.watcher.finished() : this.push(null)),
      fault: (error) => (this.watcher ? this.watcher.failed(error) : this.destroy(error)),
    });
    connection.resume();
  }

  /** From now on nothing that ends this stream closes the connection: somebody goes on with it. */
  spareConnection(): void {
    this.spared = true;
  }

  /** From now on writes do not wait for the peer: what is left goes to the connection, which closes in its own way. */
  hurry(): void {
    this.hurried = true;
    this.written();
  }

  override _read(): void {
    this.connection.resume();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    if (this.connection.write(bytes) || this.hurried) return done();
    this.unwritten = done;
    this.connection.drained().then(
      () => this.written(),
      (error: Error) => this.written(error),
    );
  }

  override _final(done: () => void): void {
    if (!this.spared) this.connection.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.spared) this.connection.close();
    done(error);
  }

  private handOn(bytes: Uint8Array): void {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.readableFlowing && this.readableLength === 0) this.emit('data', view);
    else if (!this.push(Buffer.from(view))) this.connection.pause();
  }

  private written(error?: Error): void {
    const { unwritten } = this;
    this.unwritten = undefined;
    unwritten?.(error);
  }
}
