import assert from 'node:assert/strict';
import { Deferred } from '../../../src/base/deferred';
import { DataConnection } from '../../../src/ftp/dtp/dataConnection';
import { piecesOf } from '../../../src/ftp/dtp/pieces';
import { DataSender } from '../../../src/ftp/dtp/sender';
import { StreamEncoder } from '../../../src/ftp/mode/stream';
import type { Connection } from '../../../src/ftp/net/network';
import { FakeClock } from '../../support/fakeClock';

const piece = 64 * 1024;

/** A line that takes each call, and then has no room for some time. */
class Narrow {
  /** Bytes of each call. */
  readonly calls: number[] = [];
  readonly clock = new FakeClock();
  private room = new Deferred<void>();

  readonly connection = {
    receive: () => undefined,
    writeAll: (parts) => {
      this.calls.push(parts.reduce((sum, part) => sum + part.length, 0));
      this.room = new Deferred();
      return false;
    },
    drained: () => this.room.promise,
    end: () => undefined,
  } satisfies Partial<Connection> as unknown as Connection;

  send(bytes: Uint8Array): DataSender {
    const connection = new DataConnection(this.connection, 'EPSV');
    return new DataSender(connection, new StreamEncoder(), piecesOf(bytes), this.clock, 30_000);
  }

  /** There is room so many milliseconds later. */
  async makesRoom(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    this.room.resolve();
    await this.clock.advance(0);
  }
}

describe('the sender of a file', () => {
  it('sends in one call what is there, once the line has shown that it is fast', async () => {
    const line = new Narrow();
    const sender = line.send(new Uint8Array(10 * piece));
    for (let count = 0; count < 5; count++) await line.makesRoom(10);
    assert.deepEqual(line.calls, [piece, 4 * piece, 4 * piece, piece]);
    assert.deepEqual(await sender.ended, { kind: 'ended' });
    assert.equal(sender.bytes, 10 * piece);
  });

  it('sends piece by piece on a slow line', async () => {
    const line = new Narrow();
    const sender = line.send(new Uint8Array(4 * piece));
    for (let count = 0; count < 5; count++) await line.makesRoom(5000);
    assert.deepEqual(line.calls, [piece, piece, piece, piece]);
    assert.deepEqual(await sender.ended, { kind: 'ended' });
  });

  it('goes back to single pieces when the line becomes slow', async () => {
    const line = new Narrow();
    line.send(new Uint8Array(20 * piece));
    for (const milliseconds of [10, 10, 500, 10]) await line.makesRoom(milliseconds);
    assert.deepEqual(line.calls, [piece, 4 * piece, 4 * piece, piece, 4 * piece]);
  });
});
