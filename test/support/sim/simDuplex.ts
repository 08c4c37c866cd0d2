import { Duplex } from 'node:stream';
import type { Connection, Receiver } from '../../../src/ftp/net/network';

/** A simulated connection as a stream of Node, for node:tls. */
export class SimDuplex extends Duplex {
  constructor(
    private readonly connection: Connection,
    startReading: (receiver: Receiver) => void,
  ) {
    super({ allowHalfOpen: true, emitClose: true });
    startReading({
      data: (bytes) => {
        if (!this.push(Uint8Array.from(bytes))) connection.pause();
      },
      end: () => this.push(null),
      fault: (error) => this.destroy(error),
    });
  }

  override _read(): void {
    this.connection.resume();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    if (this.connection.write(bytes)) done();
    else this.connection.drained().then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.connection.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.connection.close();
    done(error);
  }
}
