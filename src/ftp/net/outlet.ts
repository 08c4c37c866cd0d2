import type { Socket } from 'node:net';
import { Deferred } from '../../base/deferred';
import { NetError, type Connection } from './network';

/** The writing half of a connection over one of Node's sockets, plain or TLS. */
export class Outlet implements Pick<Connection, 'write' | 'writeAll' | 'drained'> {
  private room: Deferred<void> | undefined;
  private failure: NetError | undefined;

  constructor(private readonly socket: Socket) {
    socket.on('drain', () => this.drain());
    socket.on('close', () => this.room?.reject(this.reason));
  }

  write(bytes: Uint8Array): boolean {
    const { socket } = this;
    // Node's mark is lower than one piece of a file; what the system has taken already needs no waiting for.
    return socket.writable && (socket.write(bytes) || socket.writableLength === 0);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    const { socket } = this;
    socket.cork();
    for (const part of parts) this.write(part);
    socket.uncork();
    return socket.writable && socket.writableLength === 0;
  }

  drained(): Promise<void> {
    if (!this.socket.writable) return Promise.reject(this.reason);
    if (!this.socket.writableNeedDrain) return Promise.resolve();
    this.room ??= new Deferred<void>();
    return this.room.promise;
  }

  /** Whoever waits for room is told why there will be none. */
  fail(error: NetError): void {
    this.failure = error;
    this.room?.reject(error);
  }

  /** Whoever has waited is not told again: Node keeps account of each promise that is settled twice. */
  private drain(): void {
    this.room?.resolve();
    this.room = undefined;
  }

  private get reason(): NetError {
    return this.failure ?? new NetError('broken-pipe', 'write', 'The connection is closed for writing.');
  }
}
